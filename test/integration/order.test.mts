import { usePlivo } from '../support/plivo.mts';

const plivo = usePlivo({ rateLimit: false });

const items = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));
const writes = () => plivo.simulator.requests.filter(({ method }) => method !== 'GET');
const numbersSent = () =>
	writes().map(({ body }) => Number((body as { name: string }).name.split(' ')[1]));

describe('the items of a run', () => {
	it('are created in their order, and answered in it', async () => {
		const { items: out } = await plivo.run(
			{
				resource: 'originationUri',
				operation: 'create',
				name: '=U {{ $json.number }}',
				uri: '=u{{ $json.number }}.example.com;transport=tcp',
			},
			items(100),
		);
		expect(numbersSent()).toEqual(items(100).map(({ number }) => number));
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			items(100).map(({ number }) => ({ item: number })),
		);
	});

	it('are updated in their order, although each is read first', async () => {
		const uris = items(60).map(({ number }) => ({
			number,
			id: String(plivo.simulator.addUri().uri_uuid),
		}));
		plivo.simulator.faults.add({
			method: 'GET',
			probability: 0.3,
			faults: [{ kind: 'delay', ms: 40 }],
		});
		const { error } = await plivo.run(
			{
				resource: 'originationUri',
				operation: 'update',
				originationUriId: '={{ $json.id }}',
				updateFields: { name: '=U {{ $json.number }}' },
			},
			uris,
		);
		expect(error).toBeUndefined();
		expect(numbersSent()).toEqual(items(60).map(({ number }) => number));
	});

	it('change the same record one after the other: the last one stays', async () => {
		const uri = plivo.simulator.addUri();
		const { json } = await plivo.run(
			{
				resource: 'originationUri',
				operation: 'update',
				originationUriId: String(uri.uri_uuid),
				updateFields: { name: '=U {{ $json.number }}' },
			},
			items(20),
		);
		expect(numbersSent()).toEqual(items(20).map(({ number }) => number));
		expect(json.map(({ name }) => name)).toEqual(items(20).map(({ number }) => `U ${number}`));
		expect(uri.name).toBe('U 19');
	});

	it('fail one by one under continue-on-error', async () => {
		plivo.simulator.faults.add({
			method: 'POST',
			nth: 3,
			faults: [{ kind: 'status', status: 400, body: { error: 'no such luck' } }],
		});
		const parameters = {
			resource: 'originationUri',
			operation: 'create',
			name: '=U {{ $json.number }}',
			uri: '={{ $json.number === 5 ? "http://wrong" : "u.example.com" }}',
		};
		const { items: out, error } = await plivo.run(parameters, items(8), { continueOnFail: true });
		expect(error).toBeUndefined();
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			items(8).map(({ number }) => ({ item: number })),
		);
		expect(out.map(({ json }) => json.name ?? json.error)).toEqual([
			'U 0',
			'U 1',
			expect.stringMatching(/no such luck/),
			'U 3',
			'U 4',
			expect.stringMatching(/^URI /),
			'U 6',
			'U 7',
		]);
		expect(plivo.simulator.state.uris.size).toBe(6);
	});

	it('tell which item failed where the run stops', async () => {
		plivo.simulator.faults.add({
			method: 'POST',
			nth: 2,
			faults: [{ kind: 'status', status: 400 }],
		});
		const { error } = await plivo.run(
			{ resource: 'originationUri', operation: 'create', name: 'U', uri: 'u.example.com' },
			items(3),
		);
		expect(error?.context?.itemIndex).toBe(1);
	});
});

describe('runs that need the same records', () => {
	it('never wait for each other in a circle', async () => {
		const [first, second] = ['First', 'Second'].map((name) => ({
			name,
			id: String(plivo.simulator.addUri({ name, uri: 'u.example.com' }).uri_uuid),
		}));
		plivo.simulator.options.latencyMs = 5;
		const upsert = async (names: string[]) =>
			await plivo.run(
				{
					resource: 'originationUri',
					operation: 'upsert',
					name: '={{ $json.name }}',
					uri: '={{ $json.uri }}',
				},
				names.map((name) => ({ name, uri: `${Math.random().toString(36).slice(2)}.example.com` })),
			);
		const update = async (ids: string[]) =>
			await plivo.run(
				{
					resource: 'originationUri',
					operation: 'update',
					originationUriId: '={{ $json.id }}',
					updateFields: { uri: 'v.example.com' },
				},
				ids.map((id) => ({ id })),
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
		expect(plivo.simulator.state.uris.size).toBe(2);
	});
});
