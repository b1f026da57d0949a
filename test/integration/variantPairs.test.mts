import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { plivoTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import { settling } from '../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Fault } from '../../simulator/faults.mts';
import type { Simulator, Variants } from '../../simulator/simulator.mts';
import { VARIANT_CHOICES } from '../../simulator/variants.mts';
import {
	activate,
	applicationPath,
	closeAccounts,
	newAccount,
	outputOf,
	picture,
	run,
	trunkPath,
	wordsOf,
	writesOf,
} from '../support/account.mts';
import { someOf } from '../support/lane.mts';
import { allPairs, pairsOf, pairwise } from '../support/pairwise.mts';
import { sideBySide } from '../support/sideBySide.mts';

/**
 * Whatever Plivo does where nobody has seen what it does: the whole life of a customer, in rows in which each
 * variant meets every other one. `FC_SEED=$RANDOM npm run test:long` looks at other rows.
 */

// Longer than all that comes late here.
beforeEach(() => void jest.replaceProperty(settling, 'ms', 150));
afterEach(closeAccounts);
afterAll(() => void jest.restoreAllMocks());
jest.setTimeout(240_000);

const CHOICES = { ...VARIANT_CHOICES, late: [0, 60], slow: [30, 90] } as const;

const ROWS: Array<Partial<Variants>> = pairwise(CHOICES, Number(process.env.FC_SEED ?? 20_261_126));

const APPLICATION = '16638156000000777';
const ELEVENLABS = 'sip.rtc.elevenlabs.io:5060;transport=tcp';

/** An account in use: another customer, who has the address of the platform already, and four live numbers. */
async function accountInUse(variants: Partial<Variants>): Promise<Simulator> {
	const account = await newAccount({ variants });
	account.addApplication({ app_id: APPLICATION });
	const { uri_uuid } = account.addUri({ name: 'Others', uri: ELEVENLABS });
	const { trunk_id } = account.addTrunk({
		name: 'Others inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri_uuid,
	});
	const papers = account.addComplianceApplication({ status: 'accepted' });
	const toApplication = applicationPath(account, APPLICATION);
	account.addNumber({ number: '14155550101', application: toApplication });
	account.addNumber({ number: '14155550102', application: toApplication });
	account.addNumber({
		number: '912212345678',
		country: 'India',
		application: toApplication,
		compliance_application_id: papers.compliance_application_id,
	});
	account.addNumber({
		number: '14155550104',
		application: trunkPath(account, trunk_id),
	});
	return account;
}

/** The numbers of an account that reach nobody. */
function deadNumbers({ state }: Simulator): string[] {
	return [...state.numbers.values()]
		.filter(({ application }) => {
			const [, type, id = ''] = /(Trunk|Application)\/([^/]+)\/$/.exec(String(application)) ?? [];
			if (type === 'Application') return !state.applications.has(id);
			const trunk = state.trunks.get(id);
			return !(
				trunk?.trunk_direction === 'inbound' &&
				trunk.trunk_status !== 'disabled' &&
				state.uris.has(String(trunk.primary_uri_uuid))
			);
		})
		.map(({ number }) => String(number));
}

/** Nothing here hangs for good: an answer that only a busy machine keeps back is waited for. */
const PATIENCE = { maxRetries: 3, timeout: 60 };

const perform = async (
	account: Simulator,
	resource: string,
	operation: string,
	{ options = {}, ...parameters }: INodeParameters,
) =>
	await run(account, resource, operation, {
		...parameters,
		options: { ...PATIENCE, ...(options as INodeParameters) },
	});

const PROVISIONINGS: Array<[operation: string, parameters: INodeParameters]> = [
	[
		'connectPlatform',
		{
			platform: 'elevenlabs',
			name: 'Acme',
			username: 'acmepbx',
			phoneNumbers: '+1 415 555 0101',
		},
	],
	['provisionOutbound', { name: 'Bolt', sipAuthentication: 'newIpAcl', ipAddresses: '192.0.2.7' }],
	[
		'provisionInbound',
		{
			name: 'Bolt',
			primaryUri: 'bolt.example.com;transport=tls',
			fallbackUri: 'bolt2.example.com;transport=tls',
			phoneNumbers: '+1 415 555 0102, +91 22 1234 5678',
		},
	],
];

const idsOf = ({ state: { trunks, uris, credentials, ipacls } }: Simulator) =>
	[trunks, uris, credentials, ipacls].flatMap((records) => [...records.keys()]).sort();

const UPSERTS: Array<[resource: string, idField: string, idParameter: string, INodeParameters]> = [
	[
		'originationUri',
		'uri_uuid',
		'originationUriId',
		{ name: 'Spare', uri: 'spare.example.com;transport=tcp' },
	],
	[
		'credential',
		'credential_uuid',
		'credentialId',
		{ name: 'Spare', username: 'spare', password: 'Given_123' },
	],
	['ipAccessControlList', 'ipacl_uuid', 'ipAclId', { name: 'Spare', ipAddresses: '192.0.2.9' }],
];

const seenBy = async (account: Simulator) => {
	return {
		trunks: await activate(account, 'trunkChanged'),
		calls: await activate(account, 'callEnded'),
	};
};

/** The life of two customers beside another one; what isn't as it is to be is told. */
async function life(variants: Partial<Variants>): Promise<void> {
	const account = await accountInUse(variants);
	const before = picture(account);
	const dead = new Set<string>();
	const unwatch = account.onRequest(() => {
		for (const number of deadNumbers(account)) dead.add(number);
	});
	const { trunks, calls } = await seenBy(account);

	// Twice: the same records, and nothing is written by the second run.
	for (const [operation, parameters] of PROVISIONINGS) {
		const first = outputOf(await perform(account, 'provisioning', operation, parameters));
		const [then, ids] = [picture(account), idsOf(account)];
		account.clearRequests();
		const second = outputOf(await perform(account, 'provisioning', operation, parameters));
		expect([operation, writesOf(account), idsOf(account)]).toEqual([operation, [], ids]);
		expect(picture(account)).toEqual(then);
		expect(second.trunk_id).toEqual(first.trunk_id);
	}

	for (const [resource, idField, , parameters] of UPSERTS) {
		const one = outputOf(await perform(account, resource, 'upsert', parameters));
		const other = outputOf(await perform(account, resource, 'upsert', parameters));
		expect([resource, one.created, other.created]).toEqual([resource, true, false]);
		expect(other[idField]).toBe(one[idField]);
	}
	const [uri] = [...account.state.uris.values()].filter(({ name }) => name === 'Spare');
	const trunk = {
		name: 'Spare inbound',
		trunkDirection: 'inbound',
		primaryUriId: String(uri?.uri_uuid),
	};
	const made = outputOf(await perform(account, 'trunk', 'upsert', trunk));
	const found = outputOf(await perform(account, 'trunk', 'upsert', trunk));
	expect([made.created, found.created, found.trunk_id]).toEqual([true, false, made.trunk_id]);

	// Lists: all, each once; and of one trunk alone.
	const listed = await perform(account, 'trunk', 'getAll', { returnAll: true });
	const known = listed.json.map(({ trunk_id: id }) => String(id)).sort();
	expect(known).toEqual([...account.state.trunks.keys()].sort());
	const filters = { trunkId: String(made.trunk_id) };
	expect((await perform(account, 'phoneNumber', 'getAll', { filters })).json).toEqual([]);

	// Routes: there and back, and what Unroute says is what is.
	const phoneNumber = '14155550101';
	const acme = String(account.state.numbers.get(phoneNumber)?.application);
	const trunkId = String(made.trunk_id);
	const routed = outputOf(
		await perform(account, 'phoneNumber', 'routeToTrunk', { phoneNumber, trunkId }),
	);
	expect(routed.previous_application).toBe(acme);
	outputOf(
		await perform(account, 'phoneNumber', 'routeToTrunk', {
			phoneNumber,
			trunkId: /(\d+)\/$/.exec(acme)?.[1] ?? '',
		}),
	);
	unwatch();
	expect([...dead]).toEqual([]);
	const unrouted = outputOf(await perform(account, 'phoneNumber', 'unroute', { phoneNumber }));
	const route = account.state.numbers.get(phoneNumber)?.application ?? null;
	expect([unrouted.unrouted, route === null]).toEqual(
		variants.clear === 'clears' ? [true, true] : [false, false],
	);
	outputOf(
		await perform(account, 'phoneNumber', 'routeToApplication', {
			phoneNumber,
			applicationId: APPLICATION,
		}),
	);

	// The trigger: each trunk and call once.
	account.addCall({ end_time: plivoTime(Date.now()) });
	await new Promise((go) => setTimeout(go, 70));
	for (const node of [trunks, calls, trunks, calls]) await node.poll();
	expect([...trunks.errors, ...calls.errors]).toEqual([]);
	expect(trunks.emitted.map(({ trunk_id: id }) => String(id)).sort()).toEqual(
		known.filter((id) => account.state.trunks.get(id)?.name !== 'Others inbound'),
	);
	expect(calls.emitted).toHaveLength(1);

	// What is in use stays; the rest goes.
	const inUse = { originationUriId: String(uri?.uri_uuid) };
	expect(wordsOf(await perform(account, 'originationUri', 'delete', inUse))).toContain(
		'Spare inbound',
	);
	outputOf(await perform(account, 'trunk', 'delete', { trunkId }));
	for (const [resource, idField, idParameter] of UPSERTS) {
		const kind = { originationUri: 'uris', credential: 'credentials' }[resource] ?? 'ipacls';
		const records = [...account.state[kind as 'uris'].values()];
		const id = String(records.find(({ name }) => name === 'Spare')?.[idField]);
		outputOf(await perform(account, resource, 'delete', { [idParameter]: id }));
	}

	// A number: once, twice, and gone.
	const rent = { country: 'US', maxMonthlyRate: 1, alias: 'Acme' };
	const rented = outputOf(await perform(account, 'phoneNumber', 'rent', rent));
	const again = outputOf(await perform(account, 'phoneNumber', 'rent', rent));
	expect([rented.rented, again.rented, again.number]).toEqual([true, false, rented.number]);
	expect(account.state.rents.size).toBe(1);
	outputOf(
		await perform(account, 'phoneNumber', 'release', { phoneNumber: String(rented.number) }),
	);

	// Taken down, the account is as it was.
	const rewatch = account.onRequest(() => {
		for (const number of deadNumbers(account)) dead.add(number);
	});
	const mine = [...account.state.trunks.values()].filter(({ name }) => name !== 'Others inbound');
	expect(mine).toHaveLength(4);
	for (const { trunk_id: id } of mine) {
		const options = { rerouteToApplicationId: APPLICATION };
		const parameters = { trunkId: String(id), options };
		outputOf(await perform(account, 'provisioning', 'deprovision', parameters));
	}
	rewatch();
	expect([...dead]).toEqual([]);
	expect(picture(account)).toEqual(before);
	expect(deadNumbers(account)).toEqual([]);
}

/** All that can't be taken back, as an error says it. */
const WHY_LEFT = /the old password is not known|had no value before|it is still routed to/;

const LOST: Fault[] = [
	{ kind: 'status', status: 500, done: true },
	{ kind: 'slow', as: 'reset' },
	{ kind: 'slow', as: 'gateway' },
	{ kind: 'status', status: 429, retryAfter: 0 },
];

interface Fall {
	readonly row: number;
	readonly operation: string;
	readonly parameters: INodeParameters;
	/** Of the writes. */
	readonly nth: number;
	/** What the provisioning comes to. */
	readonly wanted: string;
}

/** Each write of each provisioning in each row. */
async function writesIn(variants: Partial<Variants>, row: number): Promise<Fall[]> {
	const all: Fall[] = [];
	for (const [operation, parameters] of PROVISIONINGS) {
		const account = await accountInUse(variants);
		outputOf(await perform(account, 'provisioning', operation, parameters));
		const wanted = JSON.stringify(picture(account));
		writesOf(account).forEach((_, index) =>
			all.push({ row, operation, parameters, nth: index + 1, wanted }),
		);
		await account.close();
	}
	return all;
}

const told = ({ row, operation, nth }: Fall) =>
	`${operation}, write ${nth}, ${JSON.stringify(ROWS[row])}`;

it('each pair of choices is in a row, and the rows are few', () => {
	const covered = new Set(ROWS.flatMap((row) => pairsOf(row as IDataObject)));
	expect(allPairs(CHOICES).filter((pair) => !covered.has(pair))).toEqual([]);
	expect(ROWS.length).toBeLessThan(30);
});

it('provisioned twice, listed, routed, rented, triggered and taken down: as before, and no number dead', async () => {
	const wrong = await sideBySide(someOf([...ROWS.entries()], 7), 10, async ([, variants]) =>
		life(variants).then(
			() => [],
			(error: Error) => [`${JSON.stringify(variants)}: ${error.message}`],
		),
	);
	expect(wrong.flat()).toEqual([]);
});

it('a step that is refused leaves nothing; an answer that is lost changes nothing', async () => {
	const rows = someOf([...ROWS.entries()], 7);
	const all = (
		await sideBySide(rows, 8, async ([row, variants]) => await writesIn(variants, row))
	).flat();
	expect(all.length).toBeGreaterThan(rows.length * 8);
	const wrong = await sideBySide(someOf(all, 7), 12, async (fall) => {
		const { row, operation, parameters, nth, wanted } = fall;
		const problems: string[] = [];
		const refused = await accountInUse(ROWS[row] ?? {});
		const before = JSON.stringify(picture(refused));
		refused.faults.add({ method: 'POST', nth, faults: [{ kind: 'status', status: 400 }] });
		const outcome = await perform(refused, 'provisioning', operation, parameters);
		const words = outcome.error ? wordsOf(outcome) : 'no error';
		const after = JSON.stringify(picture(refused));
		// A refusal may be got over: as where Plivo would have refused a second record anyway.
		const isRight = outcome.error ? after === before || WHY_LEFT.test(words) : after === wanted;
		if (!isRight) problems.push(`${told(fall)}: refused: ${words} ${after}`);
		const dead = deadNumbers(refused);
		if (dead.length > 0) problems.push(`${told(fall)}: refused: dead ${dead.join()}`);
		await refused.close();

		const lossy = await accountInUse(ROWS[row] ?? {});
		lossy.faults.add({ method: 'POST', nth, faults: [LOST[(nth + row) % LOST.length] as Fault] });
		const { error } = await perform(lossy, 'provisioning', operation, parameters);
		if (error) problems.push(`${told(fall)}: lost: ${error.message} ${error.description ?? ''}`);
		const end = JSON.stringify(picture(lossy));
		if (end !== wanted) problems.push(`${told(fall)}: lost: ended as ${end}`);
		await lossy.close();
		return problems;
	});
	expect(wrong.flat()).toEqual([]);
});
