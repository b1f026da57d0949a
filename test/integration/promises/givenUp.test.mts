import type { Fault } from '../../../simulator/simulator.mts';
import { closeAccounts, newAccount, outputOf, run } from '../../support/account.mts';
import { allCarriedOut, onceBefore, settleIn } from './helper.mts';

beforeEach(() => settleIn(600));
afterEach(() => jest.restoreAllMocks());
afterEach(closeAccounts);

const URI = { name: 'Acme', uri: 'pbx.acme.com;transport=tcp' };

/** Another process makes the same URI at the same moment, with the smaller ID. */
async function twinAccount() {
	const simulator = await newAccount({ variants: { names: 'none' } });
	let twin = '';
	onceBefore(
		simulator,
		({ method, path }) =>
			method === 'GET' && path === '/Zentrunk/URI/' && simulator.state.uris.size > 0,
		() => {
			twin = '00000000-0000-4000-8000-000000000000';
			simulator.addUri({ ...URI, uri_uuid: twin });
		},
	);
	return { simulator, twin: () => twin };
}

/** The same; ours is deleted late. */
async function deletedLate() {
	const account = await twinAccount();
	account.simulator.faults.add({
		method: 'DELETE',
		path: /\/URI\/[^/]+\/$/,
		times: 1,
		faults: [{ kind: 'slow', as: 'reset', ms: 300 }],
	});
	return account;
}

it('a twin of ours that somebody else deletes before us is not the answer of an upsert', async () => {
	const { simulator, twin } = await twinAccount();
	const { uris } = simulator.state;
	onceBefore(
		simulator,
		({ method }) => method === 'DELETE',
		({ path }) => void uris.delete(path.split('/').at(-2) ?? ''),
	);
	const output = outputOf(await run(simulator, 'originationUri', 'upsert', URI));
	expect([...uris.keys()]).toEqual([twin()]);
	expect(output).toMatchObject({ uri_uuid: twin(), created: false });
	expect(output).not.toHaveProperty('warnings');
});

it.each<[string, string, Fault[]]>([
	['before ours goes', 'GET', []],
	['while ours is to go', 'DELETE', [{ kind: 'status', status: 503, retryAfter: 2 }]],
])('a twin of ours that somebody else deletes %s leaves us ours', async (_when, asked, faults) => {
	const { simulator, twin } = await twinAccount();
	const { uris } = simulator.state;
	if (faults.length > 0) simulator.faults.add({ method: 'DELETE', times: 1, faults });
	onceBefore(
		simulator,
		({ method, path }) => method === asked && /URI\/[^/]+\/$/.test(path),
		() => void uris.delete(twin()),
	);
	const output = outputOf(await run(simulator, 'originationUri', 'upsert', URI));
	expect(output.created).toBe(true);
	expect([...uris.keys()]).toEqual([output.uri_uuid]);
	expect(output).not.toHaveProperty('warnings');
});

describe('a twin of ours whose delete gets no answer, and is carried out later', () => {
	it('is not the answer of an upsert', async () => {
		const { simulator, twin } = await deletedLate();
		const output = outputOf(
			await run(simulator, 'originationUri', 'upsert', { ...URI, options: { maxRetries: 0 } }),
		);
		await allCarriedOut(simulator);
		expect([...simulator.state.uris.keys()]).toEqual([twin()]);
		expect(output.uri_uuid).toBe(twin());
	});

	it('takes no trunk with it', async () => {
		const { simulator } = await deletedLate();
		const output = outputOf(
			await run(simulator, 'provisioning', 'provisionInbound', {
				name: URI.name,
				primaryUri: URI.uri,
				options: { maxRetries: 0 },
			}),
		);
		await allCarriedOut(simulator);
		expect([...simulator.state.trunks.keys()]).toEqual([output.trunk_id]);
	});
});
