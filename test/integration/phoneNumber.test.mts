import { withAmounts } from '../../nodes/PlivoSipTrunking/records/amounts.ts';
import { only } from '../support/elements.mts';
import type { PlivoRecord, Simulator } from '../../simulator/simulator.mts';
import {
	byId,
	closeAccounts,
	type Json,
	listed,
	newAccount,
	run,
	sentTo,
	writesOf,
} from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const route = (id: unknown, kind = 'Zentrunk/Trunk') =>
	`/v1/Account/${plivo.authId}/${kind}/${String(id)}/`;
const inboundTrunk = () =>
	plivo.addTrunk({
		trunk_direction: 'inbound',
		primary_uri_uuid: plivo.addUri().uri_uuid,
	});

describe('get', () => {
	it.each([
		['the list', listed('14155550123')],
		['a number as people write it', byId('+1 (415) 555-0123')],
		['a plain text', '14155550123'],
	])('reads a number picked by %s, with its main fields', async (_, picked) => {
		const { number } = plivo.addNumber({ number: '14155550123', alias: 'Front desk' });
		const { items } = await run(plivo, 'phoneNumber', 'get', { phoneNumber: picked });
		expect(items).toEqual([
			{ json: expect.objectContaining({ number, alias: 'Front desk' }), pairedItem: { item: 0 } },
		]);
		expect(Object.keys(only(items).json)).toHaveLength(10);
		expect(sentTo(plivo)).toEqual([['GET /Number/14155550123/']]);
	});

	it('takes a number from an expression, also one that is no text, and answers all fields', async () => {
		const there = plivo.addNumber({ number: '14155550123' });
		const { json } = await run(
			plivo,
			'phoneNumber',
			'get',
			{ phoneNumber: '={{ $json.number }}', simplify: '={{ $json.simple }}' },
			{ items: [{ number: 14155550123, simple: false }] },
		);
		expect(json).toEqual([withAmounts(there)]);
	});
});

describe('getAll', () => {
	it('reads all, or up to a limit', async () => {
		plivo.seed({ numbers: 25 });
		const numbers = [...plivo.state.numbers.values()].reverse().map(withAmounts);
		const all = await run(plivo, 'phoneNumber', 'getAll', { returnAll: true, simplify: false });
		expect(all.json).toEqual(numbers);
		const some = await run(plivo, 'phoneNumber', 'getAll', { limit: 2, simplify: false });
		expect(some.json).toEqual(numbers.slice(0, 2));
	});

	it('sends every filter that is set, without +, services joined', async () => {
		await run(plivo, 'phoneNumber', 'getAll', {
			filters: {
				type: 'tollfree',
				numberStartsWith: '+1 415',
				alias: 'Front desk',
				subaccount: 'SA1',
				services: ['voice', 'sms'],
			},
		});
		expect(plivo.requests.map(({ query }) => query)).toEqual([
			{
				type: 'tollfree',
				number_startswith: '1415',
				alias: 'Front desk',
				subaccount: 'SA1',
				services: 'voice,sms',
				limit: '20',
				offset: '0',
			},
		]);
	});

	it('takes filters from expressions', async () => {
		const { error } = await run(
			plivo,
			'phoneNumber',
			'getAll',
			{
				filters: {
					type: '={{ $json.type }}',
					numberStartsWith: '={{ $json.start }}',
					services: '={{ $json.services }}',
				},
			},
			{ items: [{ type: 'local', start: '+1', services: ['voice'] }] },
		);
		expect(error).toBeUndefined();
		expect(sentTo(plivo)).toEqual([
			['GET /Number/?number_startswith=1&services=voice&type=local&limit=20&offset=0'],
		]);
	});

	it.each([
		['the list', listed],
		['an id', byId],
		['a plain text', (id: unknown) => id],
	])('finds the numbers of a trunk picked by %s, over all pages', async (_, picked) => {
		const { trunk_id } = inboundTrunk();
		plivo.seed({ numbers: 45 });
		for (const number of plivo.state.numbers.values()) {
			number.application = route(trunk_id, 'Application');
		}
		const there = [1, 2].map(() => plivo.addNumber({ application: route(trunk_id) }));
		const { json } = await run(plivo, 'phoneNumber', 'getAll', {
			filters: { trunkId: picked(trunk_id) },
		});
		expect(json.map(({ number }) => number)).toEqual(there.map(({ number }) => number).reverse());
		expect(sentTo(plivo).map(([line]) => line)).toEqual([
			'GET /Number/?limit=20&offset=0',
			'GET /Number/?limit=20&offset=19',
			'GET /Number/?limit=20&offset=38',
		]);
	});

	it('refuses a trunk that is no id', async () => {
		const { error } = await run(plivo, 'phoneNumber', 'getAll', {
			filters: { trunkId: byId('a/b') },
		});
		expect(error?.message).toContain("'Trunk' is not an ID");
		expect(sentTo(plivo)).toEqual([]);
	});
});

describe('routeToTrunk', () => {
	const routeToTrunk = (number: unknown, trunkId: unknown, items?: Json[]) =>
		run(
			plivo,
			'phoneNumber',
			'routeToTrunk',
			{ phoneNumber: number, trunkId, simplify: false },
			{ items },
		);

	it('routes a number and answers where it went before', async () => {
		const { trunk_id } = inboundTrunk();
		const there = { ...plivo.addNumber({ application: route('9', 'Application') }) };
		const { json } = await routeToTrunk(byId(there.number), listed(trunk_id));
		expect(sentTo(plivo)).toEqual([
			[`GET /Number/${String(there.number)}/`],
			[`GET /Zentrunk/Trunk/${String(trunk_id)}/`],
			[`POST /Number/${String(there.number)}/`, { app_id: trunk_id }],
		]);
		expect(json).toEqual([
			{
				...withAmounts(there),
				application: route(trunk_id),
				previous_application: there.application,
			},
		]);
		expect(plivo.state.numbers.get(String(there.number))?.application).toBe(route(trunk_id));
	});

	it('says null for a number that was routed nowhere', async () => {
		const { trunk_id } = inboundTrunk();
		const { number } = plivo.addNumber();
		const { json } = await routeToTrunk(byId(number), byId(trunk_id));
		expect(only(json).previous_application).toBeNull();
	});

	it('writes nothing where the number is routed so already', async () => {
		const { trunk_id } = inboundTrunk();
		const { number } = plivo.addNumber({ application: route(trunk_id) });
		const { json } = await routeToTrunk(byId(number), byId(trunk_id));
		expect(json[0]).toMatchObject({
			application: route(trunk_id),
			previous_application: route(trunk_id),
		});
		expect(sentTo(plivo).map(([line]) => line.split(' ')[0])).toEqual(['GET', 'GET']);
	});

	it('routes several numbers from expressions, and pairs them with their items', async () => {
		const { trunk_id } = inboundTrunk();
		const numbers = [1, 2, 3].map(() => plivo.addNumber().number);
		const { items } = await routeToTrunk(
			'={{ $json.number }}',
			'={{ $json.trunk }}',
			numbers.map((number) => ({ number, trunk: trunk_id })),
		);
		expect(items.map(({ json, pairedItem }) => [json.number, pairedItem])).toEqual(
			numbers.map((number, item) => [number, { item }]),
		);
		expect([...plivo.state.numbers.values()].map(({ application }) => application)).toEqual([
			route(trunk_id),
			route(trunk_id),
			route(trunk_id),
		]);
	});

	it('refuses an outbound trunk, where the number would stop answering', async () => {
		const { trunk_id } = plivo.addTrunk({ name: 'Out' });
		const { number } = plivo.addNumber();
		const { error } = await routeToTrunk(byId(number), byId(trunk_id));
		expect(error?.message).toBe(
			`Trunk "Out" (${String(trunk_id)}) is outbound, and a number routed to it would stop answering`,
		);
		expect(error?.description).toBe('Choose an inbound trunk.');
		expect(writesOf(plivo)).toEqual([]);
	});

	it('refuses a disabled trunk, unless it is allowed', async () => {
		const { trunk_id } = plivo.addTrunk({
			name: 'Off',
			trunk_direction: 'inbound',
			trunk_status: 'disabled',
			primary_uri_uuid: plivo.addUri().uri_uuid,
		});
		const there = plivo.addNumber({ application: route('9', 'Application') });
		const parameters = { phoneNumber: byId(there.number), trunkId: byId(trunk_id) };
		for (const options of [{}, { allowDisabledTrunk: false }]) {
			const { error } = await run(plivo, 'phoneNumber', 'routeToTrunk', { ...parameters, options });
			expect(error?.message).toBe(
				`Trunk "Off" (${String(trunk_id)}) is disabled, and a number routed to it would stop answering`,
			);
			expect(error?.description).toContain("turn on 'Allow Disabled Trunk'");
		}
		expect(there.application).toBe(route('9', 'Application'));
		const { json } = await run(plivo, 'phoneNumber', 'routeToTrunk', {
			...parameters,
			options: { allowDisabledTrunk: true },
		});
		expect(json[0]).toMatchObject({
			application: route(trunk_id),
			previous_application: route('9', 'Application'),
		});
		expect(there.application).toBe(route(trunk_id));
	});
});

describe('routeToTrunk, to a trunk that takes no calls', () => {
	it.each<[string, PlivoRecord, string]>([
		['of an unknown status', { trunk_status: 'suspended' }, 'is suspended, and'],
		['without a primary URI', { primary_uri_uuid: null }, 'has no primary URI to send calls to'],
		['with an empty one', { primary_uri_uuid: '' }, 'has no primary URI to send calls to'],
	])('%s', async (_what, fields, problem) => {
		const { trunk_id } = plivo.addTrunk({
			name: 'Odd',
			trunk_direction: 'inbound',
			primary_uri_uuid: plivo.addUri().uri_uuid,
			...fields,
		});
		const there = plivo.addNumber({ application: route('9', 'Application') });
		const parameters = { phoneNumber: byId(there.number), trunkId: byId(trunk_id) };
		const { error } = await run(plivo, 'phoneNumber', 'routeToTrunk', parameters);
		expect(error?.message).toContain(`Trunk "Odd" (${String(trunk_id)}) ${problem}`);
		expect(there.application).toBe(route('9', 'Application'));
		const options = { allowDisabledTrunk: true };
		const allowed = await run(plivo, 'phoneNumber', 'routeToTrunk', { ...parameters, options });
		expect(allowed.error).toBeUndefined();
	});

	it('of an unknown direction', async () => {
		const trunk = plivo.addTrunk({ name: 'Odd' });
		trunk.trunk_direction = undefined;
		const { number } = plivo.addNumber();
		const { error } = await run(plivo, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: byId(number),
			trunkId: byId(trunk.trunk_id),
		});
		expect(error?.message).toContain(
			`Trunk "Odd" (${String(trunk.trunk_id)}) is of an unknown direction, and`,
		);
	});

	it.each([
		['trunk_status', undefined],
		['trunk_status', null],
		['trunk_status', ''],
		['primary_uri_uuid', undefined],
	])('an answer whose %s is %p says nothing against it', async (field, value) => {
		const trunk = plivo.addTrunk({ trunk_direction: 'inbound', [field]: value });
		if (field === 'trunk_status') trunk.primary_uri_uuid = plivo.addUri().uri_uuid;
		const { number } = plivo.addNumber();
		const { error } = await run(plivo, 'phoneNumber', 'routeToTrunk', {
			phoneNumber: byId(number),
			trunkId: byId(trunk.trunk_id),
		});
		expect(error).toBeUndefined();
	});
});

describe('routeToApplication', () => {
	const routeToApplication = (applicationId: unknown, items?: Json[]) =>
		run(
			plivo,
			'phoneNumber',
			'routeToApplication',
			{ phoneNumber: byId('14155550123'), applicationId },
			{ items },
		);

	it('routes a number and answers where it went before', async () => {
		const { trunk_id } = inboundTrunk();
		plivo.addNumber({ number: '14155550123', application: route(trunk_id) });
		const { app_id } = plivo.addApplication();
		const { json } = await routeToApplication('={{ $json.id }}', [{ id: app_id }]);
		expect(sentTo(plivo)).toEqual([
			['GET /Number/14155550123/'],
			['POST /Number/14155550123/', { app_id }],
		]);
		expect(json[0]).toMatchObject({
			application: route(app_id, 'Application'),
			previous_application: route(trunk_id),
		});
	});

	it.each([
		['', "'Application ID' is empty"],
		['a/b', '\'Application ID\' is not an ID: it may have only letters, digits, "-" and "_"'],
		[
			21784177241578124,
			"'Application ID' is 21784177241578124: it was turned into a number and lost digits",
		],
		[
			'/v1/Account/MA/Zentrunk/Trunk/21784177241578123/',
			"'Application ID' is the address of a trunk, not of an application",
		],
	])('refuses the id %p', async (id, message) => {
		const { error } = await routeToApplication('={{ $json.id }}', [{ id }]);
		expect(error?.message).toBe(message);
		expect(sentTo(plivo)).toEqual([]);
	});

	it('says what is missing: the number, or the target', async () => {
		const without = await routeToApplication('7');
		expect(without.error?.message).toContain('Plivo has no phone number 14155550123');
		plivo.addNumber({ number: '14155550123' });
		const target = await routeToApplication('7');
		expect(target.error?.message).toContain(
			'Plivo has no phone number 14155550123, or no application or trunk 7',
		);
	});
});
