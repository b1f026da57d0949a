/** Histories from seeds. */
import { randomFrom } from '../../simulator/random.mts';
import { VARIANT_CHOICES, type Variants } from '../../simulator/variants.mts';
import { first, nth } from '../support/elements.mts';
import type { Action, History, Initial, Item, Pick, RunAction, RunFault } from './history.mts';

/** Few, so that operations meet. The last one has the name of the first one's fallback URI. */
const CUSTOMERS = ['Acme', 'Bolt', 'Acme fallback'];

/** The numbers that calls come in on; each customer of the start has the one of its place. */
export const NUMBERS = ['14155550101', '14155550102', '14155550103', '14155550104'];

/** The application that numbers go to when no trunk takes them. */
export const APPLICATION = '16638156474000802';

const ADDRESSES = ['198.51.100.7', '203.0.113.10', '203.0.113.0/28'];

type NamedKind = 'trunks' | 'uris' | 'credentials' | 'ipacls';

const RESOURCES: Record<NamedKind, string> = {
	trunks: 'trunk',
	uris: 'originationUri',
	credentials: 'credential',
	ipacls: 'ipAccessControlList',
};

/** The parameter that picks a record, and the collection with an update's fields. */
const ID_PARAMETERS: Record<NamedKind, string> = {
	trunks: 'trunkId',
	uris: 'originationUriId',
	credentials: 'credentialId',
	ipacls: 'ipAclId',
};

/** Tools of a seeded choice. */
function dice(random: () => number) {
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T,>(list: readonly T[]): T => nth(list, below(list.length));
	return {
		random,
		below,
		pick,
		chance: (probability: number) => random() < probability,
		between: (least: number, most: number) => least + below(most - least + 1),
		/** One of several, by weight. */
		weighted: <T,>(choices: ReadonlyArray<readonly [weight: number, value: T]>): T => {
			const sum = choices.reduce((all, [weight]) => all + weight, 0);
			let left = random() * sum;
			for (const [weight, value] of choices) if ((left -= weight) < 0) return value;
			return first(choices)[1];
		},
	};
}

type Dice = ReturnType<typeof dice>;

/** What histories are made of. */
export interface Recipe {
	/** So many items of runs and changes in the console, roughly. */
	least: number;
	most: number;
	/** `lists`: long ones that shift while they are read; `renting`: numbers that are rented and released. */
	focus?: 'lists' | 'renting';
}

/** The history of a seed. */
export function historyOf(seed: number, recipe: Recipe = { least: 20, most: 60 }): History {
	const d = dice(randomFrom(seed * 2_654_435_761 + 12_345));
	// The first numbers of neighbouring seeds are alike.
	for (let skipped = 0; skipped < 8; skipped++) d.random();
	const processes = d.weighted([
		[3, 1],
		[5, 2],
		[2, 3],
	]);
	const faults = d.weighted([
		[3, 0],
		[4, 0.25],
		[3, 0.6],
	]);
	const span = d.weighted([
		[2, 500],
		[4, 5_000],
		[3, 30_000],
		[1, 240_000],
	]);
	const moments = Array.from({ length: d.between(2, 9) }, () => d.below(span));
	// Much happens at the same moment, for that is where rules are needed.
	const when = () => (d.chance(0.75) ? d.pick(moments) + d.below(120) : d.below(span));
	const actions: Action[] = [];
	const wanted = d.between(recipe.least, recipe.most);
	const disturbed = d.chance(0.75);
	for (let items = 0, id = 1; items < wanted; id++) {
		const kind = d.random();
		if (disturbed && kind < (recipe.focus === 'lists' ? 0.4 : 0.14)) {
			actions.push(consoleAction(d, when()));
			items++;
		} else if (disturbed && kind < 0.155) {
			actions.push({ do: 'kill', at: when(), process: d.below(processes) });
		} else if (faults > 0 && kind > 0.985) {
			const ms = d.pick([300, 3_000, 12_000]);
			actions.push({ do: 'outage', at: when(), ms, fault: anyFault(d) });
		} else {
			const run = runAction(d, id, when(), d.below(processes), faults, recipe);
			items += run.items.length;
			actions.push(run);
		}
	}
	const rents = dice(randomFrom(seed * 40_503 + 9));
	for (let skipped = 0; skipped < 8; skipped++) rents.random();
	const renting = recipe.focus === 'renting' ? 6 : rents.chance(0.35) ? rents.between(1, 4) : 0;
	for (let run = 0; run < renting; run++) {
		// Most often at the moment of the one before, for that is what must not come to two numbers.
		const at = rents.chance(0.6) ? first(moments) : rents.pick(moments) + rents.below(2_000);
		actions.push(rentAction(rents, 1_000 + run, at, rents.below(processes), faults));
	}
	actions.sort((one, other) => one.at - other.at);
	const forgetting = dice(randomFrom(seed * 69_069 + 5));
	for (let skipped = 0; skipped < 8; skipped++) forgetting.random();
	return {
		seed,
		...(forgetting.chance(0.4) && { amnesia: forgetting.pick([0.1, 0.5, 1]) }),
		...(forgetting.chance(0.4) && { forgetsTries: true }),
		variants: anyVariants(d),
		initial: anyInitial(d, recipe),
		rateLimit: d.chance(0.5),
		skew: d.weighted([
			[6, 0],
			[1, -7_200_000],
			[1, 90_000],
		]),
		latency: d.pick([
			{ least: 1, most: 1 },
			{ least: 5, most: 60 },
			{ least: 5, most: 60 },
			{ least: 20, most: 600 },
		]),
		actions,
	};
}

function anyVariants(d: Dice): Partial<Variants> {
	const variants: Record<string, unknown> = {};
	for (const [name, choices] of Object.entries(VARIANT_CHOICES)) {
		if (d.chance(0.6)) variants[name] = d.pick(choices as readonly string[]);
	}
	if (d.chance(0.5)) variants.late = d.pick([200, 1_000, 3_000]);
	variants.slow = d.pick([100, 500, 2_000]);
	return variants as Partial<Variants>;
}

function anyInitial(d: Dice, { focus }: Recipe): Initial {
	const customers = CUSTOMERS.filter(() => d.chance(0.55));
	const fillers: Initial['fillers'] = {};
	if (d.chance(focus === 'lists' ? 1 : 0.25)) {
		for (const kind of ['trunks', 'uris', 'credentials', 'numbers'] as const) {
			if (d.chance(0.4)) fillers[kind] = d.between(10, 62);
		}
	}
	return { customers, fillers };
}

function anyFault(d: Dice): RunFault['fault'] {
	return d.weighted<() => RunFault['fault']>([
		[
			5,
			() => ({
				kind: 'slow',
				as: d.pick(['gateway', 'reset', 'hang'] as const),
				ms: d.pick([50, 500, 2_000]),
			}),
		],
		[4, () => ({ kind: 'status', status: d.pick([500, 502, 503, 504]), done: d.chance(0.5) })],
		[2, () => ({ kind: 'status', status: 429, retryAfter: d.pick([undefined, 1, 4]) })],
		[1, () => ({ kind: 'status', status: 429 })],
		[1, () => ({ kind: 'status', status: d.pick([400, 401, 403]) })],
		[2, () => ({ kind: d.pick(['reset', 'resetAfter'] as const) })],
		[2, () => ({ kind: d.pick(['hang', 'hangAfter'] as const) })],
		[1, () => ({ kind: 'truncate' })],
		[1, () => ({ kind: 'badJson' })],
		[1, () => ({ kind: 'empty' })],
		[1, () => ({ kind: 'html', done: d.chance(0.5) })],
		[1, () => ({ kind: 'delay', ms: d.pick([300, 1_500, 2_500]) })],
		[0.3, () => ({ kind: 'redirect', location: 'https://elsewhere.test/' })],
		[0.3, () => ({ kind: 'huge' })],
		[1, () => ({ kind: 'refused' })],
		[1, () => ({ kind: 'tls' })],
	])();
}

function runAction(
	d: Dice,
	id: number,
	at: number,
	process: number,
	faults: number,
	{ focus }: Recipe,
): RunAction {
	const count = d.weighted([
		[7, 1],
		[2, 2],
		[1.5, d.between(3, 6)],
		[0.02, d.between(60, 150)],
	]);
	const items =
		count > 10
			? Array.from({ length: count }, () => listing(d))
			: Array.from({ length: count }, () => anyItem(d, focus));
	if (count > 1 && d.chance(0.15)) d.pick(items).badExpression = true;
	if (count > 1 && d.chance(0.15)) {
		items[d.below(count)] = { what: 'originationUri.create', body: { name: '', uri: 'x' } };
	}
	return {
		do: 'run',
		id,
		at,
		process,
		items,
		...(d.chance(0.3) && { goesOn: true }),
		...(d.chance(0.25) && { tries: 3 }),
		...(d.chance(0.06) && { cancelAfter: d.pick([5, 60, 400, 3_000]) }),
		...(d.chance(faults) && {
			faults: Array.from({ length: d.between(1, 3) }, () => ({
				nth: d.weighted([
					[4, d.between(1, 3)],
					[3, d.between(1, 8)],
					[1, d.between(1, 30)],
				]),
				times: d.weighted([
					[6, 1],
					[2, d.between(2, 4)],
					[1, 12],
				]),
				of: d.pick(['requests', 'writes', 'writes'] as const),
				fault: anyFault(d),
			})),
		}),
	};
}

/** Numbers are rented, for few aliases, or given back. */
function rentAction(d: Dice, id: number, at: number, process: number, faults: number): RunAction {
	return {
		do: 'run',
		id,
		at,
		process,
		items: Array.from({ length: d.between(1, 3) }, () => rental(d)),
		...(d.chance(0.3) && { goesOn: true }),
		...(d.chance(0.25) && { tries: 3 }),
		...(d.chance(0.1) && { cancelAfter: d.pick([5, 60, 400, 3_000]) }),
		...(d.chance(faults) && {
			faults: [
				{
					nth: d.between(1, 3),
					times: d.pick([1, 1, 2, 12]),
					of: d.pick(['requests', 'writes', 'writes'] as const),
					fault: d.chance(0.2) ? { kind: 'vanish' } : anyFault(d),
				},
			],
		}),
	};
}

function rental(d: Dice): Item {
	const options = patience(d);
	if (d.chance(0.25)) {
		// Most often one that was rented: these are the last ones.
		const phoneNumber: Pick = { pick: 'numbers', nth: d.between(4, 9) };
		return { what: 'phoneNumber.release', parameters: { phoneNumber }, options };
	}
	const parameters = { country: 'US', maxMonthlyRate: 1, alias: nameOf(d) };
	return { what: 'phoneNumber.rent', parameters, options };
}

const nameOf = (d: Dice) =>
	d.weighted<string>([
		[8, d.pick(CUSTOMERS)],
		[1, `  ${d.pick(CUSTOMERS)} `],
		[1, d.pick(CUSTOMERS).replace(/^./, (letter) => `${letter}\u200b`)],
	]);

const picked = (d: Dice, kind: Pick['pick'], more: Partial<Pick> = {}): Pick => ({
	pick: kind,
	...(d.chance(0.8) && { by: d.pick(CUSTOMERS) }),
	nth: d.below(3),
	...more,
});

function pickedTrunk(d: Dice, direction?: 'inbound' | 'outbound'): Pick {
	const to = direction ?? d.pick(['inbound', 'inbound', 'outbound'] as const);
	return {
		pick: 'trunks',
		by: `${d.pick(CUSTOMERS)} ${to}`,
		nth: d.below(3),
		...(direction && { direction }),
	};
}

const uriOf = (d: Dice) => `${d.pick(['a', 'b', 'c'])}.pbx.example.com:5060;transport=tcp`;

const addresses = (d: Dice) => ADDRESSES.filter((_address, index) => index === 0 || d.chance(0.5));

/** Plivo's fields of a record that is to exist. */
function fieldsOf(d: Dice, kind: NamedKind): Pick2 {
	const name = nameOf(d);
	switch (kind) {
		case 'uris':
			return { body: { name, uri: uriOf(d) } };
		case 'credentials':
			return {
				body: {
					name,
					username: d.pick(['acmepbx01', 'boltpbx01']),
					password: d.pick(['Secret_1', 'Secret_2', 'Secret_3']),
				},
			};
		case 'ipacls':
			return { body: { name, ip_addresses: addresses(d) } };
		case 'trunks': {
			const direction = d.pick(['inbound', 'outbound'] as const);
			const trunk = { name: `${name} ${direction}`, trunk_direction: direction };
			if (direction === 'inbound') {
				return { body: { ...trunk, primary_uri_uuid: picked(d, 'uris') } };
			}
			return {
				body: { ...trunk, credential_uuid: picked(d, 'credentials') },
				parameters: { sipAuthentication: 'credential' },
			};
		}
	}
}

type Pick2 = Required<globalThis.Pick<Item, 'body'>> & globalThis.Pick<Item, 'parameters'>;

const anyKind = (d: Dice): NamedKind =>
	d.weighted([
		[3, 'trunks'],
		[4, 'uris'],
		[3, 'credentials'],
		[1, 'ipacls'],
	]);

/** How patient the item is. */
function patience(d: Dice): Record<string, unknown> {
	return {
		...(d.chance(0.5) && { maxRetries: d.pick([0, 1, 2, 5]) }),
		...(d.chance(0.5) && { timeout: d.pick([1, 3, 10]) }),
	};
}

function anyItem(d: Dice, focus?: Recipe['focus']): Item {
	if (focus === 'lists' && d.chance(0.6)) return d.chance(0.7) ? listing(d) : deleting(d);
	const item = d.weighted<(d: Dice) => Item>([
		[4, creating],
		[5, upserting],
		[4, updating],
		[6, deleting],
		[7, routing],
		[4, attaching],
		[1, switching],
		[2, listing],
		[7, outbound],
		[8, inbound],
		[6, platform],
		[7, deprovisioning],
		[1, rotating],
	])(d);
	return { ...item, options: { ...patience(d), ...item.options } };
}

function creating(d: Dice): Item {
	const kind = anyKind(d);
	return { what: `${RESOURCES[kind]}.create`, ...fieldsOf(d, kind) };
}

function upserting(d: Dice): Item {
	const kind = anyKind(d);
	return { what: `${RESOURCES[kind]}.upsert`, ...fieldsOf(d, kind) };
}

function updating(d: Dice): Item {
	const kind = anyKind(d);
	const body = ((): Record<string, unknown> => {
		switch (kind) {
			case 'trunks':
				return d.weighted<Record<string, unknown>>([
					[3, { name: `${nameOf(d)} ${d.pick(['inbound', 'outbound'])}` }],
					[3, { trunk_direction: 'outbound', credential_uuid: picked(d, 'credentials') }],
					[2, { primary_uri_uuid: picked(d, 'uris') }],
				]);
			case 'uris':
				return d.chance(0.5) ? { name: nameOf(d) } : { uri: uriOf(d) };
			case 'credentials':
				return {
					...(d.chance(0.3) && { name: nameOf(d) }),
					password: d.pick(['Secret_4', 'Secret_5']),
				};
			case 'ipacls':
				return { ip_addresses: addresses(d) };
		}
	})();
	const target = kind === 'trunks' ? pickedTrunk(d) : picked(d, kind);
	return { what: `${RESOURCES[kind]}.update`, body, parameters: { [ID_PARAMETERS[kind]]: target } };
}

function deleting(d: Dice): Item {
	const kind = d.weighted<NamedKind>([
		[4, 'trunks'],
		[6, 'uris'],
		[2, 'credentials'],
		[1, 'ipacls'],
	]);
	const target = kind === 'trunks' ? pickedTrunk(d) : picked(d, kind);
	return {
		what: `${RESOURCES[kind]}.delete`,
		parameters: { [ID_PARAMETERS[kind]]: target },
		...(d.chance(0.15) && { options: { force: true } }),
	};
}

function routing(d: Dice): Item {
	const phoneNumber = d.pick(NUMBERS);
	if (d.chance(0.25)) {
		return {
			what: 'phoneNumber.routeToApplication',
			parameters: { phoneNumber, applicationId: APPLICATION },
		};
	}
	return {
		what: 'phoneNumber.routeToTrunk',
		parameters: { phoneNumber, trunkId: pickedTrunk(d, d.chance(0.9) ? 'inbound' : undefined) },
	};
}

function attaching(d: Dice): Item {
	return d.weighted<() => Item>([
		[
			4,
			() => ({
				what: 'trunk.attachOriginationUri',
				parameters: {
					trunkId: pickedTrunk(d, 'inbound'),
					originationUriId: picked(d, 'uris'),
					role: d.pick(['primary', 'fallback']),
				},
			}),
		],
		[
			2,
			() => ({
				what: 'trunk.attachCredential',
				parameters: {
					trunkId: pickedTrunk(d, 'outbound'),
					credentialId: picked(d, 'credentials'),
				},
			}),
		],
		[
			1,
			() => ({
				what: 'trunk.attachIpAcl',
				parameters: { trunkId: pickedTrunk(d, 'outbound'), ipAclId: picked(d, 'ipacls') },
			}),
		],
	])();
}

function switching(d: Dice): Item {
	return {
		what: d.chance(0.6) ? 'trunk.disable' : 'trunk.enable',
		parameters: { trunkId: pickedTrunk(d) },
	};
}

function listing(d: Dice): Item {
	const kind = anyKind(d);
	const resource = d.chance(0.3) ? 'phoneNumber' : RESOURCES[kind];
	return { what: `${resource}.getAll`, parameters: { returnAll: true } };
}

function planning(d: Dice): Record<string, unknown> {
	return {
		...(d.chance(0.1) && { rollback: false }),
		...(d.chance(0.05) && { planOnly: true }),
	};
}

function outbound(d: Dice): Item {
	const by = d.weighted([
		[6, 'newCredential'],
		[2, 'newIpAcl'],
		[1, 'credential'],
	]);
	return {
		what: 'provisioning.provisionOutbound',
		parameters: {
			name: nameOf(d),
			sipAuthentication: by,
			...(by === 'newIpAcl' && { ipAddresses: addresses(d) }),
			...(by === 'credential' && { credentialId: picked(d, 'credentials') }),
			...(by === 'newCredential' &&
				d.chance(0.2) && { password: d.pick(['Secret_6', 'Secret_7']) }),
		},
		options: planning(d),
	};
}

const someNumbers = (d: Dice) => NUMBERS.filter(() => d.chance(0.35));

const taking = (d: Dice) => ({
	...(d.chance(0.4) && { moveRoutedNumbers: true }),
	...(d.chance(0.05) && { routeNumbers: false }),
});

function inbound(d: Dice): Item {
	return {
		what: 'provisioning.provisionInbound',
		parameters: {
			name: nameOf(d),
			primaryUri: uriOf(d),
			fallbackUri: d.chance(0.4) ? uriOf(d) : '',
			phoneNumbers: someNumbers(d),
		},
		options: { ...planning(d), ...taking(d) },
	};
}

function platform(d: Dice): Item {
	const direction = d.pick(['both', 'both', 'inbound', 'outbound']);
	return {
		what: 'provisioning.connectPlatform',
		parameters: {
			...d.pick([
				{ platform: 'livekit', platformHost: 'abc123.sip.livekit.cloud' },
				{ platform: 'vapi' },
				{ platform: 'custom', platformHost: 'a.pbx.example.com:5060', transport: 'tcp' },
			]),
			name: nameOf(d),
			direction,
			phoneNumbers: direction === 'outbound' ? [] : someNumbers(d),
		},
		options: { ...planning(d), ...taking(d) },
	};
}

function deprovisioning(d: Dice): Item {
	return {
		what: 'provisioning.deprovision',
		parameters: { trunkId: pickedTrunk(d) },
		options: {
			...planning(d),
			...(d.chance(0.6) && { rerouteToApplicationId: APPLICATION }),
			...(d.chance(0.12) && { force: true }),
			...(d.chance(0.2) && { keepShared: false }),
		},
	};
}

function rotating(d: Dice): Item {
	return {
		what: 'credential.rotatePassword',
		parameters: { credentialId: picked(d, 'credentials') },
	};
}

function consoleAction(d: Dice, at: number): Action {
	const kind = anyKind(d);
	const change = (target: Pick, body: Record<string, unknown>): Action => ({
		do: 'console',
		at,
		method: 'POST',
		target,
		body,
	});
	return d.weighted<() => Action>([
		[
			4,
			() => ({
				do: 'console',
				at,
				method: 'POST',
				kind,
				body: d.chance(0.5)
					? fieldsOf(d, kind).body
					: { ...fieldsOf(d, kind).body, name: `Console ${d.below(1000)}` },
			}),
		],
		[3, () => ({ do: 'console', at, method: 'DELETE', target: picked(d, kind) })],
		// A record that nothing asks for goes: lists shift.
		[
			3,
			() => ({
				do: 'console',
				at,
				method: 'DELETE',
				target: { pick: kind, by: 'Filler', nth: d.below(60) },
			}),
		],
		[
			2,
			() =>
				change(picked(d, kind === 'trunks' ? 'uris' : kind), {
					name: d.chance(0.5) ? nameOf(d) : 'Renamed',
					...(kind === 'credentials' && { username: 'consoleuser', password: 'Secret_9' }),
				}),
		],
		[
			2,
			() =>
				change(
					{ pick: 'numbers', by: d.pick(NUMBERS), nth: 0 },
					{ app_id: d.chance(0.5) ? APPLICATION : pickedTrunk(d, 'inbound') },
				),
		],
		[
			1,
			() =>
				change(pickedTrunk(d, 'inbound'), {
					trunk_direction: 'inbound',
					trunk_status: d.pick(['enabled', 'disabled']),
				}),
		],
	])();
}
