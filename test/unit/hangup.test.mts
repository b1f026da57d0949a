import fc from '../support/fastCheck.mts';

import { explainHangup, isFault } from '../../nodes/PlivoSipTrunking/knowledge/hangup.ts';

/** Every code of plivo.com/docs/sip-trunking/troubleshooting/zentrunk-hangup-codes, and 4650 of the geo permissions page. */
const CODES = `
	3000 3010 3020 3030 3040
	4000 4010 4020 4030 4040 4050 4060 4070 4080 4090 4100 4110 4120 4130 4140 4150 4160 4170 4180 4190 4200
	4220 4230 4270 4310 4320 4330 4340 4350 4360 4370 4380 4410 4420 4430 4440 4500 4520 4540 4550 4560 4570
	4580 4590 4610 4620 4630 4640 4650
	5000 5010 5020 5030 5040 5180 5190 5200 5220 5230 5240 5250 5260 5270 5290 5300 5310 5320 5330 5340 5350 5360
	6000 6020 6030 6040 6070`
	.trim()
	.split(/\s+/)
	.map(Number);

const DIRECTIONS = ['inbound', 'outbound'];
const OWNERS = [
	'customer',
	'plivo_setup',
	'caller_id_or_number',
	'carrier',
	'plivo',
	'limits',
	'none',
];

/** Whole sentences: a capital first, an end last, and no template gone wrong in between. */
const SENTENCE = /^[A-Z].*[A-Za-z0-9)]\.$/;

const explain = (code: unknown, call_direction?: string) =>
	explainHangup({ hangup_cause_code: code, call_direction });

describe('the table of hangup codes', () => {
	it('names each of the 81 codes once', () =>
		expect([CODES.length, new Set(CODES).size]).toEqual([81, 81]));

	it.each(CODES.flatMap((code) => DIRECTIONS.map((direction) => [code, direction] as const)))(
		'explains %i on %s calls',
		(code, direction) => {
			const { meaning, owner, is_fault, retryable, fix } = explain(code, direction);
			expect(meaning).not.toContain('not known here');
			for (const text of [meaning, fix]) {
				expect(text).toMatch(SENTENCE);
				expect(text.length).toBeLessThanOrEqual(160);
				expect(text).not.toMatch(/\n|\t|undefined| {2}/);
			}
			expect(OWNERS).toContain(owner);
			expect([typeof is_fault, typeof retryable]).toEqual(['boolean', 'boolean']);
			expect(fix.match(/[.!?](\s|$)/g)).toHaveLength(1);
		},
	);

	it('blames nobody only where nothing went wrong', () => {
		const blameless = CODES.filter((code) =>
			DIRECTIONS.some((direction) => {
				const { owner, is_fault } = explain(code, direction);
				return owner === 'none' && is_fault;
			}),
		);
		expect(blameless).toEqual([]);
	});

	it('counts as outcomes, not faults, what happens to good calls too', () => {
		const outcomes = (direction: string) =>
			CODES.filter((code) => !explain(code, direction).is_fault);
		expect(outcomes('outbound')).toEqual([3000, 3010, 4340, 4410, 4550, 6000, 6030, 6040]);
		expect(outcomes('inbound')).toEqual([3000, 3010, 4420, 4550]);
	});

	it.each([
		['customer', [4060, 4170, 4220, 4230, 4350, 4360, 4430, 4640, 5040, 5220, 5230, 5340, 5360]],
		['plivo_setup', [3030, 4020, 4030, 4070, 4080, 4110, 4310, 4320, 4560]],
		['caller_id_or_number', [4100, 4120, 4130, 4140, 4190, 4200]],
		[
			'carrier',
			[
				4010, 4040, 4090, 4160, 4340, 4410, 4420, 4630, 5000, 5030, 5300, 5310, 5320, 5330, 5350,
				6000, 6020, 6030, 6040, 6070,
			],
		],
		['plivo', [4330, 4540, 5010, 5020, 5250, 5260, 5270, 5290]],
		['limits', [5180, 5190]],
		['none', [3000, 3010]],
	])('puts outbound calls down to %s', (owner, codes) => {
		expect(codes.filter((code) => explain(code, 'outbound').owner !== owner)).toEqual([]);
	});

	it.each([4090, 4150, 4410, 6000, 6020, 6030, 6070])(
		'takes %i on an inbound call as the answer of the PBX',
		(code) => expect(explain(code, 'inbound')).toMatchObject({ owner: 'customer', is_fault: true }),
	);

	it.each<[number, string, string, string]>([
		// What Plivo saw a platform answer to it: 404, none, 401 or 407, 486, 480 or 503.
		[4090, 'inbound', 'does not know the number', 'Add the number there'],
		[4170, 'inbound', 'did not respond to Plivo in time', 'host, port and transport'],
		[4150, 'inbound', 'asked Plivo for a username and password', 'on the origination URI'],
		[4410, 'inbound', 'no dispatch rule or agent took the call', 'check the dispatch rule'],
		[4350, 'inbound', 'temporarily unavailable', 'fallback URI'],
		[5360, 'inbound', 'temporarily unavailable', 'fallback URI'],
		[4550, 'inbound', 'The caller hung up', 'takes long to answer'],
		// What Plivo answered a platform.
		[4180, 'outbound', 'wrong username, password or sending address', 'credential'],
		[4190, 'outbound', 'not a number of your Plivo account', 'rent from Plivo'],
		[4560, 'outbound', 'Geo Permissions', 'Geo Permissions'],
		[4650, 'outbound', 'Geo Permissions', 'Geo Permissions'],
		[4570, 'outbound', 'does not allow calls to the number', 'support'],
		[4630, 'outbound', 'did not accept the media', 'SRTP on a secure trunk only'],
		[4170, 'outbound', 'did not respond to Plivo in time', 'let Plivo’s messages in'],
		[4350, 'outbound', 'temporarily unavailable', 'read its log'],
		[4550, 'outbound', 'gave up before the call was answered', 'raise its timeout'],
		[3010, 'inbound', 'ended normally', 'lasted 0 seconds'],
	])(
		'says of %i on %s calls what it means there, and what to do',
		(code, direction, meaning, fix) => {
			expect(explain(code, direction).meaning).toContain(meaning);
			expect(explain(code, direction).fix).toContain(fix);
		},
	);

	it('speaks of the origination URI and of a fallback on inbound calls only', () => {
		const ofInbound = /origination URI|fallback URI|dispatch rule/;
		const spoken = CODES.filter((code) => ofInbound.test(explain(code, 'outbound').fix));
		expect(spoken).toEqual([4310]);
	});

	it('has a caller who gives up as nobody’s fault', () => {
		expect(explain(4420, 'inbound')).toMatchObject({ owner: 'none', is_fault: false });
		expect(explain(4550, 'outbound')).toMatchObject({ owner: 'none', is_fault: false });
	});

	it('retries what time can mend, and nothing that needs a change first', () => {
		const retryable = (code: number) => explain(code, 'outbound').retryable;
		expect([4160, 4330, 4410, 5000, 5180, 5250].every(retryable)).toBe(true);
		expect([4000, 4030, 4100, 4190, 4310, 4560, 4620, 6020].some(retryable)).toBe(false);
	});
});

describe('explainHangup', () => {
	it('takes the code as number or text, and the direction in any case', () => {
		expect(explain(' 4410 ', 'Inbound')).toEqual(explain(4410, 'inbound'));
		expect(explain(4410, 'inbound')).not.toEqual(explain(4410, 'outbound'));
	});

	it('reads a call without direction as outbound', () => {
		expect(explain(4410)).toEqual(explain(4410, 'outbound'));
	});

	it('gives each call an explanation of its own', () => {
		explain(3000).meaning = 'changed';
		explain(4410).meaning = 'changed';
		expect([explain(3000).meaning, explain(4410).meaning]).not.toContain('changed');
	});

	it.each([
		['customer', 'customer'],
		['Carrier', 'carrier'],
		['zentrunk', 'plivo'],
		['', 'none'],
	])(
		'says that it does not know a code, keeps its name, and goes by the source "%s"',
		(source, owner) => {
			const call = {
				hangup_cause_code: '4999',
				hangup_cause_name: 'martian_interference',
				hangup_source: source,
			};
			expect(explainHangup(call)).toEqual({
				meaning:
					'Plivo ended the call with a hangup code not known here: 4999 (martian_interference).',
				owner,
				is_fault: true,
				retryable: false,
				fix: 'Look the call up under Logs in the Plivo console, or send Plivo support its call UUID.',
			});
		},
	);

	it('does not hold an unknown code against a call that was answered', () => {
		const call = { hangup_cause_code: 3999, hangup_source: 'zentrunk' };
		expect(explainHangup({ ...call, answer_time: '2026-10-01 10:00:00' })).toMatchObject({
			owner: 'none',
			is_fault: false,
		});
		expect(explainHangup({ ...call, bill_duration: '12' })).toMatchObject({
			owner: 'none',
			is_fault: false,
		});
		expect(explainHangup({ ...call, answer_time: null, bill_duration: '0' })).toMatchObject({
			meaning: 'Plivo ended the call with a hangup code not known here: 3999 (no name).',
			is_fault: true,
		});
	});

	it.each([{}, { hangup_cause_code: null }, { hangup_cause_code: '' }, { hangup_cause_code: {} }])(
		'finds no fault where there is no code: %j',
		(call) => {
			expect(explainHangup(call)).toMatchObject({
				meaning: 'Plivo recorded no reason for the end of the call.',
				owner: 'none',
				is_fault: false,
			});
		},
	);

	it('keeps a name that comes without a code', () => {
		expect(explainHangup({ hangup_cause_name: 'user_busy' }).meaning).toContain('user_busy');
	});

	it('never throws and always answers in short sentences', () => {
		const call = fc.record(
			{
				hangup_cause_code: fc.oneof(
					fc.string(),
					fc.integer(),
					fc.constantFrom(...CODES),
					fc.anything(),
				),
				hangup_cause_name: fc.oneof(fc.string({ maxLength: 400 }), fc.anything()),
				hangup_source: fc.oneof(
					fc.constantFrom('customer', 'constructor', '__proto__'),
					fc.anything(),
				),
				call_direction: fc.oneof(fc.constantFrom(...DIRECTIONS), fc.anything()),
				answer_time: fc.anything(),
				bill_duration: fc.anything(),
			},
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(call, (record) => {
				const { meaning, fix, owner } = explainHangup(record);
				expect(meaning.length).toBeLessThanOrEqual(160);
				expect(fix.length).toBeLessThanOrEqual(160);
				expect(OWNERS).toContain(owner);
				expect(isFault(record)).toBe(explainHangup(record).is_fault);
			}),
		);
	});

	it.each(['constructor', '__proto__', 'toString'])('takes "%s" for an unknown code', (code) => {
		expect(explain(code).meaning).toContain('not known here');
	});
});
