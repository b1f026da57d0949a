import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { isTaken, PlivoFailure } from '../failure';
import { timeFromPlivo } from '../input/time';
import { identityClaim, noteWrite } from '../records/accountState';
import { currentReading } from '../records/find';
import {
	type AccountRecord,
	idOf,
	type Kind,
	labelled,
	matches,
	type Values,
	without,
} from '../records/kind';
import { getRecord } from '../records/list';
import { TRUNK, trunkDomain } from '../records/trunk';
import { memoryOf } from '../run/memory';
import type { Channel } from '../transport/channel';
import { type Change, type Decision, finalFailure, type History, settle } from './settle';
import { referenceClaims } from './update';

/** A record that is to be made. */
export interface Creation {
	readonly kind: Kind;
	/** Plivo's fields, checked. */
	readonly fields: Values;
	/**
	 * The caller has just seen that nothing has this identity, and wants whatever gets it: a record that is in the way
	 * is the result.
	 */
	readonly wasAbsent?: boolean;
}

/** The record of a creation. */
export interface Created {
	/** All of it, as Plivo has it, without the password. */
	readonly record: AccountRecord;
	/** `ours`: Plivo has named its id. `perhaps`: found after a lost answer, so no undo deletes it. `theirs`: in the way. */
	readonly whose: 'ours' | 'perhaps' | 'theirs';
	/** Whole sentences for the output. */
	readonly warnings: string[];
}

/** What the list shows of the identity. */
interface Seen {
	/** Records that have all that was sent and may be what an attempt has made. */
	readonly fresh: readonly AccountRecord[];
	/** Likewise, but perhaps older. */
	readonly unclear: readonly AccountRecord[];
	/** Ids of all that have what was sent. */
	readonly alike: ReadonlySet<string>;
	/** What has the name or the address. */
	readonly inTheWay?: AccountRecord;
	/** The record that Plivo has made, with what Plivo has added to it. */
	readonly made?: AccountRecord;
}

/** Between Plivo's clock and `created_at`, which has whole seconds. */
const CLOCK_SLACK_MS = 2_000;

/** The creation of a record: sent again only when an attempt without an answer can't show up any more. */
export const creating = (channel: Channel, creation: Creation): Change<Seen, Created> => {
	const { kind, fields } = creation;
	const label = labelled(kind, fields);
	return {
		claims: [identityClaim(kind, fields), ...referenceClaims(kind, fields)],
		maybe: `The ${label} may have been created`,
		remedy: 'Look for it before you run this again.',
		open: memoryOf(channel).inDoubt.get(keyOf(creation)),
		look: async (holding, history) => await lookFor(holding, creation, history),
		decide: (seen, history) => decideCreation(creation, seen, history),
		note(holding, { record, whose }) {
			if (whose === 'theirs') return;
			const id = idOf(kind, record);
			memoryOf(holding).made.add(id);
			noteWrite(holding, kind, id, record);
			holding.wrote?.(`created ${labelled(kind, record, id)}`);
		},
	};
};

/** What is sent, as a key that doesn't show the password. */
const keyOf = ({ kind, fields }: Creation) =>
	createHash('sha256')
		.update(`${kind.path}${JSON.stringify(fields)}`)
		.digest('hex');

async function lookFor(
	channel: Channel,
	{ kind, fields, wasAbsent }: Creation,
	{ answer, before, open, repeated }: History<Seen>,
): Promise<Seen> {
	const made = answer && (await getRecord(channel, kind, idOf(kind, answer)));
	if (made && !repeated) return { fresh: [], unclear: [], alike: new Set(), made };
	// The list alone: what this process has just written may be gone again.
	const all = [...(await currentReading(channel, kind)).records.values()];
	const alike = all.filter((record) => matches(record, fields));
	const aged = alike.map((record) => {
		const id = idOf(kind, record);
		const isOld = before?.alike.has(id) === true || memoryOf(channel).made.has(id);
		const isOurs = made !== undefined && id === idOf(kind, made);
		if (isOld || isOurs || !(open || repeated)) return { record, age: 'old' };
		if (wasAbsent || before) return { record, age: 'fresh' };
		return {
			record,
			age:
				'password' in fields
					? 'unclear'
					: ageBy(channel, kind, record, (open ?? repeated)?.firstAt),
		};
	});
	const of = (age: string) => aged.filter((one) => one.age === age).map(({ record }) => record);
	const inTheWay =
		all.find((record) => kind.identityOf(record) === kind.identityOf(fields)) ??
		all.find((record) => matches(record, { name: fields.name })) ??
		(fields.uri === undefined ? undefined : all.find(({ uri }) => uri === fields.uri));
	return {
		fresh: of('fresh'),
		unclear: of('unclear'),
		alike: new Set(alike.map((record) => idOf(kind, record))),
		inTheWay,
		made,
	};
}

/** Trunks alone show when they were made (live). Of other records, one that has all that was sent is as good as ours. */
function ageBy(
	{ account }: Channel,
	kind: Kind,
	record: AccountRecord,
	firstAt = 0,
): 'fresh' | 'unclear' | 'old' {
	if (kind !== TRUNK) return 'fresh';
	const at = timeFromPlivo(record.created_at);
	const { clockOffset } = account;
	if (clockOffset === undefined || Number.isNaN(at)) return 'unclear';
	return at >= firstAt + clockOffset - CLOCK_SLACK_MS ? 'fresh' : 'old';
}

function decideCreation(
	{ kind, fields, wasAbsent = false }: Creation,
	seen: Seen | undefined,
	history: History<Seen>,
): Decision<Created> {
	const { answer, open, failure, before, settled, spent, repeated } = history;
	if (answer) return decideMade({ kind, fields, wasAbsent }, answer, seen, history);
	const final = finalFailure(history);
	const isInTheWay = failure !== undefined && spent && isTaken(failure);
	if (final && !isInTheWay) return { refuse: final };
	if (open || (repeated && isInTheWay)) {
		// Somebody else may just have made the same: both show by the end.
		if (!seen || !settled) return { look: 'last' };
		const found = decideFound({ kind, fields }, seen);
		if (found) return found;
		// It can't be carried out any more, and there is none.
		if (open && spent && failure && !isInTheWay) return { refuse: failure, isOver: true };
	}
	if (isInTheWay) {
		if (!seen) return { look: 'now' };
		if (seen.inTheWay) return decideTaken({ kind, fields, wasAbsent }, seen.inTheWay, failure);
		// The list may not show yet what is in the way.
		return wasAbsent && !settled
			? { look: 'later', waitingFor: 'what is in the way' }
			: { refuse: failure };
	}
	// A password can't be compared: what has all else must be known from before.
	if ('password' in fields && !wasAbsent && !before && !open) return { look: 'now' };
	const flaw = (body: IDataObject) => (body[kind.idField] ? undefined : `has no ${kind.idField}`);
	return { send: { method: 'POST', path: kind.path, body: fields, flaw } };
}

/** Plivo has made it; it may answer the id alone. */
function decideMade(
	{ kind, fields, wasAbsent }: Creation,
	answer: IDataObject,
	seen: Seen | undefined,
	{ unseen, repeated }: History<Seen>,
): Decision<Created> {
	// Where others may make it as well, the look for theirs shows ours whole.
	const isWhole = kind.defaults !== undefined || wasAbsent;
	if (!seen && !unseen && (!isWhole || (repeated && !wasAbsent))) return { look: 'now' };
	const id = idOf(kind, answer);
	const known = {
		[kind.idField]: id,
		...kind.defaults,
		...(kind === TRUNK && { trunk_domain: trunkDomain(id) }),
		...without(fields, 'password'),
	};
	const record = seen?.made ?? known;
	const second = repeated ? (seen?.fresh ?? []).map((one) => idOf(kind, one)).join(', ') : '';
	return {
		done: { record, whose: 'ours', warnings: second ? [secondWarning(kind, record, second)] : [] },
	};
}

const secondWarning = (kind: Kind, record: AccountRecord, second: string) =>
	`Plivo gave no answer to an attempt to create the ${labelled(kind, record, idOf(kind, record))}, and ${second} is perhaps a second one: compare the two in the Plivo console.`;

const foundWarning = (kind: Kind, record: AccountRecord) =>
	`Plivo gave no answer to the request for the ${labelled(kind, record, idOf(kind, record))}, which was found on the account afterwards: if somebody else has made the same at this moment, it may be theirs.`;

/** After an attempt without an answer: the one record that may be its result, if it is obvious. */
function decideFound(
	{ kind, fields }: Creation,
	{ fresh, unclear }: Seen,
): Decision<Created> | undefined {
	const [record] = fresh;
	if (record && fresh.length === 1 && unclear.length === 0) {
		return { done: { record, whose: 'perhaps', warnings: [foundWarning(kind, record)] } };
	}
	const perhaps = [...fresh, ...unclear];
	if (perhaps.length === 0) return undefined;
	const ids = perhaps.map((one) => idOf(kind, one)).join(', ');
	return {
		refuse: new PlivoFailure(
			'conflict',
			`Plivo gave no answer to the request for the ${labelled(kind, fields)}, and it is unclear whether ${ids} ${perhaps.length > 1 ? 'include' : 'is'} its result`,
			`Look at ${perhaps.length > 1 ? 'them' : 'it'} in the Plivo console, and delete what nobody needs before you run this again.`,
		),
	};
}

function decideTaken(
	{ kind, fields, wasAbsent }: Creation,
	other: AccountRecord,
	failure: PlivoFailure,
): Decision<Created> {
	// One record serves all who send calls to one address, where Plivo takes an address once.
	const isMeant =
		kind.identityOf(other) === kind.identityOf(fields) ||
		(fields.uri !== undefined && other.uri === fields.uri);
	if (wasAbsent && isMeant) return { done: { record: other, whose: 'theirs', warnings: [] } };
	const label = labelled(kind, other, idOf(kind, other));
	return {
		refuse: new PlivoFailure(
			'conflict',
			`There is already ${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label}`,
			`${failure.message}. Choose another name, or use Create or Update to change the existing one.`,
			failure.details,
		),
	};
}

/** Nothing that Plivo repeats may show a password, also in an answer to another request. */
const withSecret = (channel: Channel, { password }: IDataObject): Channel =>
	typeof password === 'string' ? { ...channel, secrets: [...channel.secrets, password] } : channel;

/**
 * Makes a record, exactly once. One that stays in doubt is looked for first when this run tries again.
 *
 * @throws PlivoFailure; with `open` where it may have been made
 */
export async function createRecord(channel: Channel, creation: Creation): Promise<Created> {
	const masking = withSecret(channel, creation.fields);
	return await settle(masking, creating(channel, creation)).catch((failure: unknown) => {
		const open = failure instanceof PlivoFailure ? failure.details.open : undefined;
		if (open) memoryOf(channel).inDoubt.set(keyOf(creation), open);
		throw failure;
	});
}
