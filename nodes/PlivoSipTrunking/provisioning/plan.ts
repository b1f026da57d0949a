import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../failure';
import { letsInStrangers, normalizedAddress } from '../input/ipAddress';
import { isBlank } from '../input/text';
import {
	type AccountRecord,
	idOf,
	type Kind,
	labelled,
	matches,
	pick,
	type Values,
} from '../records/kind';
import { type MovedCalls } from '../records/liveNumbers';
import { PHONE_NUMBER, type PhoneNumber, type Route, routeOf } from '../records/phoneNumber';
import { namesOf } from '../records/references';
import { routeLabel } from '../records/route';
import { TRUNK, type Trunk } from '../records/trunk';
import { agree, listed } from '../words';

/** The id of another record of the plan, which may not exist yet. */
export interface Reference {
	readonly ref: string;
}

export type Fields = Readonly<Record<string, IDataObject[string] | Reference>>;

/** A login that a record is to have; a password is never shown by Plivo, so it can't be compared. */
export interface Login {
	/** Plivo's fields, `password` among them. */
	readonly fields: Values;
	/** Whether the user has given the password: then it is set whatever is there. */
	readonly given: boolean;
	/** Whether the user has given the username; a record that is there keeps its own otherwise. */
	readonly usernameGiven: boolean;
}

/** A record that is to exist. */
export interface Desired {
	/** What other records of the plan call it by. */
	readonly key: string;
	readonly kind: Kind;
	/** Names that it may have; a new one gets the first. */
	readonly names: readonly string[];
	/** The id of one that is there and used as it is. */
	readonly id?: string;
	readonly fields: Fields;
	readonly login?: Login;
	/** Calls go on with the login that they use now: a run that would replace it is refused. */
	readonly keepsLogin?: boolean;
	/** Of an IP access control list: it may be a trunk's only authentication, whomever it lets in. */
	readonly allowAnyAddress?: boolean;
}

/** What the account has of a desired record. */
export interface Existing {
	readonly record?: AccountRecord;
	/** Trunks that use it. */
	readonly users: readonly Trunk[];
}

/** A phone number that is to be routed. */
export interface DesiredRoute {
	/** As Plivo has it now. */
	readonly number: PhoneNumber;
	/** A record of the plan, or an application by its id. */
	readonly to: Reference | Route;
	/** It is routed to a trunk that is no longer there: it can't be routed back. */
	readonly isDead?: boolean;
	/** Its calls go where this account can't look, such as a subaccount's trunk: it can't be routed back either. */
	readonly isOutOfSight?: boolean;
}

/** One thing that is done to the account, as data. */
export interface Step {
	readonly action: 'create' | 'reuse' | 'change' | 'route' | 'unroute' | 'delete';
	readonly kind: Kind;
	/** What other steps call the record by. */
	readonly key: string;
	/** Where it exists. */
	readonly id?: string;
	/** The record as people know it, for labels. */
	readonly record: AccountRecord;
	/** Create: all fields. Change: the new values. */
	readonly fields: Fields;
	/** The old values of these fields. */
	readonly before: Values;
	/** What a record that is there is to refer to: another record may be used in the end. */
	readonly refersTo?: Fields;
	/** What it goes to, of a route. */
	readonly to?: Reference | Route;
	/** Why it can't be undone, as a sentence; nothing where it can. */
	readonly cannotUndo?: string;
	/** The live numbers whose calls it moves. */
	readonly moves?: readonly MovedCalls[];
	/** It sets a password that was generated: nobody has it until the output is shown. */
	readonly generatesPassword?: boolean;
	/** A failure leaves the others to be tried: there is no way back any more. */
	readonly tidying?: boolean;
}

/** What is to be done, in order. */
export interface Plan {
	readonly steps: readonly Step[];
	/** Whole sentences for the output. */
	readonly warnings: readonly string[];
	/** What an option would have to allow: only a plan that isn't applied may have any. */
	readonly objections: readonly PlivoFailure[];
}

const OLD_PASSWORD = 'The old password can’t be set again, since Plivo never shows it.';

export const isReference = (value: unknown): value is Reference =>
	typeof value === 'object' && value !== null && 'ref' in value;

/**
 * The id of a record that is there by now: what is sent refers to nothing else.
 *
 * @throws PlivoFailure of kind `conflict`
 */
export function idOfReference({ ref }: Reference, ids: ReadonlyMap<string, string>): string {
	const id = ids.get(ref);
	if (id) return id;
	throw new PlivoFailure(
		'conflict',
		`the ${ref} has no ID yet`,
		'This is a fault of the node: please report it.',
	);
}

const withIds = (fields: Fields, idOfOne: (reference: Reference) => string): IDataObject =>
	Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [
			name,
			isReference(value) ? idOfOne(value) : value,
		]),
	);

/**
 * Fields as they are sent.
 *
 * @throws PlivoFailure as `idOfReference`
 */
export const resolved = (fields: Fields, ids: ReadonlyMap<string, string>): IDataObject =>
	withIds(fields, (reference) => idOfReference(reference, ids));

/** Fields as a plan shows them, with words for the ids of records that are yet to be created: never sent. */
const shownFields = (fields: Fields, ids: ReadonlyMap<string, string>): IDataObject =>
	withIds(fields, ({ ref }) => ids.get(ref) ?? `(new ${ref})`);

/**
 * What has to be done so that the account has what is desired. Pure: the same input gives the same plan.
 *
 * @param desired in the order in which they are made: what refers to another comes after it
 * @param existing by the key of the desired record
 * @param routes numbers that are to be routed, after everything else
 * @throws PlivoFailure of kind `conflict` when a record that others use would have to be changed
 */
export function planFor(
	desired: readonly Desired[],
	existing: ReadonlyMap<string, Existing>,
	routes: readonly DesiredRoute[] = [],
): Plan {
	const ids = new Map(
		desired.flatMap(({ key, kind }) => {
			const record = existing.get(key)?.record;
			return record ? [[key, idOf(kind, record)] as const] : [];
		}),
	);
	const ownTrunks = new Set(
		desired.filter(({ kind }) => kind === TRUNK).map(({ key }) => ids.get(key)),
	);
	const warnings: string[] = [];
	const objections: PlivoFailure[] = [];
	const steps: Step[] = [];
	const last: Step[] = [];
	for (const one of desired) {
		const known = existing.get(one.key) ?? { users: [] };
		const { record, users } = known;
		objections.push(...openTrunk(one, desired, existing));
		if (!record) {
			steps.push(creation(one));
			continue;
		}
		const others = users.filter(({ trunk_id: id }) => !ownTrunks.has(id));
		const inUse = users.length > 0;
		const changes = changesOf(one, record, ids);
		const login = loginFor(one, record, inUse);
		if (one.login && !login) warnings.push(PASSWORD_STAYS);
		if ((changes || login) && one.kind !== TRUNK && others.length > 0) {
			throw usedByOthers(one.kind, record, others);
		}
		if (one.keepsLogin) objections.push(...replacedLogin(one.kind, known, login, changes));
		if (changes) steps.push(changes);
		// A password that somebody uses is changed when all else has gone well.
		if (login) (inUse ? last : steps).push(login);
		if (!changes && !login) steps.push(reuse(one, record));
	}
	// In an order of their own: the same numbers make the same plan, in whatever order they are given.
	const routing = routes
		.map((route) => routeStep(route, ids))
		.sort((one, other) => (one.key < other.key ? -1 : 1));
	// Those whose way back is certain go first.
	const order = [
		...routing.filter(({ cannotUndo }) => cannotUndo === undefined),
		...routing.filter(({ cannotUndo }) => cannotUndo !== undefined),
	];
	return { steps: [...steps, ...order, ...last], warnings, objections };
}

const PASSWORD_STAYS =
	'The SIP credential already existed, and its password cannot be shown again: for a new one, use SIP Credential, Rotate Password.';

/** Of a record that somebody was faster to make. */
export const theirLogin = (label: string) =>
	`The ${label} was created by someone else at the same moment and is used as it is, with their password.`;

/**
 * What speaks against a trunk that strangers could call through: an IP access control list lets in all calls from its
 * addresses, unless a credential is needed as well.
 */
function openTrunk(
	{ key, kind, names, fields }: Desired,
	desired: readonly Desired[],
	existing: ReadonlyMap<string, Existing>,
): PlivoFailure[] {
	const { ipacl_uuid: reference, credential_uuid: credential } = fields;
	const list = desired.find((one) => isReference(reference) && reference.ref === one.key);
	const trunk = existing.get(key)?.record ?? { name: names[0] };
	if (!list || list.allowAnyAddress || credential || !isBlank(trunk.credential_uuid)) return [];
	const record = existing.get(list.key)?.record ?? { name: list.names[0] };
	const addresses = list.fields.ip_addresses ?? record.ip_addresses;
	if (!Array.isArray(addresses) || !letsInStrangers(addresses.map(String))) return [];
	return [
		new PlivoFailure(
			'conflict',
			`The ${labelled(list.kind, record)} lets in more addresses than a /8 in all, and would be the only authentication of the outbound ${labelled(kind, { name: trunk.name })}: strangers could call on your account`,
			"Enter the addresses of your own servers, use a SIP credential, or turn on 'Allow Any Address' in the options.",
		),
	];
}

function creation({ key, kind, names, fields, login }: Desired): Step {
	const all = { name: names[0], ...fields, ...login?.fields };
	return {
		action: 'create',
		kind,
		key,
		// What it is to be: references are shown as such until there are ids.
		record: all as IDataObject,
		fields: all,
		before: {},
		...(login && !login.given && { generatesPassword: true }),
	};
}

const reuse = ({ key, kind, fields }: Desired, record: AccountRecord): Step => ({
	action: 'reuse',
	kind,
	key,
	id: idOf(kind, record),
	record,
	fields: {},
	before: {},
	refersTo: referencesIn(fields),
});

const referencesIn = (fields: Fields): Fields =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => isReference(value)));

function changesOf(
	desired: Desired,
	record: AccountRecord,
	ids: ReadonlyMap<string, string>,
): Step | undefined {
	const { fields } = desired;
	const wanted = shownFields(fields, ids);
	const different = Object.keys(fields).filter(
		(field) => !matches(record, { [field]: wanted[field] }),
	);
	if (different.length === 0) return undefined;
	const changes = Object.fromEntries(different.map((field) => [field, fields[field]]));
	return { ...changeOf(desired, record, changes, different), refersTo: referencesIn(fields) };
}

/** @param shown the fields whose values from before are kept: for the plan, and to restore them */
function changeOf(
	{ key, kind }: Desired,
	record: AccountRecord,
	fields: Step['fields'],
	shown: string[],
) {
	const id = idOf(kind, record);
	return { action: 'change' as const, kind, key, id, record, fields, before: pick(record, shown) };
}

function loginFor(desired: Desired, record: AccountRecord, inUse: boolean): Step | undefined {
	const { login } = desired;
	if (!login) return undefined;
	const fields = {
		...login.fields,
		...(!login.usernameGiven && record.username !== undefined && { username: record.username }),
	};
	// Of one that a trunk uses, somebody has the password; of one that none uses nobody can have it.
	if (inUse && !login.given && matches(record, fields)) return undefined;
	const shown = Object.keys(fields).filter((field) => field !== 'password');
	return {
		...changeOf(desired, record, fields, shown),
		cannotUndo: OLD_PASSWORD,
		...(!login.given && { generatesPassword: true }),
	};
}

/** Why calls with the login that they use now would be refused. */
const replacedLogin = (
	kind: Kind,
	{ record = {}, users }: Existing,
	login?: Step,
	changes?: Step,
): PlivoFailure[] => [
	...(login && users.length > 0 ? [loginInUse(kind, record, users)] : []),
	...(isBlank(changes?.before.credential_uuid) ? [] : [otherCredential(kind, record)]),
];

function loginInUse(kind: Kind, record: AccountRecord, users: readonly Trunk[]): PlivoFailure {
	return new PlivoFailure(
		'conflict',
		`The ${labelled(kind, record, idOf(kind, record))} with the username ${String(record.username)} is used by ${namesOf([...users])}, and this run would replace its login: calls with it would be refused`,
		"To keep the login, leave 'Password' empty (Plivo never shows a password, so a given one can’t be compared) and 'Username' empty or as it is. To replace it, turn on 'Replace Login' in the options.",
	);
}

function otherCredential(kind: Kind, record: AccountRecord): PlivoFailure {
	return new PlivoFailure(
		'conflict',
		`The ${labelled(kind, record, idOf(kind, record))} uses SIP credential ${String(record.credential_uuid)}, and this run would attach another one: calls with the current login would be refused`,
		"To keep the login, use Provision Outbound with 'Existing SIP Credential' and that SIP credential, or another name. To replace it, turn on 'Replace Login' in the options.",
	);
}

function usedByOthers(kind: Kind, record: AccountRecord, users: Trunk[]): PlivoFailure {
	return new PlivoFailure(
		'conflict',
		`The ${labelled(kind, record, idOf(kind, record))} has this customer’s name, but is used by ${namesOf(users)}, so it was not changed`,
		'Give this customer another name, or change the record itself with the Update operation.',
	);
}

function routeStep(desired: DesiredRoute, ids: ReadonlyMap<string, string>): Step {
	const { number, to, isDead, isOutOfSight } = desired;
	const digits = number.number;
	const old = routeOf(number.application);
	const target = isReference(to) ? ids.get(to.ref) : to.id;
	const targetKind = isReference(to) ? 'trunk' : to.kind;
	const common = {
		kind: PHONE_NUMBER,
		key: digits,
		id: digits,
		record: number,
		fields: {},
		before: { application: number.application ?? null },
		to,
	};
	if (old && old.id === target && old.kind === targetKind) return { ...common, action: 'reuse' };
	return {
		...common,
		action: 'route',
		...((!old || isDead || isOutOfSight) && {
			cannotUndo: `Phone number ${digits} was routed ${wayBackOf(desired, old)}.`,
		}),
	};
}

/** Why a number can't be routed back to where it was. */
function wayBackOf({ number, isOutOfSight }: DesiredRoute, old: Route | undefined): string {
	if (isOutOfSight) {
		return `to ${number.application} before, and only the Plivo console can route it back`;
	}
	return `${old ? `to trunk ${old.id}, which is gone,` : 'nowhere before,'} and Plivo may offer no way to clear a route`;
}

/** Whether nothing is to be done. */
export const isUpToDate = ({ steps, objections }: Plan): boolean =>
	objections.length === 0 && steps.every(({ action }) => action === 'reuse');

/** A step as it is shown: in `what_was_done` and `what_would_be_done`. */
export interface ShownStep extends IDataObject {
	action: 'created' | 'reused' | 'changed' | 'routed' | 'unrouted' | 'deleted';
	/** `trunk`, `SIP credential`, `IP access control list`, `origination URI` or `phone number`. */
	kind: string;
	id?: string;
	name?: string;
	/** Of a trunk. */
	trunk_direction?: string;
	/** Plivo's names of the fields that were changed. */
	fields?: string[];
}

const PAST = {
	create: 'created',
	reuse: 'reused',
	change: 'changed',
	route: 'routed',
	unroute: 'unrouted',
	delete: 'deleted',
} as const;

/** A step in the output, once it has been done or as it would be. */
export function shownStep(step: Step, record: AccountRecord = step.record): ShownStep {
	const own = record[step.kind.idField];
	const id = step.id ?? (own === undefined ? undefined : String(own));
	const name = record.name ?? record.alias;
	return {
		action: PAST[step.action],
		kind: step.kind.label,
		...(id !== undefined && { id }),
		...((name ?? '') !== '' && { name: String(name) }),
		...(step.kind === TRUNK &&
			typeof record.trunk_direction === 'string' && { trunk_direction: record.trunk_direction }),
		...(step.action === 'change' && { fields: Object.keys(step.fields) }),
	};
}

/** A step that would be done: in words, with the values before and after, never with a password. */
function plannedStep(step: Step, ids: ReadonlyMap<string, string>): IDataObject {
	const after = shownFields(step.fields, ids);
	if ('password' in after) after.password = '(not shown)';
	return {
		...shownStep(step),
		summary: summaryOf(step),
		...(step.action === 'create' && { after }),
		...(step.action === 'change' && { before: step.before, after }),
		...(step.action === 'route' && {
			before: step.before,
			after: { application: targetOf(step) },
		}),
		...(step.action === 'unroute' && { before: step.before, after: { application: null } }),
		can_be_undone: step.cannotUndo === undefined,
		...(step.cannotUndo !== undefined && { why_not: step.cannotUndo }),
	};
}

const targetOf = ({ to }: Step) =>
	to === undefined ? '' : isReference(to) ? `the ${to.ref}` : `${to.kind} ${to.id}`;

/** The fields of a change as the editor calls them: `Name, Status and Secure`. */
function labelsOf({ kind, fields }: Step): string {
	const labels = Object.keys(fields).map((field) => kind.fields[field]?.label ?? field);
	return [labels.slice(0, -1).join(', '), ...labels.slice(-1)].filter(Boolean).join(' and ');
}

/** The live numbers that a step moves, a continuation of what it does. */
function movesOf({ moves = [] }: Step): string {
	const numbers = [...new Set(moves.flatMap((one) => one.numbers))];
	return numbers.length === 0 ? '' : `, which moves calls to ${listed(numbers)}`;
}

/** A step in a few words: `route +14155550123 from application 123 to the inbound trunk`. */
export function summaryOf(step: Step): string {
	const { kind, record } = step;
	const named = labelled(kind, kind === PHONE_NUMBER ? {} : record);
	const { application: before } = step.before;
	switch (step.action) {
		case 'create':
			return `create ${named}`;
		case 'reuse':
			return kind === PHONE_NUMBER ? `leave +${step.key} where it is` : `use the ${named} as it is`;
		case 'change':
			if (step.generatesPassword) return `set a new password for the ${named}`;
			if ('password' in step.fields) return `set the login of the ${named}`;
			return `change ${labelsOf(step)} of the ${named}${movesOf(step)}`;
		case 'route':
			return `route +${step.key} from ${isBlank(before) ? 'nowhere' : routeLabel(before)} to ${targetOf(step)}`;
		case 'unroute':
			return `take +${step.key} off ${routeLabel(before)}`;
		case 'delete':
			return `delete the ${named}`;
	}
}

const hashOf = (text: string, length: number) =>
	createHash('sha256').update(text).digest('hex').slice(0, length);

/** What a digest is of. */
export interface PlanScope {
	readonly operation: string;
	readonly accountUrl: string;
}

/** A value without what makes no difference: the order and spelling of addresses, and what Plivo has for nothing. */
function plain(value: Fields[string]): Fields[string] {
	if (Array.isArray(value)) {
		return [...new Set(value.map((entry) => normalizedAddress(String(entry))))].sort();
	}
	return (value ?? '') === '' || value === false ? null : value;
}

const plainly = (fields: Fields) =>
	Object.entries(fields)
		.filter(([field]) => field !== 'password')
		.map(([field, value]) => [field, plain(value)]);

/** What a step does, as text: the same as long as account and wish are the same. Without any password. */
function fingerprint(step: Step): string {
	const { action, kind, key, id, fields, before, to, record } = step;
	return JSON.stringify([
		action,
		kind.path,
		key,
		id ?? null,
		plainly(fields),
		plainly(before),
		to ?? null,
		// Whether a password is set that somebody knows already, or one that nobody has had.
		'password' in fields ? (step.generatesPassword ?? false) : null,
		// Who approves a new address knows the numbers that it moves.
		(step.moves ?? []).map(({ numbers, from }) => [numbers, from]),
		// Who approves a deletion knows the record by its name.
		action === 'delete' ? kind.identityOf(record) : null,
	]);
}

/** A plan as a short text: whoever applies it can tell whether it is still the same. */
export function digestOf(plan: Plan, { operation, accountUrl }: PlanScope): string {
	const steps = plan.steps.map((step) => hashOf(fingerprint(step), 6)).join('.');
	const parts = [operation, hashOf(accountUrl, 8), steps];
	return [...parts, hashOf(parts.join('-'), 8)].join('-');
}

/**
 * Refuses to go on where the plan is no longer the one that was seen.
 *
 * @param given the digest of that plan
 * @throws PlivoFailure of kind `input` for a digest that isn't one, or of another operation or account; of
 *   kind `conflict` with what is different
 */
export function requireSamePlan(plan: Plan, scope: PlanScope, given: string): void {
	const now = digestOf(plan, scope);
	if (given === now) return;
	const [operation, account, steps = '', check, ...rest] = given.split('-');
	const isOurs = rest.length === 0 && hashOf([operation, account, steps].join('-'), 8) === check;
	const refused = (message: string, remedy: string) => new PlivoFailure('input', message, remedy);
	if (!isOurs) {
		throw refused(
			"'Plan Digest' was not made by this node, or it was changed along the way",
			"Pass on plan_digest from the output of 'Plan Only' as it is.",
		);
	}
	if (operation !== scope.operation) {
		throw refused(
			`'Plan Digest' belongs to the operation ${operation}, not to ${scope.operation}`,
			'Plan and apply with the same operation.',
		);
	}
	if (account !== hashOf(scope.accountUrl, 8)) {
		throw refused(
			"'Plan Digest' belongs to another Plivo account",
			'Plan and apply with the same credential.',
		);
	}
	const seen = steps.split('.');
	const fresh = plan.steps.filter((step) => !seen.includes(hashOf(fingerprint(step), 6)));
	const current = plan.steps.map((step) => hashOf(fingerprint(step), 6));
	const gone = seen.filter((hash) => hash !== '' && !current.includes(hash)).length;
	const differences = [
		...(fresh.length > 0 ? [`now: ${fresh.map(summaryOf).join('; ')}`] : []),
		...(gone > 0 ? [`${gone} ${agree(gone, 'step', 'steps')} no longer as planned`] : []),
		...(fresh.length === 0 && gone === 0 ? ['the order of the steps'] : []),
	];
	throw new PlivoFailure(
		'conflict',
		`The plan is no longer the one that was approved (${differences.join('; ')})`,
		'The account or the values have changed since. Plan again, and have the new plan approved.',
	);
}

/** The answer of Plan Only. */
export function plannedOutput(plan: Plan, scope: PlanScope): IDataObject {
	const ids = new Map(
		plan.steps.flatMap(({ key, id }) => (id === undefined ? [] : [[key, id] as const])),
	);
	const costs = plan.steps.some(({ fields }) => fields.secure === true)
		? ['Secure: Plivo bills encrypted calls of the outbound trunk per minute.']
		: [];
	return {
		planned: true,
		up_to_date: isUpToDate(plan),
		what_would_be_done: plan.steps.map((step) => plannedStep(step, ids)),
		cannot_be_undone: plan.steps.flatMap(({ cannotUndo }) => cannotUndo ?? []),
		costs,
		plan_digest: digestOf(plan, scope),
		warnings: [
			...new Set([
				...plan.warnings,
				...plan.objections.map(({ message, description }) => `${message}. ${description}`),
			]),
		],
	};
}
