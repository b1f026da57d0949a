import { withAmounts } from '../../nodes/PlivoSipTrunking/records/amounts.ts';
import { only } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { byId, closeAccounts, type Json, newAccount, run, sentTo } from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const DAY_MS = 86_400_000;
const PATH = '/Zentrunk/Call/';

/** So many days ago, as people and as Plivo write it. */
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

const MAIN_FIELDS = [
	...['call_uuid', 'from_number', 'to_number', 'call_direction', 'call_duration', 'bill_duration'],
	...['end_time', 'hangup_cause_code', 'hangup_cause_name', 'total_amount', 'trunk_domain'],
];
const HANGUP_FIELDS = ['meaning', 'owner', 'is_fault', 'retryable', 'fix'].map(
	(name) => `hangup_${name}`,
);
const plivoTime = (iso: string) => iso.slice(0, 19).replace('T', ' ');

describe('get', () => {
	it.each([
		['an id', byId],
		['a plain text', (id: unknown) => id],
	])('reads a call picked by %s, with its main fields', async (_, picked) => {
		const { call_uuid } = plivo.addCall();
		const { items } = await run(plivo, 'call', 'get', { callId: picked(call_uuid) });
		expect(items).toEqual([
			{ json: expect.objectContaining({ call_uuid }), pairedItem: { item: 0 } },
		]);
		expect(Object.keys(only(items).json)).toEqual([...MAIN_FIELDS, ...HANGUP_FIELDS]);
		expect(sentTo(plivo)).toEqual([[`GET ${PATH}${String(call_uuid)}/`]]);
	});

	it('answers all fields where it is not simplified', async () => {
		const there = plivo.addCall();
		const { json } = await run(
			plivo,
			'call',
			'get',
			{
				callId: byId('={{ $json.id }}'),
				simplify: '={{ false }}',
				options: { explainHangup: '={{ false }}' },
			},
			{ items: [{ id: there.call_uuid }] },
		);
		expect(json).toEqual([withAmounts(there)]);
	});

	it('explains the hangup, flat, unless it is told not to', async () => {
		const { call_uuid } = plivo.addCall({
			hangup_cause_code: 4410,
			hangup_cause_name: 'user_busy',
			hangup_source: 'carrier',
			bill_duration: 0,
		});
		const { json } = await run(plivo, 'call', 'get', { callId: byId(call_uuid) });
		expect(json[0]).toMatchObject({
			hangup_cause_code: 4410,
			hangup_meaning: 'The callee was busy.',
			hangup_owner: 'carrier',
			hangup_is_fault: false,
			hangup_retryable: true,
			hangup_fix: 'Call again later.',
		});
		expect(json[0]).not.toHaveProperty('hangup');
		const without = await run(plivo, 'call', 'get', {
			callId: byId(call_uuid),
			options: { explainHangup: false },
		});
		expect(Object.keys(only(without.json))).toEqual(MAIN_FIELDS);
	});

	it('explains by the code where a record has another name for it, and by what was left out', async () => {
		const { call_uuid } = plivo.addCall({
			call_direction: 'inbound',
			hangup_cause_code: 4030,
			hangup_cause_name: 'insufficient_credits',
			hangup_source: 'zentrunk',
			bill_duration: 0,
		});
		const { json } = await run(plivo, 'call', 'get', { callId: byId(call_uuid) });
		expect(json[0]).toMatchObject({ hangup_owner: 'plivo_setup', hangup_is_fault: true });
		expect(json[0]).not.toHaveProperty('hangup_source');
	});
});

describe('getInsights', () => {
	it('reads the quality figures, as numbers', async () => {
		const { call_uuid } = plivo.addCall();
		const { items } = await run(plivo, 'call', 'getInsights', { callId: byId(call_uuid) });
		expect(items).toEqual([
			{
				json: expect.objectContaining({
					call_uuid,
					rtt: expect.any(Number),
					jitter: expect.any(Number),
					packet_loss: expect.any(Number),
					plivo_quality_score: expect.any(Number),
					// Plivo nests both ends.
					from_carrier: 'Plivo',
					from_number: '+14155550100',
					from_region: 'US',
					to_carrier: 'Example Telecom',
					to_number: '+442079460100',
					to_region: 'GB',
				}),
				pairedItem: { item: 0 },
			},
		]);
		for (const field of ['api_id', 'from', 'to']) {
			expect(only(items).json).not.toHaveProperty(field);
		}
		expect(sentTo(plivo)).toEqual([[`GET ${PATH}${String(call_uuid)}/Insights/`]]);
	});

	it('leaves both ends nested where it is not simplified', async () => {
		const { call_uuid } = plivo.addCall();
		const { json } = await run(plivo, 'call', 'getInsights', {
			callId: byId(call_uuid),
			simplify: false,
		});
		expect(json[0]).toMatchObject({
			from: { carrier: 'Plivo', number: '+14155550100', region: 'US' },
			to: { carrier: 'Example Telecom', number: '+442079460100', region: 'GB' },
		});
	});

	it.each([null, 'unknown', undefined])('takes ends that are %p', async (end) => {
		plivo.faults.add({
			faults: [
				{ kind: 'status', status: 200, body: { api_id: 'a', rtt: '20', from: end, to: end } },
			],
		});
		const { json, error } = await run(plivo, 'call', 'getInsights', { callId: byId('c') });
		expect(error).toBeUndefined();
		expect(json[0]).toMatchObject({ rtt: 20, ...(end !== undefined && { from: end, to: end }) });
	});

	it('is not content with an answer without figures', async () => {
		plivo.faults.add({
			faults: [{ kind: 'status', status: 200, body: { api_id: 'a' } }],
		});
		const { error } = await run(plivo, 'call', 'getInsights', {
			callId: byId('c'),
			options: { maxRetries: 0 },
		});
		expect(error?.message).toBe("Plivo's answer has no quality figures");
	});
});

describe('getAll', () => {
	const query = () => {
		const { limit: _limit, offset: _offset, ...filters } = only(plivo.requests).query;
		return filters;
	};

	it('reads all pages, newest first, or up to a limit', async () => {
		plivo.seed({ calls: 45 });
		const all = await run(plivo, 'call', 'getAll', { returnAll: true });
		expect(all.json).toHaveLength(45);
		const times = all.json.map(({ end_time }) => String(end_time));
		expect(times).toEqual([...times].sort().reverse());
		plivo.clearRequests();
		const some = await run(plivo, 'call', 'getAll', { limit: 3 });
		expect(some.json).toEqual(all.json.slice(0, 3));
		expect(sentTo(plivo)).toEqual([[`GET ${PATH}?limit=20&offset=0`]]);
	});

	it('sends every filter that is set', async () => {
		const [after, before] = [ago(20), ago(10)];
		const { error } = await run(plivo, 'call', 'getAll', {
			filters: {
				callDirection: 'outbound',
				fromNumber: '+1 415 555 0123',
				toNumber: '+44*',
				hangupCauseCode: '4410',
				hangupSource: 'zentrunk',
				stirVerification: 'Not Verified',
				endedAfter: after,
				endedBefore: before,
				minDuration: 0,
				maxDuration: 60,
			},
		});
		expect(error).toBeUndefined();
		expect(query()).toEqual({
			call_direction: 'outbound',
			from_number: '14155550123',
			to_number: '44',
			hangup_cause_code: '4410',
			hangup_source: 'zentrunk',
			stir_verification: 'Not Verified',
			end_time__gte: plivoTime(after),
			end_time__lte: plivoTime(before),
			bill_duration__gte: '0',
			bill_duration__lte: '60',
		});
	});

	it('takes every filter from an expression', async () => {
		const { error } = await run(
			plivo,
			'call',
			'getAll',
			{
				filters: {
					callDirection: '={{ $json.direction }}',
					fromNumber: '={{ $json.from }}',
					hangupCauseCode: '={{ $json.code }}',
					minDuration: '={{ $json.least }}',
				},
			},
			{ items: [{ direction: 'inbound', from: '+1*', code: 3000, least: 5 }] },
		);
		expect(error).toBeUndefined();
		expect(query()).toEqual({
			call_direction: 'inbound',
			from_number: '1',
			hangup_cause_code: '3000',
			bill_duration__gte: '5',
		});
	});

	it.each(['from_number', 'to_number'])(
		'finds the calls of a whole %s, none of a longer one, and counts only these for the limit',
		async (field) => {
			const filter = field === 'to_number' ? 'toNumber' : 'fromNumber';
			for (const number of ['+49301234', '+493012345', '+4930123456', '+442079460000']) {
				for (let call = 0; call < 25; call++) plivo.addCall({ [field]: number });
			}
			const found = async (wanted: unknown, limit: number) => {
				const parameters = { limit, filters: { [filter]: wanted } };
				const { json, error } = await run(plivo, 'call', 'getAll', parameters);
				expect(error).toBeUndefined();
				return json.map((call) => call[field]);
			};
			expect(await found('+49 30 1234', 1)).toEqual(['+49301234']);
			expect(await found(49301234, 30)).toEqual(Array(25).fill('+49301234'));
			expect(new Set(await found(' +49 (0)30 12345 * ', 100))).toEqual(
				new Set(['+493012345', '+4930123456']),
			);
			expect(await found('+493012', 100)).toEqual([]);
		},
	);

	it('says how to ask for first digits where a number is too short', async () => {
		const { error } = await run(plivo, 'call', 'getAll', { filters: { fromNumber: '+1 415' } });
		expect(error?.message).toBe('\'From Number\' is "+1 415", which has fewer than 5 digits');
		expect(error?.description).toContain('first digits with * behind them, such as +1 415*');
		expect(sentTo(plivo)).toEqual([]);
	});

	it('gives an upper time bound alone the lower one that Plivo demands', async () => {
		plivo.addCall({ end_time: plivoTime(ago(80)) });
		plivo.addCall({ end_time: plivoTime(ago(2)) });
		const before = ago(10);
		const { json, error } = await run(plivo, 'call', 'getAll', {
			filters: { endedBefore: before },
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		const { end_time__gte = '', end_time__lte } = query();
		expect(end_time__lte).toBe(plivoTime(before));
		const lower = Date.parse(`${end_time__gte.replace(' ', 'T')}Z`);
		expect(Math.round((Date.now() - lower) / DAY_MS)).toBe(90);
	});

	it('asks for nothing older than Plivo keeps where this computer’s clock is behind', async () => {
		const ahead = await newAccount({ now: () => Date.now() + 90_000 });
		const { error } = await run(ahead, 'call', 'getAll', { filters: { endedBefore: ago(1) } });
		expect(error).toBeUndefined();
	});

	it('takes a date without a time for that whole day, in the workflow’s time zone', async () => {
		const day = ago(3).slice(0, 10);
		const at = (time: string, days = 0) =>
			plivoTime(new Date(Date.parse(`${day}T${time}Z`) + days * DAY_MS).toISOString());
		// New York, n8n's default, is four or five hours behind UTC.
		const inside = ['05:00:00', '12:00:00'].map((time) => at(time)).concat(at('03:59:59', 1));
		for (const end_time of [at('03:59:59'), ...inside, at('05:00:00', 1)])
			plivo.addCall({ end_time });
		const { json, error } = await run(plivo, 'call', 'getAll', {
			filters: { endedAfter: day, endedBefore: day },
		});
		expect(error).toBeUndefined();
		expect(json.map(({ end_time }) => end_time)).toEqual(inside.reverse());
	});

	it('reads a date of the picker in the workflow’s time zone', async () => {
		// n8n's default, since the workflow of these tests sets none.
		const newYork = new Intl.DateTimeFormat('sv-SE', {
			timeZone: 'America/New_York',
			dateStyle: 'short',
			timeStyle: 'medium',
		});
		const iso = ago(5);
		const picked = newYork.format(new Date(iso)).replace(' ', 'T');
		await run(plivo, 'call', 'getAll', { filters: { endedAfter: picked } });
		expect(query()).toEqual({ end_time__gte: plivoTime(iso) });
	});

	it.each([
		['a text with a zone', (iso: string) => iso.replace(/\.\d+Z$/, '+00:00')],
		['a date-time of n8n', (iso: string) => `={{ DateTime.fromISO('${iso}') }}`],
		['a Date', (iso: string) => `={{ new Date('${iso}') }}`],
	])('reads %s', async (_, written) => {
		const iso = ago(5);
		const { error } = await run(plivo, 'call', 'getAll', { filters: { endedAfter: written(iso) } });
		expect(error).toBeUndefined();
		expect(query()).toEqual({ end_time__gte: plivoTime(iso) });
	});

	it('explains hangups and simplifies, unless it is told not to', async () => {
		plivo.addCall();
		const { json } = await run(plivo, 'call', 'getAll');
		expect(Object.keys(only(json))).toEqual([...MAIN_FIELDS, ...HANGUP_FIELDS]);
		const explained = await run(plivo, 'call', 'getAll', { simplify: false });
		expect(explained.json[0]).toMatchObject({ hangup_owner: 'none', srtp: false });
		const whole = await run(plivo, 'call', 'getAll', {
			simplify: false,
			options: { explainHangup: false },
		});
		expect(whole.json).toEqual([...plivo.state.calls.values()].map(withAmounts));
	});

	it('shows talk time and billed time side by side', async () => {
		plivo.addCall({ call_duration: 32 });
		const { json } = await run(plivo, 'call', 'getAll');
		expect(json[0]).toMatchObject({ call_duration: 32, bill_duration: 60 });
	});

	it('refuses an Explain Hangup that is neither true nor false', async () => {
		const { error } = await run(plivo, 'call', 'getAll', {
			options: { explainHangup: '={{ 7 }}' },
		});
		expect(error?.message).toContain("'Explain Hangup' is 7");
	});
});

describe('summarize', () => {
	const summarize = (parameters: Json, items?: Json[]) =>
		run(plivo, 'call', 'summarize', { ...parameters }, { items });

	it('adds up all pages in one row', async () => {
		plivo.seed({ calls: 45 });
		const { json } = await summarize({});
		expect(json).toEqual([expect.objectContaining({ calls: 45 })]);
		expect(sentTo(plivo)).toHaveLength(3);
	});

	it.each(['trunk', 'hangupCauseCode', 'country', 'day'])('groups by %s', async (groupBy) => {
		plivo.seed({ calls: 30 });
		const { json } = await summarize({ groupBy });
		expect(json.reduce((sum, row) => sum + Number(row.calls), 0)).toBe(30);
		// As an option, used where the field is empty.
		expect((await summarize({ options: { groupBy } })).json).toEqual(json);
		expect((await summarize({ groupBy, options: { groupBy: 'trunk' } })).json).toEqual(json);
	});

	it('tells talk time and billed time apart', async () => {
		for (const call_duration of [32, 61]) plivo.addCall({ call_duration });
		plivo.addCall({ call_duration: 0, hangup_cause_code: 4410 });
		const { json } = await summarize({});
		expect(json).toEqual([
			expect.objectContaining({
				calls: 3,
				answered: 2,
				talk_minutes: 1.55,
				mean_talk_seconds: 46.5,
				billed_minutes: 3,
				cost: expect.any(Number),
			}),
		]);
	});

	it('keeps to the filters', async () => {
		plivo.addCall({ call_direction: 'inbound' });
		plivo.addCall({ call_direction: 'outbound' });
		const { json } = await summarize({ filters: { callDirection: '={{ $json.direction }}' } }, [
			{ direction: 'inbound' },
		]);
		expect(json).toEqual([expect.objectContaining({ calls: 1 })]);
		expect(only(sentTo(plivo))[0]).toContain('call_direction=inbound');
	});

	it('adds up the calls of a whole number, none of a longer one', async () => {
		for (const to_number of ['+49301234', '+493012345']) plivo.addCall({ to_number });
		const { json } = await summarize({ filters: { toNumber: '={{ $json.number }}' } }, [
			{ number: '49301234' },
		]);
		expect(json).toEqual([expect.objectContaining({ calls: 1 })]);
	});

	it('refuses an unknown grouping', async () => {
		const { error } = await summarize({ groupBy: '={{ $json.by }}' }, [{ by: 'week' }]);
		expect(error?.message).toBe('\'Group By\' is "week", which is not one of the choices');
		expect(error?.description).toContain('Choose trunk');
		expect(sentTo(plivo)).toEqual([]);
	});
});
