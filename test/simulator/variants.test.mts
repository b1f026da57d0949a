import type { AxiosInstance } from 'axios';

import { createPlivo } from '../../simulator/plivo.mts';
import { randomFrom } from '../../simulator/random.mts';
import { type Simulator, startSimulator, type Variants } from '../../simulator/simulator.mts';
import { defaultVariants } from '../../simulator/variants.mts';
import { exactly, first, nth, only } from '../support/elements.mts';
import { accountOf, refusalOf } from './account.mts';

let simulator: Simulator;
let account: AxiosInstance;
let clock: number;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => clock, rateLimit: false });
	account = accountOf(simulator);
});

beforeEach(() => {
	clock = Date.parse('2026-11-20T12:00:00Z');
	simulator.reset();
});

afterAll(async () => await simulator.close());

const TRUNK = 'Zentrunk/Trunk/';
const CREDENTIAL = 'Zentrunk/Credential/';
const IP_ACL = 'Zentrunk/IPAccessControlList/';
const URI = 'Zentrunk/URI/';

const set = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);

const trunkBody = (name: string, direction: 'inbound' | 'outbound' = 'outbound') => ({
	name,
	trunk_direction: direction,
	...(direction === 'inbound'
		? { primary_uri_uuid: simulator.addUri().uri_uuid }
		: { credential_uuid: simulator.addCredential().credential_uuid }),
});

const makeTrunk = async (...given: Parameters<typeof trunkBody>) =>
	await account.post(TRUNK, trunkBody(...given));

const makeUri = async (uri: string, name = uri) => await account.post(URI, { name, uri });

describe('names', () => {
	it.each([
		['account', [400, 400]],
		['direction', [400, 201]],
		['none', [201, 201]],
	] as const)(
		'%s: the name again answers %j, in the same and the other direction',
		async (names, statuses) => {
			set({ names });
			await makeTrunk('Office');
			const answers = [await makeTrunk('Office'), await makeTrunk('Office', 'inbound')];
			expect(answers.map(({ status }) => status)).toEqual(statuses);
		},
	);

	it('the refusal is worded as Plivo words it, and makes nothing', async () => {
		await makeTrunk('Office');
		expect((await makeTrunk('Office')).data).toEqual({
			api_id: expect.any(String),
			error: 'A trunk with the same name "Office" already exists',
		});
		expect(simulator.state.trunks.size).toBe(1);
	});

	it('a rename to a taken name is refused; its own name is free, as is that of a deleted one', async () => {
		const [one, other] = exactly(
			2,
			['One', 'Other'].map((name) => simulator.addTrunk(trunkBody(name))),
		);
		const rename = async (name: string) =>
			(await account.post(`${TRUNK}${one.trunk_id}/`, { trunk_direction: 'outbound', name }))
				.status;
		expect(await rename('Other')).toBe(400);
		expect(one.name).toBe('One');
		expect(await rename('One')).toBe(202);
		await account.delete(`${TRUNK}${other.trunk_id}/`);
		expect(await rename('Other')).toBe(202);
	});

	it('direction: a trunk that turns around may meet its name there', async () => {
		set({ names: 'direction' });
		simulator.addTrunk(trunkBody('Office', 'inbound'));
		const { trunk_id } = simulator.addTrunk(trunkBody('Office'));
		const body = trunkBody('Office', 'inbound');
		expect((await account.post(`${TRUNK}${trunk_id}/`, body)).status).toBe(400);
	});
});

describe('taken', () => {
	it.each([
		['400', { api_id: expect.any(String), error: expect.stringContaining('already exists') }],
		['409', { message: expect.stringContaining('duplicate') }],
		['422', { data: { error: expect.stringContaining('already been taken') } }],
	] as const)('%s has words and a shape of its own', async (taken, body) => {
		set({ taken, uri: 'one' });
		await makeTrunk('Office');
		await makeUri('pbx.example.com');
		for (const answer of [await makeTrunk('Office'), await makeUri('pbx.example.com')]) {
			expect(answer.status).toBe(Number(taken));
			expect(Object.keys(answer.data)).toEqual(Object.keys(body));
		}
		expect((await makeTrunk('Office')).data).toEqual(body);
	});
});

describe('othernames', () => {
	const creates = (): Array<[string, object]> => [
		[URI, { name: 'Office', uri: 'pbx.example.com' }],
		[CREDENTIAL, { name: 'Office', username: 'pbxuser1', password: 'Secret#123' }],
		[IP_ACL, { name: 'Office', ip_addresses: ['203.0.113.1'] }],
	];

	it.each([
		['none', 201],
		['unique', 400],
	] as const)('%s: the second one of a name answers %d', async (othernames, status) => {
		set({ othernames });
		for (const [path, body] of creates()) {
			expect((await account.post(path, body)).status).toBe(201);
			expect((await account.post(path, body)).status).toBe(status);
		}
	});

	it('unique: no name at all is no name that is taken', async () => {
		set({ othernames: 'unique' });
		for (const uri of ['a.example.com', 'b.example.com']) {
			expect((await account.post(URI, { uri })).status).toBe(201);
		}
	});
});

describe('uri', () => {
	it('many: several records have one address', async () => {
		expect((await makeUri('pbx.example.com', 'A')).status).toBe(201);
		expect((await makeUri('pbx.example.com', 'B')).status).toBe(201);
	});

	it('one: a second record is refused, and an update to a taken address', async () => {
		set({ uri: 'one' });
		await makeUri('pbx.example.com', 'A');
		const refusal = [400, 'Origination URI Already Exists'];
		expect(refusalOf(await makeUri('pbx.example.com', 'B'))).toEqual(refusal);
		const { uri_uuid } = (await makeUri('other.example.com')).data;
		const update = { uri: 'pbx.example.com' };
		expect(refusalOf(await account.post(`${URI}${uri_uuid}/`, update))).toEqual(refusal);
	});
});

describe('clear', () => {
	it.each([
		['refused', 400, 'route'],
		['clears', 202, null],
		['ignored', 202, 'route'],
	] as const)('%s: an empty app_id answers %d and leaves %p', async (clear, status, route) => {
		set({ clear });
		const number = simulator.addNumber({ application: 'route' });
		const path = `Number/${number.number}/`;
		expect((await account.post(path, { app_id: null })).data.message).toBe('changed');
		expect(number.application).toBe('route');
		expect((await account.post(path, { app_id: '' })).status).toBe(status);
		expect(number.application).toBe(route);
	});
});

describe('detach', () => {
	it('dead: the numbers of a deleted trunk still name it, also when its URI took it along', async () => {
		set({ detach: 'dead' });
		const trunks = ['One', 'Other'].map((name) => simulator.addTrunk(trunkBody(name, 'inbound')));
		const numbers = trunks.map(({ trunk_id }) =>
			simulator.addNumber({
				application: `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${trunk_id}/`,
			}),
		);
		await account.delete(`${TRUNK}${first(trunks).trunk_id}/`);
		await account.delete(`${URI}${nth(trunks, 1).primary_uri_uuid}/`);
		expect(simulator.state.trunks.size).toBe(0);
		expect(numbers.map(({ application }) => application)).toEqual(
			trunks.map(({ trunk_id }) => expect.stringContaining(String(trunk_id))),
		);
	});
});

describe('order', () => {
	const idsOf = async (query = '') =>
		(await account.get(`${TRUNK}${query}`)).data.objects.map(
			({ trunk_id }: { trunk_id: string }) => trunk_id,
		);

	it('is newest first, oldest first or by id', async () => {
		for (const trunk_id of ['2', '3', '1']) simulator.addTrunk({ trunk_id });
		expect(await idsOf()).toEqual(['1', '3', '2']);
		set({ order: 'oldest' });
		expect(await idsOf()).toEqual(['2', '3', '1']);
		set({ order: 'id' });
		expect(await idsOf()).toEqual(['1', '2', '3']);
	});

	it('unstable: records of one second change places from page to page, and no others', async () => {
		set({ order: 'unstable' });
		for (const trunk_id of ['1', '2']) simulator.addTrunk({ trunk_id });
		clock += 1000;
		simulator.addTrunk({ trunk_id: '3' });
		const [one, other] = [await idsOf(), await idsOf()];
		expect([one[0], other[0]]).toEqual(['3', '3']);
		expect([...one].sort()).toEqual(['1', '2', '3']);
		expect(other).toEqual([one[0], one[2], one[1]]);
	});

	it('unstable: pages overlap and leave records out, calls of one second too', async () => {
		set({ order: 'unstable' });
		simulator.seed({ trunks: 40 });
		for (let calls = 0; calls < 40; calls++) simulator.addCall();
		for (const [path, id] of [
			[TRUNK, 'trunk_id'],
			['Zentrunk/Call/', 'call_uuid'],
		] as const) {
			const seen = new Set();
			for (const offset of [0, 20]) {
				const { data } = await account.get(`${path}?offset=${offset}`);
				for (const record of data.objects) seen.add(record[id]);
			}
			expect(seen.size).toBeLessThan(40);
		}
	});
});

describe('late', () => {
	it('a new record is in lists and counts only then; itself it can be read at once', async () => {
		set({ late: 3000 });
		const { uri_uuid } = (await makeUri('pbx.example.com')).data;
		const listed = async () => {
			const { meta, objects } = (await account.get(URI)).data;
			return [meta.total_count, objects.length];
		};
		expect((await account.get(`${URI}${uri_uuid}/`)).status).toBe(200);
		clock += 2999;
		expect(await listed()).toEqual([0, 0]);
		clock += 1;
		expect(await listed()).toEqual([1, 1]);
	});

	it('its name is taken at once', async () => {
		set({ late: 3000 });
		await makeTrunk('Office');
		expect((await makeTrunk('Office')).status).toBe(400);
	});

	it('is for what requests make, rented numbers too, not for what a test adds', async () => {
		set({ late: 3000 });
		simulator.addNumber();
		await account.post('PhoneNumber/14155770001/', {});
		expect((await account.get('Number/')).data.meta.total_count).toBe(1);
		clock += 3000;
		expect((await account.get('Number/')).data.meta.total_count).toBe(2);
	});
});

describe('time', () => {
	it.each([
		['T', '2026-11-20T12:00:00Z'],
		['space', '2026-11-20 12:00:00'],
		['missing', undefined],
	] as const)('%s: %s', async (time, text) => {
		set({ time });
		const { trunk_id } = (await makeTrunk('Office')).data;
		const one = (await account.get(`${TRUNK}${trunk_id}/`)).data.object;
		const [listed] = (await account.get(TRUNK)).data.objects;
		for (const trunk of [one, listed]) {
			expect([trunk.created_at, trunk.updated_at]).toEqual([text, text]);
		}
	});
});

describe('date', () => {
	it("is the account's clock, or missing", async () => {
		expect((await account.get(TRUNK)).headers.date).toBe('Fri, 20 Nov 2026 12:00:00 GMT');
		set({ date: 'missing' });
		expect((await account.get(TRUNK)).headers).not.toHaveProperty('date');
	});
});

describe('retryafter', () => {
	it.each([
		['seconds', '7', undefined],
		['none', undefined, undefined],
		['date', 'Fri, 20 Nov 2026 12:00:07 GMT', 'Fri, 20 Nov 2026 12:10:00 GMT'],
	] as const)('%s: a fault says %s, the rate limit %s', async (retryafter, fault, limit) => {
		set({ retryafter });
		const tooMany = { kind: 'status', status: 429, retryAfter: 7 } as const;
		simulator.faults.add({ times: 1, faults: [tooMany] });
		expect((await account.get(TRUNK)).headers['retry-after']).toBe(fault);
		simulator.options.rateLimit = { requests: 0, windowMs: 600_000 };
		const refused = await account.get(TRUNK);
		expect([refused.status, refused.headers['retry-after']]).toEqual([429, limit]);
	});
});

describe('secure', () => {
	it.each([
		['accepted', 201, true],
		['ignored', 201, false],
		['refused', 400, undefined],
	] as const)('%s: an inbound trunk with it answers %d', async (secure, status, kept) => {
		set({ secure });
		const inbound = { ...trunkBody('In', 'inbound'), secure: true };
		expect((await account.post(TRUNK, inbound)).status).toBe(status);
		expect([...simulator.state.trunks.values()].at(0)?.secure).toBe(kept);
		const outbound = { ...trunkBody('Out'), secure: true };
		expect((await account.post(TRUNK, outbound)).status).toBe(201);
		const { trunk_id } = simulator.addTrunk(trunkBody('Other', 'inbound'));
		const update = { trunk_direction: 'inbound', secure: true };
		const updated = (await account.post(`${TRUNK}${trunk_id}/`, update)).status;
		expect(updated).toBe(status === 400 ? 400 : 202);
		expect(simulator.state.trunks.get(String(trunk_id))?.secure).toBe(kept ?? false);
	});
});

describe('hooks', () => {
	it('a record can come or go between two pages', async () => {
		simulator.seed({ uris: 40 });
		const newest = nth(simulator.state.uris.keys(), -1);
		const remove = simulator.onRequest(({ query }) => {
			if (query.offset === '20') simulator.state.uris.delete(newest);
		});
		const idsFrom = async (offset: number) =>
			(await account.get(`${URI}?offset=${offset}`)).data.objects.map(
				({ uri_uuid }: { uri_uuid: string }) => uri_uuid,
			);
		const ids = [...(await idsFrom(0)), ...(await idsFrom(20))];
		expect(ids).toHaveLength(39);
		remove();
		simulator.addUri({ uri_uuid: newest });
		await idsFrom(20);
		expect(simulator.state.uris.has(newest)).toBe(true);
	});

	it('refuseWrites: every write is a 403 and noted, whatever fault it would have met', async () => {
		simulator.refuseWrites = true;
		simulator.faults.add({ method: 'POST', faults: [{ kind: 'slow' }] });
		expect((await makeUri('pbx.example.com')).status).toBe(403);
		expect((await account.get(URI)).status).toBe(200);
		expect(simulator.refusedWrites).toMatchObject([{ method: 'POST', path: `/${URI}` }]);
		simulator.reset();
		expect((await makeUri('pbx.example.com')).status).toBe(201);
	});
});

describe('createPlivo', () => {
	const plivoWith = (variants: Partial<Variants> = {}) => {
		const waiting: Array<[ms: number, work: () => void]> = [];
		const plivo = createPlivo({
			now: () => clock,
			random: randomFrom(1),
			later: (ms, work) => waiting.push([ms, work]),
			variants,
		});
		return { plivo, waiting };
	};
	const LIST = { name: 'Office', ip_addresses: ['203.0.113.1'] };
	const MAKE = { method: 'POST', path: `/${IP_ACL}`, body: LIST };

	it('answers without a server, and the same for the same random numbers', () => {
		const [one, other] = [plivoWith().plivo, plivoWith().plivo];
		const answer = one.answer(MAKE);
		expect(answer).toMatchObject({ status: 201, body: { message: 'created' } });
		expect(other.answer(MAKE)).toEqual(answer);
		expect(one.answer({ method: 'GET', path: `/${IP_ACL}` }).body).toMatchObject({
			objects: [LIST],
		});
	});

	it('receive: with faults, whose late work the given clock does', () => {
		const { plivo, waiting } = plivoWith({ slow: 700 });
		plivo.faults.add({ nth: 1, faults: [{ kind: 'slow', as: 'hang' }] });
		expect(plivo.receive(MAKE)).toEqual({ kind: 'hang' });
		expect([plivo.state.ipacls.size, plivo.unfinished]).toEqual([0, 1]);
		expect(only(waiting)[0]).toBe(700);
		only(waiting)[1]();
		expect([plivo.state.ipacls.size, plivo.unfinished]).toEqual([1, 0]);
		expect(plivo.receive(MAKE)).toMatchObject({ kind: 'answer', answer: { status: 201 } });
	});

	it('reset: what was waiting is not done any more', () => {
		const { plivo, waiting } = plivoWith();
		plivo.receive(MAKE, { kind: 'slow' });
		plivo.reset();
		only(waiting)[1]();
		expect(plivo.state.ipacls.size).toBe(0);
	});

	it('trunk ids have 17 digits', () => {
		const { plivo } = plivoWith();
		for (let made = 0; made < 50; made++) plivo.add('trunks');
		for (const id of plivo.state.trunks.keys()) expect(id).toMatch(/^\d{17}$/);
	});

	it('is fast enough for thousands of histories a minute', () => {
		const began = performance.now();
		for (let history = 0; history < 200; history++) {
			const { plivo } = plivoWith();
			for (let turn = 0; turn < 20; turn++) {
				plivo.receive(MAKE);
				plivo.receive({ method: 'GET', path: `/${IP_ACL}`, query: { offset: '0' } });
			}
		}
		expect(performance.now() - began).toBeLessThan(5000);
	});

	it('an unknown variant or value is an error that names the choices', () => {
		const unknown = { nmes: 'none' } as Partial<Variants>;
		expect(() => createPlivo({ variants: unknown })).toThrow(
			'"nmes" is none of the variants names, ',
		);
		const wrong = { names: 'galaxy' } as unknown as Partial<Variants>;
		expect(() => createPlivo({ variants: wrong })).toThrow(
			'variant names is one of account, direction, none, not "galaxy"',
		);
		const late = { late: -1 };
		expect(() => createPlivo({ variants: late })).toThrow('variant late takes milliseconds');
		expect(createPlivo().variants).toEqual(defaultVariants());
	});
});
