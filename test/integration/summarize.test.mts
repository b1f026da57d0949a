import type { INodeParameters } from 'n8n-workflow';

import { isFault } from '../../nodes/PlivoSipTrunking/knowledge/hangup.ts';
import type { PlivoRecord, Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, run } from '../support/account.mts';
import { only } from '../support/elements.mts';
import type { NodeRun } from '../support/engine.mts';

/** One for all tests, which only read it: thousands of calls. */
let plivo: Simulator;

beforeAll(async () => {
	plivo = await newAccount();
	plivo.seed({ trunks: 4, calls: 600 });
});

beforeEach(() => plivo.clearRequests());

afterEach(() => plivo.faults.clear());

afterAll(closeAccounts);

const summarize = async (parameters: INodeParameters = {}, account = plivo): Promise<NodeRun> =>
	await run(account, 'call', 'summarize', parameters);

const calls = (account = plivo) => [...account.state.calls.values()];

const sum = (records: PlivoRecord[], field: string) =>
	records.reduce((total, record) => total + Number(record[field]), 0);

/** The figures of a group, added up in the plainest way. */
function figuresOf(group: PlivoRecord[]) {
	const answered = group.filter(({ answer_time }) => answer_time);
	const faults = group.filter(isFault);
	return {
		calls: group.length,
		answered: answered.length,
		answered_rate: expect.closeTo(answered.length / group.length, 4) as unknown,
		faults: faults.length,
		fault_rate: expect.closeTo(faults.length / group.length, 4) as unknown,
		talk_minutes: expect.closeTo(sum(group, 'call_duration') / 60, 2) as unknown,
		mean_talk_seconds: expect.closeTo(
			answered.length === 0 ? 0 : sum(answered, 'call_duration') / answered.length,
			1,
		) as unknown,
		billed_minutes: expect.closeTo(sum(group, 'billed_duration') / 60, 2) as unknown,
		cost: expect.closeTo(sum(group, 'total_amount'), 5) as unknown,
	};
}

it('adds up 5,000 calls, a page at a time', async () => {
	const large = await newAccount({ authId: 'MALARGE' });
	large.seed({ calls: 5_000 });
	const { json, error } = await summarize({}, large);
	expect(error).toBeUndefined();
	expect(json).toEqual([figuresOf(calls(large))]);
	// Pages overlap by one record.
	expect(large.requests).toHaveLength(Math.ceil((5_000 - 1) / 19));
}, 20_000);

it.each<[string, string, (call: PlivoRecord) => unknown]>([
	['trunk', 'trunk_domain', (call) => call.trunk_domain],
	['hangupCauseCode', 'hangup_cause_code', (call) => String(call.hangup_cause_code)],
	[
		'country',
		'country',
		(call) => (call.call_direction === 'inbound' ? call.from_country : call.to_country),
	],
	['day', 'day', (call) => String(call.end_time).slice(0, 10)],
])('adds up by %s', async (groupBy, field, keyOf) => {
	const groups = new Map<unknown, PlivoRecord[]>();
	for (const call of calls()) {
		groups.set(keyOf(call), [...(groups.get(keyOf(call)) ?? []), call]);
	}
	const { json } = await summarize({ groupBy });
	expect(groups.size).toBeGreaterThan(1);
	expect(new Map(json.map((row) => [row[field], row]))).toEqual(
		new Map(
			[...groups].map(([key, group]) => [
				key,
				expect.objectContaining({ [field]: key, ...figuresOf(group) }) as unknown,
			]),
		),
	);
	expect(json).toHaveLength(groups.size);
});

it('adds up what the filters let through', async () => {
	const filters = { callDirection: 'inbound', hangupCauseCode: '4410', endedAfter: '2020-01-01' };
	const refused = await summarize({ filters });
	expect(refused.error?.message).toBe("'Ended After' is more than 90 days ago");
	expect(plivo.requests).toEqual([]);

	const since = new Date(Date.now() - 10 * 86_400_000).toISOString();
	const { json } = await summarize({ filters: { ...filters, endedAfter: since } });
	const group = calls().filter(
		({ call_direction, hangup_cause_code, end_time }) =>
			call_direction === 'inbound' &&
			hangup_cause_code === 4410 &&
			String(end_time) >= since.slice(0, 19).replace('T', ' '),
	);
	expect(group.length).toBeGreaterThan(0);
	expect(json).toEqual([figuresOf(group)]);
});

it('counts no call twice that moves to the next page, and those that came meanwhile', async () => {
	let requests = 0;
	plivo.options.now = () => {
		if (++requests % 10 === 0) {
			// The new call asks for the time as well.
			requests++;
			plivo.addCall();
		}
		return Date.now();
	};
	const before = plivo.state.calls.size;
	const { json } = await summarize();
	plivo.options.now = Date.now;
	const after = plivo.state.calls.size;
	expect(after).toBeGreaterThan(before);
	expect(only(json).calls).toBeGreaterThanOrEqual(before);
	expect(only(json).calls).toBeLessThanOrEqual(after);
});

it('gets over failures of single pages', async () => {
	plivo.faults.add({
		from: 3,
		times: 3,
		faults: [{ kind: 'status', status: 503 }, { kind: 'reset' }],
	});
	const { json, error } = await summarize();
	expect(error).toBeUndefined();
	expect(json).toEqual([figuresOf(calls())]);
});

it('answers one row of zeros for no calls, and none by group', async () => {
	const filters = { fromNumber: '999*' };
	const { json } = await summarize({ filters });
	expect(json).toEqual([
		expect.objectContaining({ calls: 0, answered_rate: 0, fault_rate: 0, cost: 0 }),
	]);
	expect((await summarize({ filters, groupBy: 'day' })).json).toEqual([]);
});

it.each<[string, INodeParameters]>([
	['\'Group By\' is "week"', { groupBy: '={{ "week" }}' }],
	['\'Group By\' is "month"', { options: { groupBy: '={{ "month" }}' } }],
	[
		'\'Ended After\' is "yesterday-ish", which is not a date',
		{ filters: { endedAfter: 'yesterday-ish' } },
	],
	[
		"'Ended After' is later than 'Ended Before'",
		{ filters: { endedAfter: new Date().toISOString(), endedBefore: '2020-01-01' } },
	],
	[
		"'Minimum Duration' is greater than 'Maximum Duration'",
		{ filters: { minDuration: 2, maxDuration: 1 } },
	],
	[
		'\'Direction\' is "sideways", which is not one of the choices',
		{ filters: { callDirection: 'sideways' } },
	],
])('refuses before any request: %s', async (message, parameters) => {
	const { error } = await summarize(parameters);
	expect(error?.message).toContain(message);
	expect(plivo.requests).toEqual([]);
});
