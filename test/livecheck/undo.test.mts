import { type PlivoRecord, type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { check, fill, NUMBER, snapshotOf, TWO_PAGES } from './account.mts';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false });
});

beforeEach(() => {
	simulator.reset();
	fill(simulator, { records: TWO_PAGES });
});

afterAll(async () => await simulator.close());

const seenOf = (result: Awaited<ReturnType<typeof check>>, id: string) =>
	result.findings.find((finding) => finding.id === id);

const LEFT = 'check-0123abcd';

/** What a run leaves that is killed in the middle. */
function leave(): { uri: PlivoRecord; trunk: PlivoRecord } {
	simulator.addCredential({ name: `${LEFT}-one` });
	simulator.addIpAcl({ name: `${LEFT}-one` });
	const uri = simulator.addUri({ name: `${LEFT}-one` });
	const trunk = simulator.addTrunk({
		name: `${LEFT}-secure`,
		trunk_direction: 'inbound',
		primary_uri_uuid: uri.uri_uuid,
	});
	return { uri, trunk };
}

it('leftovers are told of without --write, and removed with it', async () => {
	const before = snapshotOf(simulator);
	leave();
	const left = snapshotOf(simulator);
	const reading = await check(simulator, { write: false });
	expect(seenOf(reading, 'leftovers')).toMatchObject({
		verdict: 'different',
		seen: expect.stringMatching('run again with --write'),
	});
	expect(snapshotOf(simulator)).toBe(left);
	const writing = await check(simulator);
	expect(seenOf(writing, 'leftovers')).toMatchObject({ verdict: 'expected' });
	expect(snapshotOf(simulator)).toBe(before);
});

it('what is only named alike stays', async () => {
	for (const name of [
		'check-',
		'check-in',
		'check-0123abcd',
		'check-0123abcz-a',
		'a check-0123abcd-b',
	]) {
		simulator.addTrunk({ name });
		simulator.addCredential({ name });
	}
	const before = snapshotOf(simulator);
	expect(seenOf(await check(simulator), 'leftovers')?.seen).toBe('nothing');
	expect(snapshotOf(simulator)).toBe(before);
});

it('a URI that a trunk of the user has come to use stays, and is named', async () => {
	const { uri } = leave();
	const trunk = simulator.addTrunk({
		name: 'Mine',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri.uri_uuid,
	});
	const result = await check(simulator);
	expect(seenOf(result, 'leftovers')).toMatchObject({
		verdict: 'different',
		seen: expect.stringMatching('is used by a trunk of yours'),
	});
	expect(simulator.state.trunks.has(String(trunk.trunk_id))).toBe(true);
	expect(simulator.state.uris.has(String(uri.uri_uuid))).toBe(true);
});

it('a trunk with a number of the user stays, and is named', async () => {
	const { trunk } = leave();
	const number = simulator.state.numbers.get(NUMBER) as PlivoRecord;
	const { application } = number;
	number.application = `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(trunk.trunk_id)}/`;
	const result = await check(simulator);
	expect(seenOf(result, 'leftovers')?.seen).toMatch('has a number routed to it');
	expect(number.application).not.toBe(application);
	expect(simulator.state.trunks.has(String(trunk.trunk_id))).toBe(true);
});

describe('a run that was killed while a number was routed elsewhere', () => {
	const route = (id: unknown) => `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(id)}/`;

	it.each([
		['to its trunk', (trunk: PlivoRecord) => route(trunk.trunk_id)],
		['to a trunk of it that is gone', () => route('21784199900000042')],
		['nowhere', () => null],
	])('%s: the next run gives it its route back', async (_where, applicationOf) => {
		const before = snapshotOf(simulator);
		const number = simulator.state.numbers.get(NUMBER) as PlivoRecord;
		const id = String(number.application).split('/').at(-2) ?? '';
		const { trunk } = leave();
		simulator.addIpAcl({ name: `${LEFT}-back-${NUMBER}-trunk-${id}` });
		number.application = applicationOf(trunk);
		await check(simulator);
		expect(snapshotOf(simulator)).toBe(before);
	});

	it('and that somebody has routed since keeps that route', async () => {
		const number = simulator.state.numbers.get(NUMBER) as PlivoRecord;
		const id = String(number.application).split('/').at(-2) ?? '';
		simulator.addIpAcl({ name: `${LEFT}-back-${NUMBER}-trunk-${id}` });
		const other = simulator.addTrunk({ trunk_direction: 'inbound' });
		number.application = route(other.trunk_id);
		const { ipacls } = simulator.state;
		const lists = ipacls.size;
		await check(simulator);
		expect(number.application).toBe(route(other.trunk_id));
		expect(ipacls.size).toBe(lists - 1);
	});

	it('and whose way back is gone: said, and the note of it stays', async () => {
		const number = simulator.state.numbers.get(NUMBER) as PlivoRecord;
		const { trunk } = leave();
		const note = simulator.addIpAcl({ name: `${LEFT}-back-${NUMBER}-trunk-21784199900000043` });
		number.application = route(trunk.trunk_id);
		const result = await check(simulator);
		expect(seenOf(result, 'leftovers')?.seen).toMatch('does not have its route back');
		expect(simulator.state.ipacls.has(String(note.ipacl_uuid))).toBe(true);
	});
});

describe('a number', () => {
	const untold = async (number: string) =>
		seenOf(await check(simulator, { number }), 'number.clear')?.seen;

	it.each([
		[
			'that is not on the account',
			/not on this account/,
			() => void simulator.state.numbers.delete(NUMBER),
		],
		[
			'without a route',
			/no route to a trunk or application/,
			(number: PlivoRecord) => void (number.application = null),
		],
		[
			'whose trunk is gone',
			/is gone, so that it could not be routed back/,
			(number: PlivoRecord) =>
				void (number.application = `/v1/Account/${simulator.authId}/Zentrunk/Trunk/21784199900000044/`),
		],
	])('%s is left alone', async (_what, why, change) => {
		change(simulator.state.numbers.get(NUMBER) as PlivoRecord);
		const before = snapshotOf(simulator);
		expect(await untold(NUMBER)).toMatch(why);
		expect(
			simulator.requests.filter(
				({ method, path }) => method === 'POST' && path.startsWith('/Number/'),
			),
		).toEqual([]);
		expect(snapshotOf(simulator)).toBe(before);
	});
});

it('what can not be removed is told with the remedy', async () => {
	simulator.faults.add({
		method: 'DELETE',
		path: '/Credential/',
		faults: [{ kind: 'status', status: 500 }],
	});
	const result = await check(simulator);
	expect(seenOf(result, 'removed')).toMatchObject({ verdict: 'different' });
	expect(result.left).toEqual(['a record named check-… (credential) could not be removed']);
});
