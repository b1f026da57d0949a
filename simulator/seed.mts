import { plivoTime } from './plivoTime.mts';
import { randomFrom } from './random.mts';
import type { Account } from './account.mts';
import { ID_FIELDS, type KindName, type PlivoRecord, routeTo, type State } from './records.mts';

export type SeedCounts = Partial<Record<KindName, number>>;

const CUSTOMERS = [
	'Northwind',
	'Contoso',
	'Globex',
	'Initech',
	'Umbrella',
	'Hooli',
	'Acme',
	'Stark',
];

const DAY_MS = 86_400_000;

/** What trunks need comes before them, and what routes to trunks or went over them after. */
export const SEEDED_KINDS: KindName[] = [
	'credentials',
	'ipacls',
	'uris',
	'applications',
	'trunks',
	'numbers',
	'calls',
];

/**
 * Adds so many records of each kind, as an account in use has them: every trunk has what it needs, two numbers of
 * three route to an inbound trunk or an application, calls ended within the last 30 days.
 */
export function seed(account: Account, counts: SeedCounts): void {
	for (const kind of SEEDED_KINDS) {
		const size = account.state[kind].size;
		for (let serial = size; serial < size + (counts[kind] ?? 0); serial++) {
			account.add(kind, SEEDS[kind]?.(account, serial) ?? {});
		}
	}
}

type Seed = (account: Account, serial: number) => PlivoRecord;

const SEEDS: Partial<Record<KindName, Seed>> = {
	trunks: seededTrunk,
	numbers: seededNumber,
	calls: seededCall,
};

/** The id of the first record of a kind, which is made if there is none. */
function firstOf({ state, add }: Account, kind: KindName): unknown {
	const [first] = state[kind].values();
	return (first ?? add(kind))[ID_FIELDS[kind]];
}

function seededTrunk(account: Account, serial: number): PlivoRecord {
	const direction = serial % 2 === 1 ? 'inbound' : 'outbound';
	return {
		name: `${CUSTOMERS[serial % CUSTOMERS.length]} ${direction} ${serial + 1}`,
		trunk_direction: direction,
		trunk_status: serial % 10 === 9 ? 'disabled' : 'enabled',
		...(direction === 'inbound'
			? { primary_uri_uuid: firstOf(account, 'uris') }
			: { credential_uuid: firstOf(account, 'credentials') }),
	};
}

function seededNumber(account: Account, serial: number): PlivoRecord {
	const { state, authId } = account;
	const target = serial % 3;
	if (target === 2) return {};
	const inbound = firstTrunk(state, 'inbound');
	if (target === 1 || !inbound) {
		return {
			application: routeTo(authId, 'applications', String(firstOf(account, 'applications'))),
		};
	}
	return { application: routeTo(authId, 'trunks', String(inbound.trunk_id)) };
}

function firstTrunk({ trunks }: State, direction: string): PlivoRecord | undefined {
	for (const trunk of trunks.values()) if (trunk.trunk_direction === direction) return trunk;
	return undefined;
}

type Hangup = [share: number, code: number, name: string, source: string];

const NORMAL_HANGUP: Hangup = [52, 3000, 'normal_hangup', 'customer'];

/**
 * How calls end, with how many of a hundred do: plivo.com/docs/sip-trunking/troubleshooting/zentrunk-hangup-codes.
 * Some names are those of records, which differ from the table's (live).
 */
const HANGUPS: Hangup[] = [
	NORMAL_HANGUP,
	[22, 3010, 'normal_hangup', 'carrier'],
	[7, 4410, 'user_busy', 'carrier'],
	[5, 4550, 'customer_cancelled', 'customer'],
	[3, 4340, 'temporary_unavailable', 'carrier'],
	[2, 4350, 'temporary_unavailable', 'customer'],
	[2, 4120, 'destination_invalid', 'zentrunk'],
	[2, 5180, 'cps_limit_reached', 'zentrunk'],
	[1, 4030, 'insufficient_credits', 'zentrunk'],
	[1, 4060, 'forbidden', 'customer'],
	[1, 4560, 'barred_country', 'zentrunk'],
	[1, 5340, 'server_timeout', 'customer'],
	[1, 6030, 'answer timeout', 'carrier'],
];

type Country = [country: string, prefix: string, rate: string];

/** Countries that are called, with a prefix and a price for a minute. */
const COUNTRIES: [Country, ...Country[]] = [
	['US', '1415555', '0.00650'],
	['GB', '4420794', '0.01150'],
	['DE', '4930123', '0.01350'],
	['IN', '9122401', '0.01860'],
	['BR', '5511300', '0.02100'],
];

function pick<T>(random: () => number, [first, ...others]: [T, ...T[]]): T {
	return others[Math.floor(random() * (others.length + 1)) - 1] ?? first;
}

function seededCall({ state, options }: Account, serial: number): PlivoRecord {
	const random = randomFrom(serial);
	let share = random() * 100;
	const [, code, name, source] = HANGUPS.find(([of]) => (share -= of) < 0) ?? NORMAL_HANGUP;
	const direction = random() < 0.4 ? 'inbound' : 'outbound';
	const seconds = code < 4000 ? Math.ceil(-Math.log(1 - random()) * 150) : 0;
	const [country, prefix, rate] = pick(random, COUNTRIES);
	const other = `+${prefix}${String(serial % 10_000).padStart(4, '0')}`;
	const own = '+14155550100';
	const inbound = direction === 'inbound';
	const trunk = firstTrunk(state, direction);
	return {
		from_number: inbound ? other : own,
		to_number: inbound ? own : other,
		from_country: inbound ? country : 'US',
		to_country: inbound ? 'US' : country,
		call_direction: direction,
		call_duration: seconds,
		end_time: plivoTime(options.now() - Math.floor(random() * 29 * DAY_MS)),
		hangup_cause_code: code,
		hangup_cause_name: name,
		hangup_source: source,
		total_rate: rate,
		transport_protocol: pick(random, ['udp', 'tcp', 'tls']),
		...(inbound && { stir_verification: 'Verified', attestation_indicator: 'A' }),
		...(trunk && { trunk_domain: trunk.trunk_domain }),
	};
}
