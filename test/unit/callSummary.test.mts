import fc from '../support/fastCheck.mts';

import {
	createCallSummary,
	type CallGrouping,
} from '../../nodes/PlivoSipTrunking/knowledge/callSummary.ts';
import { only } from '../support/elements.mts';

type Call = Record<string, unknown>;

const answered: Call = {
	trunk_domain: '1.zt.plivo.com',
	call_direction: 'outbound',
	hangup_cause_code: 3000,
	hangup_cause_name: 'normal_hangup',
	from_country: 'US',
	to_country: 'DE',
	answer_time: '2026-10-01 09:59:00',
	end_time: '2026-10-01 10:00:30',
	call_duration: '95',
	bill_duration: '120',
	billed_duration: '120',
	total_amount: '0.10',
};
const busy: Call = {
	...answered,
	hangup_cause_code: '4410',
	hangup_cause_name: 'user_busy',
	answer_time: null,
	end_time: '2026-10-02 00:00:00',
	call_duration: '0',
	bill_duration: '0',
	billed_duration: '0',
	total_amount: '0.00000',
};
const failed: Call = { ...busy, hangup_cause_code: 4190, hangup_cause_name: 'unknown_caller_id' };

function summarize(groupBy: CallGrouping, calls: Call[]) {
	const summary = createCallSummary(groupBy);
	calls.forEach((call) => summary.add(call));
	return summary.rows();
}

const figures = (calls: number) => ({
	calls,
	answered: 0,
	answered_rate: 0,
	faults: 0,
	fault_rate: 0,
	talk_minutes: 0,
	mean_talk_seconds: 0,
	billed_minutes: 0,
	cost: 0,
});

describe('the figures of a summary', () => {
	it('adds up all calls without grouping', () => {
		expect(
			summarize('', [answered, { ...answered, call_duration: 32, billed_duration: 60 }, busy]),
		).toEqual([
			{
				calls: 3,
				answered: 2,
				answered_rate: 0.6667,
				faults: 0,
				fault_rate: 0,
				talk_minutes: 2.12,
				mean_talk_seconds: 63.5,
				billed_minutes: 3,
				cost: 0.2,
			},
		]);
	});

	it('has one row of zeros without calls and without grouping', () => {
		expect(summarize('', [])).toEqual([figures(0)]);
	});

	it('counts faults, and a busy callee as none', () => {
		expect(summarize('', [failed, busy, answered])).toMatchObject([
			{ faults: 1, fault_rate: 0.3333 },
		]);
	});

	it('never takes what is billed for how long people talked', () => {
		// plivo-cli's production record of a call of 32 s.
		const real = {
			answer_time: '2026-10-01 09:59:00',
			call_duration: 32,
			bill_duration: 60,
			billed_duration: 60,
		};
		expect(summarize('', [real])).toMatchObject([
			{ talk_minutes: 0.53, mean_talk_seconds: 32, billed_minutes: 1 },
		]);
		const { call_duration: _talk, ...billed } = real;
		expect(summarize('', [billed])).toMatchObject([
			{ answered: 1, talk_minutes: 0, mean_talk_seconds: 0, billed_minutes: 1 },
		]);
		// A call whose talk time isn't told doesn't pull the mean down.
		expect(summarize('', [real, billed])).toMatchObject([
			{ answered: 2, mean_talk_seconds: 32, billed_minutes: 2 },
		]);
	});

	it('falls back from what was billed to what is to be billed', () => {
		const rest = { answer_time: '2026-10-01 09:59:00' };
		expect(summarize('', [{ ...rest, bill_duration: '30' }])).toMatchObject([
			{ billed_minutes: 0.5 },
		]);
	});

	it('adds up money without the noise of binary fractions', () => {
		const cents = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 200 });
		fc.assert(
			fc.property(cents, (amounts) => {
				const calls = amounts.map((amount) => ({ total_amount: (amount / 1e5).toFixed(5) }));
				const total = amounts.reduce((sum, amount) => sum + amount, 0);
				expect(only(summarize('', calls)).cost).toBe(Number((total / 1e5).toFixed(5)));
			}),
		);
		expect(only(summarize('', Array<Call>(10).fill({ total_amount: '0.1' }))).cost).toBe(1);
	});

	it('keeps nothing of a call but its figures', () => {
		const summary = createCallSummary('trunk');
		for (let index = 0; index < 100_000; index += 1) {
			summary.add({ ...answered, trunk_domain: `${index % 3}`, call_uuid: `${index}` });
		}
		expect(summary.rows().map((row) => row.calls)).toEqual([33_334, 33_333, 33_333]);
		expect(summary.rows()).toHaveLength(3);
	});
});

describe('the groups of a summary', () => {
	it.each(['trunk', 'hangupCauseCode', 'country', 'day'] as const)(
		'has no rows by %s without calls',
		(groupBy) => {
			expect(summarize(groupBy, [])).toEqual([]);
		},
	);

	it('groups by trunk, the busiest first', () => {
		const other = { ...busy, trunk_domain: '2.zt.plivo.com' };
		expect(summarize('trunk', [answered, other, other])).toMatchObject([
			{ trunk_domain: '2.zt.plivo.com', calls: 2 },
			{ trunk_domain: '1.zt.plivo.com', calls: 1 },
		]);
	});

	it('puts equally busy groups in the order of their names', () => {
		const calls = ['c', 'a', 'b'].map((trunk_domain) => ({ trunk_domain }));
		expect(summarize('trunk', calls).map((row) => row.trunk_domain)).toEqual(['a', 'b', 'c']);
	});

	it('groups by hangup code, with its name and meaning', () => {
		expect(
			summarize('hangupCauseCode', [failed, { ...busy, hangup_cause_name: null }, busy]),
		).toMatchObject([
			{
				hangup_cause_code: '4410',
				hangup_cause_name: 'user_busy',
				meaning: 'The callee was busy.',
				calls: 2,
			},
			{ hangup_cause_code: '4190', hangup_cause_name: 'unknown_caller_id', calls: 1, faults: 1 },
		]);
	});

	it('says both meanings of a code that came in both directions, in whatever order', () => {
		const calls = [busy, { ...busy, call_direction: 'inbound' }, busy];
		const meaning = expect.stringMatching(
			/^The callee was busy\. Your PBX or platform answered that it is busy .*\.$/,
		) as unknown;
		expect(summarize('hangupCauseCode', calls)).toMatchObject([{ meaning, calls: 3, faults: 1 }]);
		expect(summarize('hangupCauseCode', calls.reverse())).toMatchObject([{ meaning }]);
	});

	it('groups by the country at the other end', () => {
		const calls = [
			answered,
			{ ...answered, call_direction: 'Inbound' },
			{ ...answered, from_country: 'FR' },
		];
		expect(summarize('country', calls)).toMatchObject([
			{ country: 'DE', calls: 2 },
			{ country: 'US', calls: 1 },
		]);
	});

	it('groups by day, in the order of days', () => {
		expect(summarize('day', [busy, failed, answered])).toMatchObject([
			{ day: '2026-10-01', calls: 1 },
			{ day: '2026-10-02', calls: 2 },
		]);
	});

	it.each([
		['trunk', { trunk_domain: 'unknown' }],
		[
			'hangupCauseCode',
			{
				hangup_cause_code: 'unknown',
				hangup_cause_name: '',
				meaning: 'Plivo recorded no reason for the end of the call.',
			},
		],
		['country', { country: 'unknown' }],
		['day', { day: 'unknown' }],
		['', {}],
	] as const)('takes records without any field, grouped by "%s"', (groupBy, key) => {
		const nulls = Object.fromEntries(Object.keys(answered).map((field) => [field, null]));
		expect(summarize(groupBy, [{}, nulls])).toEqual([{ ...key, ...figures(2) }]);
	});

	it('goes by code: of several names of one code, the same is shown in whatever order', () => {
		const calls = ['user_busy', 'busy_on_every_line', null, 'customer_busy'].map(
			(hangup_cause_name) => ({ ...busy, hangup_cause_name }),
		);
		for (const order of [calls, [...calls].reverse()]) {
			expect(summarize('hangupCauseCode', order)).toMatchObject([
				{
					hangup_cause_code: '4410',
					hangup_cause_name: 'busy_on_every_line',
					meaning: 'The callee was busy.',
					calls: 4,
				},
			]);
		}
	});

	it('loses no call to grouping, whatever the records hold', () => {
		const call = fc.record(
			{
				trunk_domain: fc.oneof(fc.constantFrom('a', 'b'), fc.anything()),
				hangup_cause_code: fc.oneof(fc.constantFrom(3000, '4410', 4190), fc.anything()),
				call_direction: fc.constantFrom('inbound', 'outbound', null),
				to_country: fc.oneof(fc.constantFrom('US', 'DE'), fc.anything()),
				end_time: fc.oneof(
					fc.constantFrom('2026-10-01 00:00:00', '2026-10-02 00:00:00'),
					fc.anything(),
				),
				bill_duration: fc.oneof(fc.nat(), fc.anything()),
				total_amount: fc.oneof(fc.constantFrom('0.01', 0.02), fc.anything()),
			},
			{ requiredKeys: [] },
		);
		const grouping = fc.constantFrom<CallGrouping>(
			'trunk',
			'hangupCauseCode',
			'country',
			'day',
			'',
		);
		fc.assert(
			fc.property(fc.array(call), grouping, (calls, groupBy) => {
				const rows = summarize(groupBy, calls);
				const sum = (field: 'calls' | 'answered' | 'faults') =>
					rows.reduce((total, row) => total + row[field], 0);
				const all = only(summarize('', calls));
				expect([sum('calls'), sum('answered'), sum('faults')]).toEqual([
					calls.length,
					all.answered,
					all.faults,
				]);
				for (const row of rows) {
					expect(row.answered_rate).toBeGreaterThanOrEqual(0);
					expect(row.answered_rate).toBeLessThanOrEqual(1);
					expect(row.fault_rate).toBeLessThanOrEqual(1);
				}
			}),
		);
	});
});
