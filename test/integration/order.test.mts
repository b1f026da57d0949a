import { exactly, nth } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount, run, sentTo } from '../support/account.mts';

let plivo: Simulator;
beforeEach(async () => {
	plivo = await newAccount();
});
afterEach(closeAccounts);

const items = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));
const writes = () => plivo.requests.filter(({ method }) => method !== 'GET');
const numbersSent = () =>
	writes().map(({ body }) => Number((body as { name: string }).name.split(' ')[1]));

describe('the items of a run', () => {
	it('are answered in their order, each created once', async () => {
		const { items: out } = await run(
			plivo,
			'originationUri',
			'create',
			{ name: '=U {{ $json.number }}', uri: '=u{{ $json.number }}.example.com;transport=tcp' },
			{ items: items(40) },
		);
		expect(out.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual(
			items(40).map(({ number }) => [`U ${number}`, { item: number }]),
		);
		expect(numbersSent().sort((one, other) => one - other)).toEqual(
			items(40).map(({ number }) => number),
		);
	});

	it('are not sent before all have begun', async () => {
		const { error, json } = await run(
			plivo,
			'originationUri',
			'create',
			{
				name: '=U {{ $json.number === 29 ? $("Nowhere").first().json.name : $json.number }}',
				uri: 'u.example.com;transport=tcp',
			},
			{ items: items(30) },
		);
		expect(error?.message).toBe("Referenced node doesn't exist");
		expect(json).toEqual([]);
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(sentTo(plivo)).toEqual([]);
	});

	it('are not sent where the values of one are refused', async () => {
		const { error } = await run(
			plivo,
			'originationUri',
			'create',
			{
				name: '=U {{ $json.number }}',
				uri: '={{ $json.number === 0 ? "http://wrong" : "u.example.com;transport=tcp" }}',
			},
			{ items: items(100) },
		);
		expect(error?.message).toContain("'URI' is a web address");
		expect(error?.context?.itemIndex).toBe(0);
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(sentTo(plivo)).toEqual([]);
	});

	it('that have written nothing are not carried out after the first failure, which names what was written', async () => {
		plivo.options.latencyMs = 20;
		plivo.faults.add({
			method: 'POST',
			nth: 1,
			faults: [{ kind: 'status', status: 400, body: { error: 'no such luck' } }],
		});
		const { error, json } = await run(
			plivo,
			'originationUri',
			'create',
			{ name: '=U {{ $json.number }}', uri: 'u.example.com;transport=tcp' },
			{ items: items(100) },
		);
		expect(json).toEqual([]);
		expect(error?.message).toContain('no such luck');
		const made = plivo.state.uris.size;
		// Those that were under way.
		expect(made).toBeLessThanOrEqual(60);
		expect(writes()).toHaveLength(made + 1);
		expect(made).toBeGreaterThan(0);
		expect(error?.description).toContain('Other items of this run have been carried out: created');
		const named = error?.description?.match(/\(item \d+\)/g) ?? [];
		const [, more = 0] = /and (\d+) more writes/.exec(error?.description ?? '') ?? [];
		expect(named.length + Number(more)).toBe(made);
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(plivo.state.uris.size).toBe(made);
	});

	it('change the same record one after the other: the last one stays', async () => {
		const uri = plivo.addUri();
		const { json } = await run(
			plivo,
			'originationUri',
			'update',
			{ originationUriId: String(uri.uri_uuid), updateFields: { name: '=U {{ $json.number }}' } },
			{ items: items(20) },
		);
		expect(numbersSent()).toEqual(items(20).map(({ number }) => number));
		expect(json.map(({ name }) => name)).toEqual(items(20).map(({ number }) => `U ${number}`));
		expect(uri.name).toBe('U 19');
	});

	it('fail one by one under continue-on-error', async () => {
		plivo.faults.add({
			method: 'POST',
			nth: 3,
			faults: [{ kind: 'status', status: 400, body: { error: 'no such luck' } }],
		});
		const parameters = {
			name: '=U {{ $json.number }}',
			uri: '={{ $json.number === 5 ? "http://wrong" : "u.example.com" }}',
		};
		const { items: out, error } = await run(plivo, 'originationUri', 'create', parameters, {
			items: items(8),
			continueOnFail: true,
		});
		expect(error).toBeUndefined();
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			items(8).map(({ number }) => ({ item: number })),
		);
		const refused = out.map(({ json }) => json).filter((json) => 'error' in json);
		expect(refused).toHaveLength(2);
		expect(nth(out, 5).json).toEqual({
			error: expect.stringMatching(/^'URI' is a web address/),
			description: expect.stringContaining('Enter the SIP host'),
			fix: expect.stringContaining('Enter the SIP host'),
			http_code: null,
		});
		expect(refused).toContainEqual({
			error: 'Plivo refused the request as invalid: no such luck',
			description: expect.stringMatching(/^Check the values/),
			fix: expect.stringMatching(/Check the values/),
			http_code: 400,
		});
		const others = out.filter(({ json }) => !('error' in json));
		expect(others.map(({ json }) => json.name)).toEqual(
			others.map(({ pairedItem }) => `U ${(pairedItem as { item: number }).item}`),
		);
		expect(plivo.state.uris.size).toBe(6);
	});

	it('tell which item failed where the run stops', async () => {
		plivo.faults.add({
			method: 'POST',
			nth: 2,
			faults: [{ kind: 'status', status: 400 }],
		});
		const { error } = await run(
			plivo,
			'originationUri',
			'create',
			{ name: '=U {{ $json.number }}', uri: 'u.example.com;transport=tcp' },
			{ items: items(3) },
		);
		expect(error?.context?.itemIndex).toBe(numbersSent()[1]);
		expect(error?.message).toContain('Plivo refused the request as invalid');
	});
});

describe('runs that need the same records', () => {
	it('never wait for each other in a circle', async () => {
		const [first, second] = exactly(
			2,
			['First', 'Second'].map((name) => ({
				name,
				id: String(plivo.addUri({ name, uri: 'u.example.com' }).uri_uuid),
			})),
		);
		plivo.options.latencyMs = 5;
		const upsert = async (names: string[]) =>
			await run(
				plivo,
				'originationUri',
				'upsert',
				{ name: '={{ $json.name }}', uri: '={{ $json.uri }}' },
				{
					items: names.map((name) => ({
						name,
						uri: `${Math.random().toString(36).slice(2)}.example.com`,
					})),
				},
			);
		const update = async (ids: string[]) =>
			await run(
				plivo,
				'originationUri',
				'update',
				{ originationUriId: '={{ $json.id }}', updateFields: { uri: 'v.example.com' } },
				{ items: ids.map((id) => ({ id })) },
			);
		const runs = Array.from({ length: 5 }, () => [
			upsert([first.name, second.name]),
			upsert([second.name, first.name]),
			update([first.id, second.id]),
			update([second.id, first.id]),
		]).flat();
		for (const { error, json } of await Promise.all(runs)) {
			expect(error).toBeUndefined();
			expect(json).toHaveLength(2);
		}
		expect(plivo.state.uris.size).toBe(2);
	});
});
