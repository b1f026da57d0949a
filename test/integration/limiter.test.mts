import type { INodeParameters } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { accountAt } from '../../nodes/PlivoSipTrunking/transport/channel.ts';
import { runNode } from '../support/engine.mts';
import { usePlivo } from '../support/plivo.mts';

const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'originationUri',
	operation: 'create',
	name: '={{ $json.name }}',
	uri: '={{ $json.name }}.example.com;transport=tcp',
	...more,
});

const items = (count: number, prefix = 'u') =>
	Array.from({ length: count }, (_, number) => ({ name: `${prefix}${number}` }));

describe('an account with the rate limit of Plivo', () => {
	const plivo = usePlivo();
	const statuses = () => new Set(plivo.simulator.requests.map(({ status }) => status));

	it('takes more creates than a window holds: one request each, none refused', async () => {
		const { json, error } = await plivo.run(create(), items(400));
		expect(error).toBeUndefined();
		expect(json.map(({ name }) => name)).toEqual(items(400).map(({ name }) => name));
		expect(plivo.simulator.requests).toHaveLength(400);
		expect(statuses()).toEqual(new Set([201]));
	}, 30_000);
});

describe('an account that several executions use', () => {
	const plivo = usePlivo();

	it('serves a run of one item before a run of hundreds has ended', async () => {
		const many = plivo.run(create(), items(450, 'many'));
		const one = plivo.run(create(), items(1, 'one'));
		await Promise.all([many, one]);
		const names = plivo.simulator.requests.map(({ body }) => (body as { name: string }).name);
		expect(names).toHaveLength(451);
		expect(names.indexOf('one0')).toBeLessThan(10);
	}, 30_000);
});

describe('a 429', () => {
	const plivo = usePlivo({ rateLimit: false });

	it('that comes now and then is waited out and never surfaces', async () => {
		plivo.simulator.faults.add({
			method: 'POST',
			probability: 0.1,
			randomSeed: 7,
			faults: [{ kind: 'status', status: 429 }],
		});
		const { json, error } = await plivo.run(create(), items(150));
		expect(error).toBeUndefined();
		expect(json).toHaveLength(150);
		expect(plivo.simulator.state.uris.size).toBe(150);
		const refused = plivo.simulator.requests.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(5);
		expect(plivo.simulator.requests).toHaveLength(150 + refused.length);
	}, 30_000);

	it('is not counted against Max Retries while others get through', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.05);
		plivo.simulator.faults.add({
			method: 'GET',
			path: /\/slow\//,
			times: 4,
			faults: [{ kind: 'status', status: 429 }],
		});
		plivo.simulator.addUri({ uri_uuid: 'slow' });
		plivo.simulator.addUri({ uri_uuid: 'quick' });
		const get = async (id: string, maxRetries: number) =>
			await plivo.run({
				resource: 'originationUri',
				operation: 'get',
				originationUriId: id,
				options: { maxRetries },
			});
		let ended = false;
		const slow = get('slow', 1).finally(() => (ended = true));
		while (!ended) await get('quick', 0);
		expect((await slow).error).toBeUndefined();
		jest.restoreAllMocks();
	});

	it('with Retry-After holds back every request of the account', async () => {
		plivo.simulator.faults.add({
			times: 1,
			faults: [{ kind: 'status', status: 429, retryAfter: 1 }],
		});
		const uris = [1, 2, 3].map(() => plivo.simulator.addUri());
		const get = async (index: number) =>
			await plivo.run({
				resource: 'originationUri',
				operation: 'get',
				originationUriId: String(uris[index].uri_uuid),
			});
		const first = get(0);
		while (plivo.simulator.requests[0]?.status !== 429) await new Promise(setImmediate);
		await new Promise((resolve) => setTimeout(resolve, 50));
		await Promise.all([first, get(1), get(2)]);
		const [refused, ...others] = plivo.simulator.requests.map(({ at }) => at);
		expect(others).toHaveLength(3);
		for (const at of others) expect(at - refused).toBeGreaterThanOrEqual(990);
	});
});

describe('the limiter', () => {
	const plivo = usePlivo({ rateLimit: false });

	it('is one for all credentials of an account, and another for another account', async () => {
		const uri = plivo.simulator.addUri();
		const { authId, authToken, baseUrl } = plivo.credentials;
		const run = async (baseUrlAsTyped: string) =>
			await runNode(PlivoSipTrunking, {
				parameters: {
					resource: 'originationUri',
					operation: 'get',
					originationUriId: String(uri.uri_uuid),
				},
				credentials: { authId, authToken, baseUrl: baseUrlAsTyped },
			});
		const account = accountAt(`${baseUrl}/Account/${authId}`);
		const other = accountAt(`${baseUrl}/Account/MAOTHER`);
		await run(baseUrl);
		await run(` ${baseUrl}/\n`);
		expect(account.limiter.accepted()).toBe(2);
		expect(other.limiter.accepted()).toBe(0);
	});

	it('spends no request that is not needed', async () => {
		const uri = plivo.simulator.addUri();
		const trunk = plivo.simulator.addTrunk({
			trunk_direction: 'inbound',
			primary_uri_uuid: uri.uri_uuid,
		});
		const trunkId = String(trunk.trunk_id);
		const lines = async (parameters: INodeParameters) => {
			plivo.simulator.clearRequests();
			const { error } = await plivo.run(parameters);
			expect(error).toBeUndefined();
			return plivo.sent().map(([line]) => line.replace(/\/[0-9a-f-]{15,}\//, '/ID/'));
		};
		const trunkOf = (operation: string, more: INodeParameters = {}) =>
			lines({ resource: 'trunk', operation, trunkId, ...more });

		expect(await lines(create({ name: 'A', uri: 'a.example.com' }))).toEqual([
			'POST /Zentrunk/URI/',
		]);
		expect(
			await lines({
				resource: 'trunk',
				operation: 'create',
				name: 'T',
				trunkDirection: 'inbound',
				primaryUriId: String(uri.uri_uuid),
			}),
		).toEqual(['POST /Zentrunk/Trunk/', 'GET /Zentrunk/Trunk/ID/']);
		expect(await trunkOf('get')).toEqual(['GET /Zentrunk/Trunk/ID/']);
		expect(await trunkOf('disable')).toEqual([
			'GET /Zentrunk/Trunk/ID/',
			'POST /Zentrunk/Trunk/ID/',
			'GET /Zentrunk/Trunk/ID/',
		]);
		expect(await trunkOf('update', { updateFields: { trunkDirection: 'inbound' } })).toEqual([
			'GET /Zentrunk/Trunk/ID/',
			'POST /Zentrunk/Trunk/ID/',
			'GET /Zentrunk/Trunk/ID/',
		]);
	});

	it("checks the use of what a run deletes by Plivo's filters, however many trunks there are", async () => {
		plivo.simulator.seed({ trunks: 90 });
		const uris = Array.from({ length: 40 }, () => ({ id: plivo.simulator.addUri().uri_uuid }));
		const { json, error } = await plivo.run(
			{ resource: 'originationUri', operation: 'delete', originationUriId: '={{ $json.id }}' },
			uris as Array<{ id: string }>,
		);
		expect(error).toBeUndefined();
		expect(json).toHaveLength(40);
		const asked = plivo.simulator.requests.filter(({ method }) => method === 'GET');
		const filters = asked.map(({ query: { limit: _limit, offset: _offset, ...filter } }) => filter);
		const expected = uris.flatMap(({ id }) => [
			{ primary_uri_uuid: id },
			{ fallback_uri_uuid: id },
		]);
		const sorted = (list: object[]) => list.map((entry) => JSON.stringify(entry)).sort();
		expect(sorted(filters)).toEqual(sorted(expected));
		expect(plivo.simulator.requests).toHaveLength(3 * 40);
	});
});
