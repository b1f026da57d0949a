import type { Account } from './account.mts';
import { turnCalls } from './calls.mts';
import type { Refusal } from './checks.mts';
import { fromPlivoTime, plivoTime } from './plivoTime.mts';
import type { KindName, PlivoRecord, State } from './records.mts';
import { searchStock } from './rental.mts';

export type Query = Record<string, string>;

const DAY_MS = 86_400_000;

/** So many days of calls are kept. */
export const KEPT_DAYS = 90;

/** So many are searched when nothing is said of `end_time`. */
const SEARCHED_DAYS = 30;

/** What a filter may say, where Plivo has a fixed set. */
const CHOICES = Object.entries({
	trunk_status: 'enabled disabled',
	trunk_direction: 'inbound outbound',
	secure: 'true false',
	type: 'local mobile fixed national tollfree',
	call_direction: 'inbound outbound',
	hangup_source: 'customer carrier zentrunk',
});

const STIR_VERIFICATIONS = ['Verified', 'Not Verified', 'Not Applicable'];

const TRUNK_FILTERS = [
	'trunk_status',
	'trunk_direction',
	'secure',
	'ipacl_uuid',
	'credential_uuid',
	'primary_uri_uuid',
	'fallback_uri_uuid',
];

const COMPLIANCE_FILTERS = ['country_iso', 'number_type', 'status', 'alias'];

const CALL_EQUALS = ['call_direction', 'hangup_cause_code', 'hangup_source', 'stir_verification'];
const CALL_PREFIXES = ['from_number', 'to_number'];

type Bound = 'gt' | 'gte' | 'lt' | 'lte';

const BOUNDS: Bound[] = ['gt', 'gte', 'lt', 'lte'];

const bad = (error: string): Refusal => ({ status: 400, error });

/**
 * The records of a kind that a list's query asks for, in Plivo's order; or why it is refused.
 * The filters are those of the API pages of each resource; what isn't one of them is ignored.
 */
export function select(account: Account, kind: KindName, query: Query): PlivoRecord[] | Refusal {
	const { state, variants, options } = account;
	for (const [field, choices] of CHOICES) {
		const asked = query[field];
		if (asked !== undefined && !choices.split(' ').includes(asked)) return bad(`invalid ${field}`);
	}
	const now = options.now();
	const page = account.nextPage();
	if (kind === 'calls') {
		const calls = selectCalls(state, now, query);
		return variants.order === 'unstable' && Array.isArray(calls) ? turnCalls(calls, page) : calls;
	}
	const all = state[kind].listed(variants.order, now, page);
	if (kind === 'stock') {
		const { country_iso: country = '' } = query;
		return options.closedCountries.includes(country)
			? { status: 403, error: `numbers of ${country} are not enabled for this account` }
			: options.ignoreListFilters
				? all
				: searchStock(all, query);
	}
	if (options.ignoreListFilters) return all;
	if (kind === 'trunks') return byEquality(all, query, TRUNK_FILTERS);
	if (kind === 'numbers')
		return selectNumbers(
			all.filter((one) => isListed(account, one)),
			query,
		);
	if (kind === 'compliance') return byEquality(all, query, COMPLIANCE_FILTERS);
	return all;
}

/** Whether the account has a number already. */
export const isListed = ({ options }: Account, number: PlivoRecord) =>
	!(options.pendingUnlisted && number.compliance_status === 'pending');

function byEquality(records: PlivoRecord[], query: Query, fields: string[]): PlivoRecord[] {
	const asked = fields.filter((field) => field in query);
	if (asked.length === 0) return records;
	return records.filter((record) => asked.every((field) => String(record[field]) === query[field]));
}

function selectNumbers(numbers: PlivoRecord[], query: Query): PlivoRecord[] {
	const services = query.services?.split(',') ?? [];
	return numbers.filter(
		(number) =>
			(!query.type || number.number_type === query.type) &&
			(!query.number_startswith || String(number.number).startsWith(query.number_startswith)) &&
			(!query.alias || number.alias === query.alias) &&
			(!query.subaccount || number.sub_account === query.subaccount) &&
			(!query.renewal_date || number.renewal_date === query.renewal_date) &&
			within(String(number.renewal_date), boundsOf(query, 'renewal_date', String)) &&
			services.every((service) => number[`${service}_enabled`] === true),
	);
}

function selectCalls({ calls }: State, now: number, query: Query): PlivoRecord[] | Refusal {
	const { stir_verification: stir } = query;
	if (stir !== undefined && !STIR_VERIFICATIONS.includes(stir)) {
		return bad('invalid stir_verification');
	}
	const times = Object.entries(boundsOf(query, 'end_time', fromPlivoTime));
	const [wrong] = times.find(([, time]) => Number.isNaN(time)) ?? [];
	if (wrong) return bad(`invalid end_time__${wrong}`);
	const end = boundsOf(query, 'end_time', withSeconds);
	const from = end.gt ?? end.gte;
	if ((end.lt ?? end.lte) !== undefined && from === undefined) {
		return bad('end_time needs a lower bound');
	}
	const kept = plivoTime(now - KEPT_DAYS * DAY_MS);
	if (from !== undefined && from < kept) {
		return bad(`end_time is older than ${KEPT_DAYS} days`);
	}
	const range = {
		from: [
			from === undefined ? plivoTime(now - SEARCHED_DAYS * DAY_MS) : kept,
			end.gte ?? '',
			end.gt === undefined ? '' : secondsFrom(end.gt, 1),
		].reduce((one, other) => (one > other ? one : other)),
		to: [end.lte ?? '9', end.lt === undefined ? '9' : secondsFrom(end.lt, -1)].reduce(
			(one, other) => (one < other ? one : other),
		),
	};
	const duration = boundsOf(query, 'bill_duration', Number);
	const equals = CALL_EQUALS.filter((field) => field in query);
	const prefixes = CALL_PREFIXES.map((field) => [field, query[field] ?? ''] as const);
	const { bill_duration: exactly } = query;
	const matches = (call: PlivoRecord) =>
		equals.every((field) => String(call[field]) === query[field]) &&
		// The records have a `+`, the filters are compared without: with one nothing matches (live).
		prefixes.every(([field, prefix]) => String(call[field]).replace('+', '').startsWith(prefix)) &&
		(exactly === undefined || Number(call.bill_duration) === Number(exactly)) &&
		within(Number(call.bill_duration), duration);
	const { limit: _limit, offset: _offset, ...filters } = query;
	return calls.ended(range, JSON.stringify(filters), matches);
}

const withSeconds = (time: string) => (time.length === 16 ? `${time}:00` : time);

const secondsFrom = (time: string, seconds: number) =>
	plivoTime(fromPlivoTime(time) + seconds * 1000);

function boundsOf<T>(
	query: Query,
	field: string,
	parse: (text: string) => T,
): Partial<Record<Bound, T>> {
	const bounds: Partial<Record<Bound, T>> = {};
	for (const bound of BOUNDS) {
		const text = query[`${field}__${bound}`];
		if (text !== undefined) bounds[bound] = parse(text);
	}
	return bounds;
}

function within<T extends string | number>(
	value: T,
	{ gt, gte, lt, lte }: Partial<Record<Bound, T>>,
): boolean {
	return (
		(gt === undefined || value > gt) &&
		(gte === undefined || value >= gte) &&
		(lt === undefined || value < lt) &&
		(lte === undefined || value <= lte)
	);
}
