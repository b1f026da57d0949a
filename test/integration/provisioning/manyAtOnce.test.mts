/** Many customers in one run, and several runs at once. */
import type { IDataObject } from 'n8n-workflow';

import type { Variants } from '../../../simulator/simulator.mts';
import { fullState, newAccount, run, trunkPath, wordsOf } from '../../support/account.mts';
import { exactly, nth, only } from '../../support/elements.mts';
import {
	APPLICATION,
	PASSWORD,
	accountWithNumbers,
	applicationOf,
	deedsOf,
	listings,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

it('two runs for one customer: one makes, the other uses it', async () => {
	const account = await accountWithNumbers();
	account.options.latencyMs = 5;
	const parameters = { platform: 'elevenlabs', name: 'Acme', phoneNumbers: '14155550101' };
	const outputs = await Promise.all(
		[1, 2].map(async () => await provisioned(account, 'connectPlatform', parameters)),
	);
	const [one, other] = exactly(
		2,
		outputs.map((output) => new Set(deedsOf(output).map((d) => d.split(' ')[0]))),
	);
	expect([...one, ...other].sort()).toEqual(['created', 'reused', 'routed']);
	expect(outputs.filter((output) => 'password' in output)).toHaveLength(1);
	expect(account.state.trunks.size).toBe(2);
	expect(account.state.credentials.size).toBe(1);
});

it('two customers of one platform side by side, where Plivo takes its address once', async () => {
	const account = await accountWithNumbers({ uri: 'one' });
	account.options.latencyMs = 5;
	const outputs = await Promise.all(
		['Acme', 'Bolt'].map(
			async (name, index) =>
				await provisioned(account, 'connectPlatform', {
					platform: 'elevenlabs',
					name,
					phoneNumbers: `1415555010${index + 1}`,
				}),
		),
	);
	const { uri_uuid } = only(account.state.uris.values());
	for (const { inbound_trunk } of outputs) {
		expect(inbound_trunk).toMatchObject({ primary_uri_uuid: uri_uuid });
	}
	expect(account.state.trunks.size).toBe(4);
});

it('two customers who want the same number: one gets it, the other is told', async () => {
	const account = await accountWithNumbers();
	account.options.latencyMs = 5;
	const outcomes = await Promise.all(
		['Acme', 'Bolt'].map(
			async (name) =>
				await provision(account, 'provisionInbound', {
					name,
					primaryUri: `${name}.example.com;transport=tcp`,
					phoneNumbers: '14155550101',
				}),
		),
	);
	const failed = outcomes.filter(({ error }) => error);
	expect(failed).toHaveLength(1);
	expect(wordsOf(failed[0]!)).toMatch(/14155550101 is routed to trunk "(Acme|Bolt) inbound"/);
	expect(account.state.trunks.size).toBe(1);
	expect(account.state.uris.size).toBe(1);
});

it.each<Partial<Variants>>([
	{ names: 'none' },
	{ names: 'none', time: 'missing' },
	{ names: 'none', late: 60 },
	{ names: 'direction' },
])(
	'a twin that another process makes at the same moment: one customer, theirs or ours (%j)',
	async (variants) => {
		const account = await accountWithNumbers(variants);
		// Theirs comes right before ours, once for each kind.
		const made = new Set<string>();
		account.onRequest(({ method, path, body }) => {
			const kind = { '/Zentrunk/Credential/': 'credentials', '/Zentrunk/Trunk/': 'trunks' }[path];
			if (method !== 'POST' || !kind || made.has(kind)) return;
			made.add(kind);
			account.add(kind as 'trunks', {
				...(body as object),
				...(kind === 'credentials' && { password: 'Theirs#1' }),
			});
		});
		const output = await provisioned(account, 'provisionOutbound', {
			name: 'Acme',
			username: 'acmepbx',
		});
		expect(account.state.credentials.size).toBe(1);
		expect(account.state.trunks.size).toBe(1);
		// The password is theirs to show.
		expect(only(account.state.credentials.values()).password).toBe('Theirs#1');
		expect(output).not.toHaveProperty('password');
		expect(String(output.warnings)).toContain('with their password');
		expect(only(account.state.trunks.values())).toMatchObject({
			trunk_id: output.trunk_id,
			credential_uuid: only(account.state.credentials.values()).credential_uuid,
		});
	},
);

it('a second record of ours that can’t be removed is named', async () => {
	const account = await newAccount();
	let theirs = '';
	account.onRequest(({ method, path, body }) => {
		if (method !== 'POST' || path !== '/Zentrunk/Credential/' || theirs) return;
		theirs = String(account.add('credentials', { ...(body as object) }).credential_uuid);
	});
	account.faults.add({ method: 'DELETE', faults: [{ kind: 'status', status: 400 }] });
	const { error, json } = await provision(account, 'provisionOutbound', { name: 'Acme' });
	const [ours] = [...account.state.credentials.keys()].filter((id) => id !== theirs);
	const said = error ? `${error.message} ${error.description ?? ''}` : JSON.stringify(json);
	expect(said).toContain(ours);
});

it('a twin that stays is the one: ours gives way', async () => {
	const account = await newAccount({ variants: { names: 'none' } });
	let theirs = '';
	account.onRequest(({ method, path }) => {
		const [ours] = account.state.trunks.values();
		if (method !== 'GET' || path !== '/Zentrunk/Trunk/' || !ours || theirs) return;
		theirs = String(account.add('trunks', { ...ours, trunk_id: '21784199900000099' }).trunk_id);
	});
	const output = await provisioned(account, 'provisionOutbound', { name: 'Acme' });
	expect(theirs).not.toBe('');
	// It doesn't give way, so it had looked before ours was there: ours does.
	expect(output.trunk_id).toBe(theirs);
	expect(account.state.trunks.size).toBe(1);
});

it('one customer in several items of a run', async () => {
	const account = await newAccount();
	const { json, error } = await run(
		account,
		'provisioning',
		'provisionOutbound',
		{ name: '={{ $json.name }}' },
		{ items: ['Acme', 'Bolt', 'Acme', 'Acme'].map((name) => ({ name })) },
	);
	expect(error).toBeUndefined();
	expect(json.map(({ name }) => name)).toEqual(
		['Acme', 'Bolt', 'Acme', 'Acme'].map((name) => `${name} outbound`),
	);
	expect(account.state.trunks.size).toBe(2);
	// Each customer's password once, and it is the one that works.
	const shown = json.flatMap(({ password }) => password ?? []);
	expect(shown.sort()).toEqual(
		[...account.state.credentials.values()].map(({ password }) => password).sort(),
	);
});

it('25 customers in one run: each whole, no list read again and again', async () => {
	const account = await newAccount();
	account.add('applications', { app_id: APPLICATION });
	const items = Array.from({ length: 25 }, (_, index) => {
		const { number } = account.add('numbers', { application: applicationOf(account) });
		return { name: `Customer ${index}`, number: String(number) };
	});
	const parameters = {
		platform: 'elevenlabs',
		name: '={{ $json.name }}',
		phoneNumbers: '={{ $json.number }}',
	};
	const first = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
	expect(first.error).toBeUndefined();
	expect(first.items.map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	first.json.forEach(({ name, inbound_trunk, password }, index) => {
		expect(name).toBe(nth(items, index).name);
		expect(password).toMatch(PASSWORD);
		expect(account.state.numbers.get(nth(items, index).number)?.application).toBe(
			trunkPath(account, (inbound_trunk as IDataObject).trunk_id),
		);
	});
	expect(account.state.trunks.size).toBe(50);
	expect(account.state.credentials.size).toBe(25);
	expect(account.state.uris.size).toBe(25);
	// Per customer: four records made, two of them read back, one number read, read again and routed.
	expect(account.requests.length).toBeLessThanOrEqual(10 * items.length);
	expect(listings(account)).toBeLessThanOrEqual(30);
	expect(account.requests.filter(({ status }) => status === 429)).toEqual([]);

	const before = fullState(account);
	account.clearRequests();
	const second = await run(account, 'provisioning', 'connectPlatform', parameters, { items });
	expect(second.error).toBeUndefined();
	expect(fullState(account)).toEqual(before);
	expect(account.requests.length).toBeLessThanOrEqual(9 * items.length);
	// The lists are known: a look at their ends tells that nobody else has changed them.
	expect(listings(account)).toBeLessThanOrEqual(10);
}, 60_000);

it('a customer who fails does not stop the others', async () => {
	const account = await newAccount();
	const { json, error } = await run(
		account,
		'provisioning',
		'provisionOutbound',
		{ name: '={{ $json.name }}' },
		{ items: [{ name: 'Acme' }, { name: '' }, { name: 'Bolt' }], continueOnFail: true },
	);
	expect(error).toBeUndefined();
	expect(json).toMatchObject([
		{ name: 'Acme outbound' },
		{ error: "'Name' is empty" },
		{ name: 'Bolt outbound' },
	]);
});
