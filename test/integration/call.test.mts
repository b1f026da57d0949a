import { byId, type Json, usePlivo } from '../support/plivo.mts';

const plivo = usePlivo();

const call = { resource: 'call' };
const DAY_MS = 86_400_000;
const PATH = '/Zentrunk/Call/';

/** So many days ago, as people and as Plivo write it. */
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const plivoTime = (iso: string) => iso.slice(0, 19).replace('T', ' ');

describe('get', () => {
	const get = { ...call, operation: 'get' };

	it.each([
		['an id', byId],
		['a plain text', (id: unknown) => id],
	])('reads a call picked by %s, with its main fields', async (_, picked) => {
		const { call_uuid } = plivo.simulator.addCall();
		const { items } = await plivo.run({ ...get, callId: picked(call_uuid) });
		expect(items).toEqual([
			{ json: expect.objectContaining({ call_uuid }), pairedItem: { item: 0 } },
		]);
		expect(Object.keys(items[0].json)).toHaveLength(10);
		expect(plivo.sent()).toEqual([[`GET ${PATH}${String(call_uuid)}/`]]);
	});

	it('answers all fields where it is not simplified', async () => {
		const there = plivo.simulator.addCall();
		const { json } = await plivo.run(
			{ ...get, callId: byId('={{ $json.id }}'), simplify: '={{ false }}' },
			[{ id: there.call_uuid }],
		);
		expect(json).toEqual([there]);
	});

	it('explains the hangup where it is asked to', async () => {
		const { call_uuid } = plivo.simulator.addCall({
			hangup_cause_code: 4410,
			hangup_cause_name: 'user_busy',
			hangup_source: 'carrier',
			bill_duration: 0,
		});
		const { json } = await plivo.run({
			...get,
			callId: byId(call_uuid),
			options: { explainHangup: true },
		});
		expect(json[0]).toHaveProperty('hangup');
		expect(json[0]).toHaveProperty('hangup_cause_code', 4410);
	});
});

describe('getInsights', () => {
	it('reads the quality figures, as numbers', async () => {
		const { call_uuid } = plivo.simulator.addCall();
		const { items } = await plivo.run({
			...call,
			operation: 'getInsights',
			callId: byId(call_uuid),
		});
		expect(items).toEqual([
			{
				json: expect.objectContaining({
					call_uuid,
					rtt: expect.any(Number),
					jitter: expect.any(Number),
					packet_loss: expect.any(Number),
					plivo_quality_score: expect.any(Number),
				}),
				pairedItem: { item: 0 },
			},
		]);
		expect(items[0].json).not.toHaveProperty('api_id');
		expect(plivo.sent()).toEqual([[`GET ${PATH}${String(call_uuid)}/Insights/`]]);
	});

	it('is not content with an answer without figures', async () => {
		plivo.simulator.faults.add({
			faults: [{ kind: 'status', status: 200, body: { api_id: 'a' } }],
		});
		const { error } = await plivo.run({
			...call,
			operation: 'getInsights',
			callId: byId('c'),
			options: { maxRetries: 0 },
		});
		expect(error?.message).toBe("Plivo's answer has no quality figures");
	});
});

describe('getAll', () => {
	const getAll = { ...call, operation: 'getAll' };
	const query = () => {
		const { limit: _limit, offset: _offset, ...filters } = plivo.simulator.requests[0].query;
		return filters;
	};

	it('reads all pages, newest first, or up to a limit', async () => {
		plivo.simulator.seed({ calls: 45 });
		const all = await plivo.run({ ...getAll, returnAll: true });
		expect(all.json).toHaveLength(45);
		const times = all.json.map(({ end_time }) => String(end_time));
		expect(times).toEqual([...times].sort().reverse());
		plivo.simulator.clearRequests();
		const some = await plivo.run({ ...getAll, limit: 3 });
		expect(some.json).toEqual(all.json.slice(0, 3));
		expect(plivo.sent()).toEqual([[`GET ${PATH}?limit=20&offset=0`]]);
	});

	it('sends every filter that is set', async () => {
		const [after, before] = [ago(20), ago(10)];
		const { error } = await plivo.run({
			...getAll,
			filters: {
				callDirection: 'outbound',
				fromNumber: '+1 415 555 0123',
				toNumber: '+44',
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

	it('takes every filter from an expression, and sends none that is empty', async () => {
		const { error } = await plivo.run(
			{
				...getAll,
				filters: {
					callDirection: '={{ $json.direction }}',
					fromNumber: '={{ $json.from }}',
					toNumber: '={{ $json.nothing }}',
					hangupCauseCode: '={{ $json.code }}',
					hangupSource: '={{ $json.nothing }}',
					stirVerification: '',
					endedAfter: '',
					endedBefore: '={{ $json.nothing }}',
					minDuration: '={{ $json.least }}',
					maxDuration: '={{ $json.nothing }}',
				},
			},
			[{ direction: 'inbound', from: '+1', code: 3000, least: 5 }],
		);
		expect(error).toBeUndefined();
		expect(query()).toEqual({
			call_direction: 'inbound',
			from_number: '1',
			hangup_cause_code: '3000',
			bill_duration__gte: '5',
		});
	});

	it('finds calls by a number that is written with +', async () => {
		plivo.simulator.addCall({ from_number: '+14155550123' });
		plivo.simulator.addCall({ from_number: '+442079460000' });
		const { json } = await plivo.run({ ...getAll, filters: { fromNumber: '+1 415' } });
		expect(json.map(({ from_number }) => from_number)).toEqual(['+14155550123']);
	});

	it('gives an upper time bound alone the lower one that Plivo demands', async () => {
		plivo.simulator.addCall({ end_time: plivoTime(ago(80)) });
		plivo.simulator.addCall({ end_time: plivoTime(ago(2)) });
		const before = ago(10);
		const { json, error } = await plivo.run({ ...getAll, filters: { endedBefore: before } });
		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		const { end_time__gte, end_time__lte } = query();
		expect(end_time__lte).toBe(plivoTime(before));
		const lower = Date.parse(`${end_time__gte.replace(' ', 'T')}Z`);
		expect(Math.round((Date.now() - lower) / DAY_MS)).toBe(90);
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
		await plivo.run({ ...getAll, filters: { endedAfter: picked } });
		expect(query()).toEqual({ end_time__gte: plivoTime(iso) });
	});

	it.each([
		['a text with a zone', (iso: string) => iso.replace(/\.\d+Z$/, '+00:00')],
		['a date-time of n8n', (iso: string) => `={{ DateTime.fromISO('${iso}') }}`],
		['a Date', (iso: string) => `={{ new Date('${iso}') }}`],
	])('reads %s', async (_, written) => {
		const iso = ago(5);
		const { error } = await plivo.run({ ...getAll, filters: { endedAfter: written(iso) } });
		expect(error).toBeUndefined();
		expect(query()).toEqual({ end_time__gte: plivoTime(iso) });
	});

	it('explains hangups and simplifies where it is asked to', async () => {
		plivo.simulator.addCall();
		const explained = await plivo.run({ ...getAll, options: { explainHangup: true } });
		expect(Object.keys(explained.json[0])).toHaveLength(11);
		expect(explained.json[0]).toHaveProperty('hangup');
		const whole = await plivo.run({ ...getAll, simplify: false });
		expect(whole.json).toEqual([...plivo.simulator.state.calls.values()]);
	});
});

describe('summarize', () => {
	const summarize = (parameters: Json, items?: Json[]) =>
		plivo.run({ ...call, operation: 'summarize', ...parameters }, items);

	it('adds up all pages in one row', async () => {
		plivo.simulator.seed({ calls: 45 });
		const { json } = await summarize({});
		expect(json).toEqual([expect.objectContaining({ calls: 45 })]);
		expect(plivo.sent()).toHaveLength(3);
	});

	it.each(['trunk', 'hangupCauseCode', 'country', 'day'])('groups by %s', async (groupBy) => {
		plivo.simulator.seed({ calls: 30 });
		const { json } = await summarize({ options: { groupBy } });
		expect(json.reduce((sum, row) => sum + Number(row.calls), 0)).toBe(30);
	});

	it('keeps to the filters', async () => {
		plivo.simulator.addCall({ call_direction: 'inbound' });
		plivo.simulator.addCall({ call_direction: 'outbound' });
		const { json } = await summarize({ filters: { callDirection: '={{ $json.direction }}' } }, [
			{ direction: 'inbound' },
		]);
		expect(json).toEqual([expect.objectContaining({ calls: 1 })]);
		expect(plivo.sent()[0][0]).toContain('call_direction=inbound');
	});

	it('refuses an unknown grouping', async () => {
		const { error } = await summarize({ options: { groupBy: '={{ $json.by }}' } }, [
			{ by: 'week' },
		]);
		expect(error?.message).toBe('Group By is not a way to group calls');
		expect(error?.description).toContain('Choose trunk');
		expect(plivo.sent()).toEqual([]);
	});
});
