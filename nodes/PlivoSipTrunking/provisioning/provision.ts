import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { checkedText, isBlank } from '../input/text';
import { hold, identityClaim, recordClaim } from '../records/accountState';
import { allRecords } from '../records/find';
import { idOf, nameAndId } from '../records/kind';
import { ORIGINATION_URI } from '../records/originationUri';
import { movedInWords, objectionTo } from '../records/liveNumbers';
import { PHONE_NUMBER, type PhoneNumber } from '../records/phoneNumber';
import { offStatus, TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { settling } from '../transport/settling';
import { apply } from './apply';
import { asListed, type Lookup, readNow } from './lookup';
import { withMoves } from './moves';
import {
	type Desired,
	type Existing,
	type Fields,
	isReference,
	planFor,
	plannedOutput,
	type Plan,
	type PlanScope,
	requireSamePlan,
} from './plan';
import { checkedRoutes, type NumberOptions, readNumbers } from './numbers';
import type { Applied } from './transaction';

/** The options that all composites have, checked. */
export interface PlanOptions {
	readonly rollback: boolean;
	readonly planOnly: boolean;
	readonly planDigest?: string;
}

/** @throws PlivoFailure of kind `input`, naming the option */
export function planOptions({ rollback, planOnly, planDigest }: IDataObject): PlanOptions {
	return {
		rollback: checkedBoolean('Roll Back', rollback ?? true),
		planOnly: checkedBoolean('Plan Only', planOnly ?? false),
		...(planDigest !== undefined && { planDigest: checkedText('Plan Digest', planDigest) }),
	};
}

/** What a customer is to have. */
export interface Wish {
	readonly operation: string;
	/** In the order in which they are made. */
	readonly desired: readonly Desired[];
	/** Digits of the numbers that are to be routed to the inbound trunk. */
	readonly numbers: readonly string[];
	readonly numberOptions: NumberOptions;
	readonly options: PlanOptions;
	/** What is known before a look at the account. */
	readonly warnings: readonly string[];
}

/** What became of a wish: the answer of Plan Only, or what was done. */
export type Provisioned =
	| { readonly planned: IDataObject }
	| { readonly applied: Applied; readonly numbers: readonly PhoneNumber[] };

/** The inbound trunk, as steps call it. */
export const INBOUND_TRUNK = 'inbound trunk';

/** The outbound trunk, as steps call it. */
export const OUTBOUND_TRUNK = 'outbound trunk';

/**
 * The names of a customer's trunk: Plivo keeps names unique, so each direction has its own. The trunk
 * "Acme inbound" is Acme's, not that of a customer "Acme inbound".
 */
export const trunkNames = (name: string, direction: 'inbound' | 'outbound'): string[] => [
	`${name} ${direction}`,
	...(name.endsWith(` ${direction}`) ? [] : [name]),
];

/**
 * Makes the account what a wish asks for, or only says what that would take. Nothing else of this process
 * touches the customer's records and numbers meanwhile.
 *
 * @param adapt is given the numbers and what exists as Plivo has them, before anything is planned, and
 *   returns what is desired in view of them: the same records, perhaps with other fields
 * @throws PlivoFailure; after a failed step, what was done before has been undone
 */
export async function provision(
	channel: Channel,
	wish: Wish,
	adapt: (
		numbers: readonly PhoneNumber[],
		existing: ReadonlyMap<string, Existing>,
	) => Pick<Wish, 'desired' | 'warnings'> = () => ({ desired: wish.desired, warnings: [] }),
): Promise<Provisioned> {
	const { desired, options, numbers: digits, numberOptions } = wish;
	const claims = [
		...desired.flatMap(({ kind, names, fields }) =>
			names.map((name) => identityClaim(kind, { name, trunk_direction: directionOf(fields) })),
		),
		...digits.map((number) => recordClaim(PHONE_NUMBER, number)),
	];
	return await hold(channel, claims, async (holding) => {
		const onlyShown = options.planOnly && options.planDigest === undefined;
		const lookup = onlyShown ? asListed(channel) : readNow(channel);
		const [existing, numbers] = await Promise.all([
			readExisting(channel, lookup, wish),
			readNumbers(lookup, digits),
		]);
		const adapted = adapt(numbers, existing);
		const inbound = existing.get(INBOUND_TRUNK)?.record;
		const routes = await checkedRoutes(channel, lookup, {
			numbers,
			trunk: inbound && TRUNK.parse(inbound),
			options: numberOptions,
		});
		const planned = planFor(adapted.desired, existing, routes.routes);
		const plan = await withChecks(channel, wish, planned, [
			...adapted.warnings,
			...routes.warnings,
		]);
		const scope: PlanScope = { operation: wish.operation, accountUrl: channel.accountUrl };
		if (options.planDigest !== undefined) requireSamePlan(plan, scope, options.planDigest);
		if (options.planOnly) return { planned: plannedOutput(plan, scope) };
		const [refused] = plan.objections;
		if (refused) throw refused;
		const applied = await apply(holding, plan, {
			rollback: options.rollback,
			allowDisabledTrunk: numberOptions.allowDisabledTrunk,
			moveRoutedNumbers: numberOptions.moveRoutedNumbers,
			approved: options.planDigest !== undefined,
		});
		return { applied, numbers };
	});
}

/** An inbound trunk without a number is seldom meant, and a number that no expression has found looks the same. */
const numbersWarnings = (desired: readonly Desired[], numbers: readonly string[]): string[] =>
	numbers.length === 0 && desired.some(({ key }) => key === INBOUND_TRUNK)
		? ['No phone number was given, so this run routes none to the trunk.']
		: [];

/** A plan with the live numbers that it moves, and with all that is to be known of it. */
async function withChecks(
	channel: Channel,
	{ desired, numbers, numberOptions, options, warnings }: Wish,
	planned: Plan,
	found: readonly string[],
): Promise<Plan> {
	const steps = await withMoves(channel, planned.steps);
	const moves = steps.flatMap(({ moves: moved = [] }) => moved);
	const mayMove = numberOptions.moveRoutedNumbers;
	const objection = mayMove ? undefined : objectionTo(moves);
	return {
		steps,
		warnings: [
			...warnings,
			...numbersWarnings(desired, numbers),
			...found,
			...planned.warnings,
			// A run says so when it moves them.
			...(mayMove && options.planOnly ? moves.map((one) => `${movedInWords(one, false)}.`) : []),
		],
		objections: [...planned.objections, ...(objection ? [objection] : [])],
	};
}

async function readExisting(
	channel: Channel,
	lookup: Lookup,
	{ desired }: Wish,
): Promise<Map<string, Existing>> {
	const records = new Map<string, IDataObject | undefined>();
	const isTrunk = ({ kind }: Desired) => kind === TRUNK;
	// A trunk is made after what it uses. So trunks are read first: else one that another worker is just making could
	// show without its credential.
	for (const some of [desired.filter(isTrunk), desired.filter((one) => !isTrunk(one))]) {
		await Promise.all(some.map(async (one) => records.set(one.key, await findOne(lookup, one))));
	}
	await findShared(channel, desired, records);
	const existing = await Promise.all(
		desired.map(async ({ key, kind, login, id: given }): Promise<[string, Existing]> => {
			const record = records.get(key);
			if (!record || kind === TRUNK || given) return [key, { record, users: [] }];
			const id = idOf(kind, record);
			let users = await lookup.users(kind, id);
			if (lookup.isCurrent && login && !login.given && users.length === 0) {
				// Perhaps another worker is just making this customer: it gets the time to finish.
				await pause(settling.ms, channel.signal);
				users = await lookup.users(kind, id);
			}
			return [key, { record, users }];
		}),
	);
	return new Map(existing);
}

/** What a trunk is known by, and whether it carries calls. */
export const shortTrunk = ({ trunk_id, trunk_domain, trunk_status }: IDataObject): IDataObject => ({
	trunk_id,
	trunk_domain,
	trunk_status,
});

/** A trunk's; other records have none. */
const directionOf = ({ trunk_direction: direction }: Fields): string | undefined =>
	typeof direction === 'string' ? direction : undefined;

/** The record of the first of its names that there is. */
async function findOne(
	lookup: Lookup,
	{ kind, names, fields, id }: Desired,
): Promise<IDataObject | undefined> {
	if (id !== undefined) {
		const given = await lookup.get(kind, id);
		if (given) return given;
		throw badInput(
			kind.idLabel,
			`is ${id}, which is not on the account`,
			'It may have been deleted, or belong to another account. Pick it from the list again.',
		);
	}
	const direction = directionOf(fields);
	// All at the same time: they share one look at the list.
	const found = await Promise.allSettled(
		names.map(
			async (name) =>
				await lookup.find(kind, {
					name,
					...(direction && { trunk_direction: direction }),
				}),
		),
	);
	for (const one of found) {
		if (one.status === 'rejected') throw one.reason;
		if (one.value) return one.value;
	}
	return undefined;
}

/** Where Plivo takes an address once, the trunk uses a record of another name: it is the one that is meant. */
async function findShared(
	channel: Channel,
	desired: readonly Desired[],
	records: Map<string, IDataObject | undefined>,
): Promise<void> {
	// One that is found may have hidden another: then the customer's other URI has its own record.
	for (let isNew = true; isNew; ) {
		isNew = false;
		for (const one of desired) {
			const shared = await sharedFor(channel, one, desired, records);
			if (!shared) continue;
			records.set(one.key, shared);
			isNew = true;
		}
	}
}

async function sharedFor(
	channel: Channel,
	{ key, kind, fields }: Desired,
	desired: readonly Desired[],
	records: ReadonlyMap<string, IDataObject | undefined>,
): Promise<IDataObject | undefined> {
	if (kind !== ORIGINATION_URI || records.get(key)?.uri === fields.uri) return undefined;
	const used = desired
		.flatMap((other) => {
			const [field] = Object.entries(other.fields).find(
				([, value]) => isReference(value) && value.ref === key,
			) ?? [undefined];
			return field === undefined ? [] : [records.get(other.key)?.[field]];
		})
		.find((id) => !isBlank(id));
	if (used === undefined) return undefined;
	// One that gets another address by this very plan, as the customer’s other URI, is not the one.
	const isOther = desired.some(
		({ key: other, fields: { uri } }) =>
			records.get(other)?.[kind.idField] === used && uri !== fields.uri,
	);
	if (isOther) return undefined;
	const all = await allRecords(channel, kind);
	return all.find((record) => idOf(kind, record) === used && record.uri === fields.uri);
}

/** Whether a trunk carries calls is somebody's decision, perhaps after an abuse: it is left as it is. */
export function disabledWarnings(...trunks: Array<IDataObject | undefined>): string[] {
	return trunks.flatMap((trunk) => {
		const status = trunk && offStatus(trunk);
		if (!trunk || status === undefined) return [];
		return [
			`The ${String(trunk.trunk_direction)} trunk ${nameAndId(TRUNK, trunk)} is ${status} and was left so: it carries no calls until you enable it (Trunk, Enable).`,
		];
	});
}
