import type { IDataObject } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { runListSearch } from '../support/engine.mts';
import { exactly, nth } from '../support/elements.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	activate,
	closeAccounts,
	credentialsOf,
	newAccount,
	run,
	sentTo,
	wordsOf,
} from '../support/account.mts';

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
		expect(error?.message).toContain("'URI' begins with http:");
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
		const [, more = 0] = /and (\d+) more/.exec(error?.description ?? '') ?? [];
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
			error: expect.stringMatching(/^'URI' begins with http:/),
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

describe('items with a patience of their own', () => {
	it.each([
		['upsert', 'originationUri', { uri: 'u.example.com;transport=tcp' }, {}],
		['planOnly', 'provisioning', { primaryUri: 'u.example.com;transport=tcp' }, { planOnly: true }],
	])(
		'share a listing with none that is less patient (%s)',
		async (name, resource, fields, more) => {
			plivo.faults.add({ method: 'GET', times: 2, faults: [{ kind: 'status', status: 503 }] });
			const { json } = await run(
				plivo,
				resource,
				name === 'upsert' ? 'upsert' : 'provisionInbound',
				{
					name: '=U {{ $itemIndex }}',
					...fields,
					options: { ...more, maxRetries: '={{ $itemIndex === 0 ? 0 : 5 }}' },
				},
				{ items: items(4), continueOnFail: true },
			);
			expect(json.map(({ error }) => typeof error)).toEqual([
				'string',
				'undefined',
				'undefined',
				'undefined',
			]);
		},
	);
});

describe('items with accounts of their own', () => {
	const credentials = {
		authId: '={{ $json.authId }}',
		authToken: '={{ $json.authToken }}',
		baseUrl: '={{ $json.baseUrl }}',
	};
	let other: Simulator;
	beforeEach(async () => {
		other = await newAccount({
			authId: 'MAOTHEROTHEROTHEROTH',
			authToken: 'the-token-of-the-other',
		});
	});
	const ofBoth = () => [plivo, other].map((account) => ({ ...credentialsOf(account) }));
	const inbound = { name: 'Acme', primaryUri: 'acme.example.com;transport=tcp' };

	it('read and write each on its own', async () => {
		plivo.addUri({ name: 'Here' });
		other.addUri({ name: 'There' });
		const setup = { credentials, items: ofBoth() };
		const { json } = await run(plivo, 'originationUri', 'getAll', { returnAll: true }, setup);
		expect(json.map(({ name }) => name)).toEqual(['Here', 'There']);
		const parameters = { name: '=U {{ $itemIndex }}', uri: 'u.example.com;transport=tcp' };
		await run(plivo, 'originationUri', 'create', parameters, setup);
		expect(
			[plivo, other].map(({ state }) => [...state.uris.values()].map(({ name }) => name)),
		).toEqual([
			['Here', 'U 0'],
			['There', 'U 1'],
		]);
	});

	it('are planned each by what is there: equal names are another customer', async () => {
		await run(plivo, 'provisioning', 'provisionInbound', inbound);
		const { json } = await run(
			plivo,
			'provisioning',
			'provisionInbound',
			{ ...inbound, options: { planOnly: true } },
			{ credentials, items: ofBoth() },
		);
		const actions = json.map(({ what_would_be_done }) =>
			(what_would_be_done as IDataObject[]).map(({ action }) => action),
		);
		expect(actions).toEqual([
			['reused', 'reused'],
			['created', 'created'],
		]);
	});

	it('are undone where they were made, and their tokens are masked', async () => {
		other.faults.add({
			method: 'POST',
			path: '/Zentrunk/Trunk/',
			times: 9,
			faults: [{ kind: 'status', status: 400, body: { error: `not for ${other.authToken}` } }],
		});
		const { json } = await run(plivo, 'provisioning', 'provisionInbound', inbound, {
			credentials,
			items: ofBoth(),
			continueOnFail: true,
		});
		expect(nth(json, 1).error).toContain('not for ***');
		expect(nth(json, 1).error).toContain('Nothing is left behind.');
		expect([plivo, other].map(({ state }) => [state.uris.size, state.trunks.size])).toEqual([
			[1, 1],
			[0, 0],
		]);
	});

	it('tried again: none takes a record for what another has left in doubt', async () => {
		const uri = { name: 'Acme', uri: 'acme.example.com;transport=tcp' };
		other.addUri(uri);
		plivo.faults.add({ method: 'POST', faults: [{ kind: 'reset' }] });
		plivo.faults.add({ method: 'GET', faults: [{ kind: 'status', status: 403 }] });
		other.faults.add({ method: 'POST', nth: 1, faults: [{ kind: 'status', status: 400 }] });
		const result = await run(
			plivo,
			'originationUri',
			'create',
			{ ...uri, options: { maxRetries: 0 } },
			{ credentials, items: ofBoth(), retry: { maxTries: 2, waitBetweenTries: 1 } },
		);
		expect(wordsOf(result)).toContain('may have been created');
		expect(other.state.uris.size).toBe(2);
	}, 30_000);

	it('tried again: each goes on with the number that it has itself rented', async () => {
		const stock = {
			country: 'UNITED STATES',
			type: 'local',
			voice_enabled: true,
			restriction: null,
		};
		[plivo, other].forEach((account, index) => {
			const number = `1415577999${index}`;
			account.add('stock', { ...stock, number, setup_rate: '0', monthly_rental_rate: '0.1' });
			const faults = [{ kind: 'status', status: 400 } as const];
			account.faults.add({ method: 'POST', path: '/Number/', nth: 1, faults });
		});
		const { json } = await run(
			plivo,
			'phoneNumber',
			'rent',
			{ country: 'US', maxMonthlyRate: 1, alias: 'Acme' },
			{ credentials, items: ofBoth(), retry: { maxTries: 2, waitBetweenTries: 1 } },
		);
		expect(json.map(({ number, rented }) => [number, rented])).toEqual([
			['14155779990', true],
			['14155779991', true],
		]);
	});

	it('are not sent where one has no account', async () => {
		const items = [...ofBoth(), { ...credentialsOf(plivo), authId: '' }];
		const create = async (continueOnFail: boolean) =>
			await run(
				plivo,
				'originationUri',
				'create',
				{ name: '=U {{ $itemIndex }}', uri: 'u.example.com;transport=tcp' },
				{ credentials, items, continueOnFail },
			);
		expect(wordsOf(await create(false))).toContain("'Auth ID' is empty");
		expect([...sentTo(plivo), ...sentTo(other)]).toEqual([]);
		const { json } = await create(true);
		expect(json.map(({ name, error }) => name ?? error)).toEqual([
			'U 0',
			'U 1',
			expect.stringContaining("'Auth ID' is empty"),
		]);
	});

	it('are not sent where the credential of one cannot be read', async () => {
		const items = [{ ...credentialsOf(plivo) }, {}];
		const unknown = {
			...credentials,
			authId: '={{ $json.authId ?? $("Nowhere").first().json.a }}',
		};
		const { json, error } = await run(
			plivo,
			'trunk',
			'getAll',
			{},
			{ credentials: unknown, items },
		);
		expect(error?.message).toContain("Referenced node doesn't exist");
		expect([json, sentTo(plivo)]).toEqual([[], []]);
	});
});

it('a list in the editor and the trigger know no item: a credential that needs one is refused', async () => {
	const credentials = { ...credentialsOf(plivo), authId: '={{ $json.authId }}' };
	const refused = { message: expect.stringMatching(/node does not exist|'Auth ID' is empty/) };
	const list = runListSearch(PlivoSipTrunking, 'searchTrunks', { credentials });
	await expect(list).rejects.toMatchObject(refused);
	await expect(activate(plivo, 'callEnded', {}, { credentials })).rejects.toMatchObject(refused);
	expect(sentTo(plivo)).toEqual([]);
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
