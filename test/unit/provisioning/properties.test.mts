import fc from '../../support/fastCheck.mts';
import { LONG } from '../../support/lane.mts';
import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import {
	connectPlatform,
	deprovision,
	provisionInbound,
	provisionOutbound,
} from '../../../nodes/PlivoSipTrunking/provisioning/index.ts';
import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import { createPlivo, type Plivo, type Variants } from '../../../simulator/plivo.mts';
import { randomFrom } from '../../../simulator/random.mts';
import { runOn, stateOf } from './memory.mts';

/** For random accounts and wishes: a plan is complete, and every beginning of it can be undone. */

beforeEach(() => void jest.replaceProperty(settling, 'ms', 5));
afterEach(() => void jest.restoreAllMocks());
jest.setTimeout(120_000);

const RUNS = Number(process.env.RUNS ?? (LONG ? 120 : 25));

/** Names that meet those of the customer Acme, and some that don't. */
const TRUNK_NAMES = [
	'Acme',
	'Acme inbound',
	'Acme outbound',
	'Bolt inbound',
	'Bolt outbound',
	'Old',
	// The same to a reader.
	' Acme\u00a0 inbound',
	'Acme outbound\u200b',
];
const NAMES = ['Acme', 'Acme fallback', 'Bolt', 'Old', 'Ac\u200bme '];
const ADDRESSES = ['pbx.example.com;transport=tcp', 'sip.vapi.ai;transport=udp', 'old.example.com'];
const NUMBERS = ['14155550101', '14155550102', '14155550103'];
const APPLICATION = '16638156000000777';
/** A trunk that is no longer there. */
const DEAD = '21784100000000999';

/** What is on an account; references and routes by place. */
interface Before {
	uris: Array<{ name: string; uri: string }>;
	credentials: Array<{ name: string; username: string }>;
	ipacls: Array<{ name: string; ip_addresses: string[] }>;
	trunks: Array<{
		name: string;
		inbound: boolean;
		disabled: boolean;
		secure: boolean;
		/** Primary URI or credential; fallback URI or IP list. */
		first: number;
		second: number | null;
		/** Of an outbound trunk. */
		byIpAcl: boolean;
	}>;
	/** `app`, nothing, or the place of a trunk. */
	routes: Array<'app' | 'dead' | null | number>;
	/** Something that trunks refer to, or that nothing does, is no longer there. */
	gone: ReadonlyArray<{ kind: 'uris' | 'credentials' | 'ipacls'; index: number }>;
	variants: Partial<Variants>;
}

const place = fc.nat(7);

const before: fc.Arbitrary<Before> = fc.record({
	uris: fc.array(
		fc.record({ name: fc.constantFrom(...NAMES), uri: fc.constantFrom(...ADDRESSES) }),
		{ maxLength: 4 },
	),
	credentials: fc.array(
		fc.record({
			name: fc.constantFrom(...NAMES),
			username: fc.constantFrom('acmepbx', 'boltpbx'),
		}),
		{ maxLength: 3 },
	),
	ipacls: fc.array(
		fc.record({
			name: fc.constantFrom(...NAMES),
			ip_addresses: fc.constantFrom(['203.0.113.5'], ['198.51.100.7', '203.0.113.5/32']),
		}),
		{ maxLength: 3 },
	),
	trunks: fc.array(
		fc.record({
			name: fc.constantFrom(...TRUNK_NAMES),
			inbound: fc.boolean(),
			disabled: fc.boolean(),
			secure: fc.boolean(),
			first: place,
			second: fc.option(place),
			byIpAcl: fc.boolean(),
		}),
		{ maxLength: 5 },
	),
	routes: fc.array(fc.oneof(fc.constantFrom('app' as const, 'dead' as const, null), place), {
		minLength: NUMBERS.length,
		maxLength: NUMBERS.length,
	}),
	gone: fc.oneof(
		{ weight: 3, arbitrary: fc.constant([]) },
		{
			weight: 1,
			arbitrary: fc.array(
				fc.record({
					kind: fc.constantFrom('uris' as const, 'credentials' as const, 'ipacls' as const),
					index: place,
				}),
				{ maxLength: 2 },
			),
		},
	),
	variants: fc.record({
		names: fc.constantFrom('account' as const, 'direction' as const, 'none' as const),
		othernames: fc.constantFrom('none' as const, 'unique' as const),
		taken: fc.constantFrom('400' as const, '409' as const, '422' as const),
		uri: fc.constantFrom('many' as const, 'one' as const),
		clear: fc.constantFrom('refused' as const, 'clears' as const, 'ignored' as const),
		detach: fc.constantFrom('gone' as const, 'dead' as const),
		order: fc.constantFrom('newest' as const, 'oldest' as const, 'id' as const),
		time: fc.constantFrom('T' as const, 'space' as const, 'missing' as const),
		secure: fc.constantFrom('accepted' as const, 'refused' as const),
	}),
});

/** The account; the same each time, ids included. What Plivo's uniqueness forbids is left out. */
function accountOf({ variants, ...all }: Before): Plivo {
	const plivo = createPlivo({
		variants,
		random: randomFrom(7),
		now: () => Date.UTC(2026, 10, 25, 9),
	});
	const taken = new Set<string>();
	const isFree = (kind: string, name: string, isUnique: boolean) => {
		const key = `${kind} ${name}`;
		if (isUnique && taken.has(key)) return false;
		taken.add(key);
		return true;
	};
	const unique = variants.othernames === 'unique';
	plivo.add('applications', { app_id: APPLICATION });
	for (const record of all.uris) {
		if (variants.uri === 'one' && taken.has(`address ${record.uri}`)) continue;
		if (!isFree('uris', record.name, unique)) continue;
		taken.add(`address ${record.uri}`);
		plivo.add('uris', record);
	}
	for (const kind of ['credentials', 'ipacls'] as const) {
		for (const record of all[kind]) {
			if (isFree(kind, record.name, unique)) plivo.add(kind, { ...record });
		}
	}
	const at = (kind: 'uris' | 'credentials' | 'ipacls' | 'trunks', index: number | null) => {
		const ids = [...plivo.state[kind].keys()];
		return index === null || ids.length === 0 ? null : ids[index % ids.length]!;
	};
	for (const { name, inbound, disabled, secure, first, second, byIpAcl } of all.trunks) {
		const within = variants.names === 'direction' ? `${name} ${String(inbound)}` : name;
		const [one, other] = inbound
			? [at('uris', first), at('uris', second)]
			: [at('credentials', first), at('ipacls', byIpAcl ? first : second)];
		const [credential, list] = byIpAcl ? [null, other] : [one, other];
		if (inbound ? !one : !credential && !list) continue;
		if (!isFree('trunks', within, variants.names !== 'none')) continue;
		plivo.add('trunks', {
			name,
			trunk_direction: inbound ? 'inbound' : 'outbound',
			trunk_status: disabled ? 'disabled' : 'enabled',
			...(inbound
				? { primary_uri_uuid: one, fallback_uri_uuid: other }
				: { secure, credential_uuid: credential, ipacl_uuid: list }),
		});
	}
	const inbound = [...plivo.state.trunks.values()].filter(
		({ trunk_direction: direction }) => direction === 'inbound',
	);
	all.routes.forEach((route, index) => {
		const trunk = typeof route === 'number' ? inbound[route % Math.max(1, inbound.length)] : null;
		const path = trunk
			? `Zentrunk/Trunk/${String(trunk.trunk_id)}`
			: route === 'app'
				? `Application/${APPLICATION}`
				: route === 'dead'
					? `Zentrunk/Trunk/${DEAD}`
					: undefined;
		plivo.add('numbers', {
			number: NUMBERS[index],
			application: path ? `/v1/Account/${plivo.authId}/${path}/` : null,
		});
	});
	for (const { kind, index } of all.gone) {
		const id = at(kind, index);
		if (id !== null) plivo.state[kind].delete(id);
	}
	return plivo;
}

/** A wish, which may need what is on the account. */
interface Wish {
	label: string;
	composite(plivo: Plivo, options: IDataObject): ReturnType<typeof provisionOutbound>;
	/** Logins are set each time: Plivo never shows what they are. */
	givesPassword: boolean;
	isDeprovision?: boolean;
}

const firstId = (plivo: Plivo, kind: 'credentials' | 'ipacls' | 'trunks', index: number) => {
	const ids = [...plivo.state[kind].keys()];
	return ids[index % Math.max(1, ids.length)] ?? 'none';
};

const numberOptions = fc.record({
	moveRoutedNumbers: fc.boolean(),
	allowDisabledTrunk: fc.boolean(),
	routeNumbers: fc.constantFrom(true, true, true, false),
});

const outbound: fc.Arbitrary<Wish> = fc
	.record({
		by: fc.constantFrom('newCredential', 'credential', 'newIpAcl', 'ipAcl'),
		username: fc.constantFrom('', 'acmepbx'),
		password: fc.constantFrom('', '', 'Chosen#By4Us'),
		ipAddresses: fc.constantFrom('203.0.113.5', '203.0.113.5, 198.51.100.7'),
		index: place,
		secure: fc.option(fc.boolean(), { nil: undefined }),
		replaceLogin: fc.boolean(),
	})
	.map(({ by, username, password, ipAddresses, index, secure, replaceLogin }) => ({
		label: `outbound ${JSON.stringify({ by, username, password, ipAddresses, index, secure, replaceLogin })}`,
		givesPassword: by === 'newCredential' && password !== '',
		composite: (plivo, options) =>
			provisionOutbound({
				name: 'Acme',
				sipAuthentication: by,
				username,
				password,
				ipAddresses,
				credentialId: firstId(plivo, 'credentials', index),
				ipAclId: firstId(plivo, 'ipacls', index),
				options: { ...options, secure, replaceLogin },
			}),
	}));

const numbers = fc.subarray(NUMBERS).map((list) => list.join(','));

const inbound: fc.Arbitrary<Wish> = fc
	.record({
		primaryUri: fc.constantFrom(...ADDRESSES.slice(0, 2)),
		fallbackUri: fc.constantFrom('', '', 'old.example.com'),
		phoneNumbers: numbers,
		login: fc.constantFrom(
			{},
			{},
			{ uriLogin: { login: { username: 'plivo', password: 'letmein' } } },
		),
		rest: numberOptions,
	})
	.map(({ primaryUri, fallbackUri, phoneNumbers, login, rest }) => ({
		label: `inbound ${JSON.stringify({ primaryUri, fallbackUri, phoneNumbers, login, rest })}`,
		givesPassword: 'uriLogin' in login,
		composite: (_plivo, options) =>
			provisionInbound({
				name: 'Acme',
				primaryUri,
				fallbackUri,
				phoneNumbers,
				options: { ...options, ...login, ...rest },
			}),
	}));

const platform: fc.Arbitrary<Wish> = fc
	.record({
		platform: fc.constantFrom('vapi', 'custom', 'xai'),
		direction: fc.constantFrom('both', 'inbound'),
		phoneNumbers: numbers,
		rest: numberOptions,
		secure: fc.option(fc.boolean(), { nil: undefined }),
	})
	.map(({ platform: one, direction, phoneNumbers, rest, secure }) => ({
		label: `platform ${JSON.stringify({ one, direction, phoneNumbers, rest, secure })}`,
		givesPassword: false,
		composite: (_plivo, options) =>
			connectPlatform({
				platform: one,
				name: 'Acme',
				direction: one === 'xai' ? 'inbound' : direction,
				platformHost: one === 'custom' ? 'pbx.example.com' : '',
				transport: one === 'custom' ? 'tcp' : '',
				region: '',
				phoneNumbers,
				username: '',
				password: '',
				simplify: true,
				options: { ...options, ...rest, secure },
			}),
	}));

const taking: fc.Arbitrary<Wish> = fc
	.record({
		index: place,
		force: fc.boolean(),
		keepShared: fc.boolean(),
		reroute: fc.boolean(),
	})
	.map(({ index, force, keepShared, reroute }) => ({
		label: `deprovision ${JSON.stringify({ index, force, keepShared, reroute })}`,
		givesPassword: false,
		isDeprovision: true,
		composite: (plivo, options) =>
			deprovision({
				trunkId: firstId(plivo, 'trunks', index),
				options: {
					...options,
					force,
					keepShared,
					...(reroute && { rerouteToApplicationId: APPLICATION }),
				},
			}),
	}));

const wish = fc.oneof(outbound, inbound, platform, taking);

const examples = fc.record({
	before,
	wish: wish.map((one) => Object.assign(one, { toString: () => one.label })),
});

const attempt = async (plivo: Plivo, one: Wish, options: IDataObject = {}, of: Plivo = plivo) =>
	await runOn(plivo, () => one.composite(of, options)).catch((failure: unknown) => {
		if (failure instanceof PlivoFailure) return failure;
		throw failure;
	});

const steps = (output: IDataObject, field: string) =>
	(output[field] as IDataObject[]).map(({ action, kind, name }) => ({ action, kind, name }));

/** The writes that come in, from 1; the given one is refused. */
function countWrites(plivo: Plivo, refused?: number) {
	const writes: string[] = [];
	const { receive } = plivo;
	plivo.receive = (request, fault) => {
		if (request.method === 'GET') return receive(request, fault);
		writes.push(`${request.method} ${request.path} ${JSON.stringify(request.body ?? null)}`);
		return receive(request, writes.length === refused ? { kind: 'status', status: 400 } : null);
	};
	return writes;
}

it('what a plan says is what is done, and then nothing is left to be done', async () => {
	let applied = 0;
	await fc.assert(
		fc.asyncProperty(examples, async ({ before: account, wish: one }) => {
			const plivo = accountOf(account);
			const untouched = stateOf(plivo);
			plivo.refuseWrites = true;
			const plan = await attempt(plivo, one, { planOnly: true });
			const again = await attempt(plivo, one, { planOnly: true });
			expect(plivo.refusedWrites).toEqual([]);
			plivo.refuseWrites = false;
			if (plan instanceof PlivoFailure) {
				// What can't be planned isn't done either, and no half of it.
				expect(await attempt(plivo, one)).toMatchObject({ message: plan.message });
				expect(stateOf(plivo)).toEqual(untouched);
				return;
			}
			expect(again).toEqual(plan);
			const output = await attempt(plivo, one, { planDigest: plan.plan_digest as string });
			if (/turn on '(Move Routed Numbers|Replace Login)'/.test(String(plan.warnings))) {
				// The plan says what an option would have to allow.
				expect(String(plan.warnings)).toContain((output as PlivoFailure).message);
				expect(plan.up_to_date).toBe(false);
				expect(stateOf(plivo)).toEqual(untouched);
				return;
			}
			if (output instanceof PlivoFailure) {
				// Only Plivo's own refusals can't be foreseen: that a name or an address is taken.
				expect(output.message).toMatch(
					/^Could not [^:]*: (There is already an? |.* has this address already, |Plivo accepts each address only once, )/,
				);
				expectAsBefore(output, untouched, stateOf(plivo));
				return;
			}
			applied++;
			const done = steps(output, 'what_was_done');
			const planned = steps(plan, 'what_would_be_done');
			const cantForesee = account.variants.uri === 'one' || one.isDeprovision;
			if (!cantForesee) expect(done).toEqual(planned);
			const after = await attempt(plivo, one, { planOnly: true }, accountOf(account));
			if (after instanceof PlivoFailure) throw after;
			const left = (after.what_would_be_done as IDataObject[]).filter(
				({ action }) => action !== 'reused',
			);
			if (one.givesPassword) {
				for (const step of left) expect(step.summary).toMatch(/^set the login/);
			} else {
				expect(left).toEqual([]);
				expect(after.up_to_date).toBe(true);
			}
			expect(JSON.stringify([plan, after])).not.toMatch(/Chosen#By4Us|letmein/);
		}),
		{ numRuns: RUNS },
	);
	// Enough of them aren't refused.
	expect(applied).toBeGreaterThan(RUNS / 4);
});

it('a URI that gets another address as the primary one is not the fallback of its old address', async () => {
	const plivo = createPlivo({ random: randomFrom(7) });
	const uri = plivo.add('uris', { name: 'Acme', uri: 'old.example.com' }).uri_uuid;
	plivo.add('trunks', {
		name: 'Acme',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri,
		fallback_uri_uuid: uri,
	});
	const wanted = (options: IDataObject) =>
		provisionInbound({
			name: 'Acme',
			primaryUri: 'new.example.com',
			fallbackUri: 'old.example.com',
			phoneNumbers: '',
			options,
		});
	await runOn(plivo, () => wanted({}));
	expect(await runOn(plivo, () => wanted({ planOnly: true }))).toMatchObject({ up_to_date: true });
	expect([...plivo.state.uris.values()]).toMatchObject([
		{ name: 'Acme', uri: 'new.example.com' },
		{ name: 'Acme fallback', uri: 'old.example.com' },
	]);
});

it('whichever write Plivo refuses, the account is as it was, or what is left is named', async () => {
	let undone = 0;
	await fc.assert(
		fc.asyncProperty(examples, async ({ before: account, wish: one }) => {
			const whole = accountOf(account);
			const writes = countWrites(whole);
			const untouched = stateOf(whole);
			// Where it is refused anyway, that is undone as well, and nothing is left to be refused.
			if ((await attempt(whole, one)) instanceof PlivoFailure) return;
			for (let nth = 1; nth <= writes.length; nth++) {
				const plivo = accountOf(account);
				const sent = countWrites(plivo, nth);
				const failure = await attempt(plivo, one);
				// Plivo's refusal to clear a route is taken for an answer.
				if (!(failure instanceof PlivoFailure)) {
					expect(sent[nth - 1]).toMatch(/"app_id":""|^DELETE/);
					continue;
				}
				undone++;
				const words = `${failure.message} ${failure.description}`;
				expectAsBefore(failure, untouched, stateOf(plivo));
				if (account.variants.clear === 'clears') expect(words).not.toContain('still routed');
			}
		}),
		{ numRuns: RUNS },
	);
	expect(undone).toBeGreaterThan(RUNS / 2);
});

/** All that can't be taken back. */
const WHY_LEFT =
	/the old password is not known|had no value before|it is still routed to|The trunk is deleted|_uuid does not exist/;

/** The account is as it was, or what is left is named together with why it can't be taken back. */
function expectAsBefore({ message, description }: PlivoFailure, untouched: State, now: State) {
	const changes = changedIds(withoutDeadRoutes(untouched), withoutDeadRoutes(now));
	if (changes.length === 0) return;
	const words = `${message} ${description}`;
	for (const id of changes) expect(words).toContain(id);
	expect(words).toMatch(/Left: |not everything that belonged to it/);
	expect(words).toMatch(WHY_LEFT);
}

type State = Record<string, Record<string, object>>;

/** A number that is routed to what isn't there takes calls as little as one without a route. */
const withoutDeadRoutes = (state: State): State => ({
	...state,
	numbers: Object.fromEntries(
		Object.entries(state.numbers!).map(([id, number]) => [
			id,
			JSON.stringify(number).includes(DEAD) ? { ...number, application: null } : number,
		]),
	),
});

function changedIds(one: State, other: State): string[] {
	return Object.keys(other).flatMap((kind) => {
		const ids = new Set([...Object.keys(one[kind]!), ...Object.keys(other[kind]!)]);
		return [...ids].filter(
			(id) => JSON.stringify(one[kind]![id]) !== JSON.stringify(other[kind]![id]),
		);
	});
}
