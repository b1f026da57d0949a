import { isGone, PlivoFailure, unlessGone, asData } from '../failure';
import { isBlank } from '../input/text';
import { noteWrite, recordClaim } from '../records/accountState';
import { type Kind, labelled, nameAndId, recordPath } from '../records/kind';
import { getRecord } from '../records/list';
import { findMoves } from '../records/liveNumbers';
import { PHONE_NUMBER, routeOf, UNKNOWN_NUMBER_HELP } from '../records/phoneNumber';
import { useOf } from '../records/references';
import { isOutOfSight } from '../records/route';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { type Change, finalFailure, settle } from './settle';

/** What speaks against deleting a record. */
export interface Objection {
	/** Why it is refused. */
	readonly failure: PlivoFailure;
	/** What the output says where Force overrides it, whole sentences; nothing where Force can't. */
	readonly overridden?: readonly string[];
}

/** Looks for what speaks against deleting a record. */
export type Guard = (channel: Channel) => Promise<Objection[]>;

/** A deletion that was carried out. */
export interface Deleted {
	/** What Force has overridden, as whole sentences for the output. */
	readonly warnings: string[];
}

/** The record, as far as a deletion has to know it. */
interface Seen {
	readonly isGone: boolean;
	readonly objections: readonly Objection[];
}

interface Deletion {
	readonly force?: boolean;
	readonly guard: Guard;
	/** What an error and the run call it: `trunk 123`. */
	readonly subject: string;
	readonly verb: 'deleted' | 'released';
	readonly maybe: string;
	readonly remedy?: string;
}

/**
 * The deletion of a record. A record that is gone after an attempt without an answer counts as deleted.
 *
 * @param id of a phone number: its digits
 */
export const deletion = (
	kind: Kind,
	id: string,
	{ force = false, guard, subject, verb, maybe, remedy }: Deletion,
): Change<Seen, Deleted> => ({
	claims: [recordClaim(kind, id)],
	maybe,
	remedy,
	async look(channel, { open }) {
		const objections = await guard(channel);
		// Last: it may go meanwhile.
		const isThere = !open || (await unlessGone(getRecord(channel, kind, id)));
		return { isGone: !isThere, objections };
	},
	decide(seen, history) {
		const { answer, before, open, failure } = history;
		const warnings = (before?.objections ?? []).flatMap(({ overridden }) => overridden ?? []);
		if (answer || (open && (seen?.isGone || isGone(failure)))) return { done: { warnings } };
		const final = finalFailure(history);
		if (final) return { refuse: final };
		if (!seen) return { look: 'now' };
		const objection = seen.objections.find(({ overridden }) => !force || overridden === undefined);
		if (objection) return { refuse: objection.failure };
		return { send: { method: 'DELETE', path: recordPath(kind, id), subject } };
	},
	note(channel) {
		noteWrite(channel, kind, id);
		channel.wrote?.(`${verb} ${subject}`);
	},
});

/**
 * Deletes a record unless something depends on it; nothing of this process begins to depend on it
 * meanwhile.
 *
 * @param force although something does, or that could not be checked
 * @param guard what else speaks against it
 * @throws PlivoFailure; of kind `conflict` while something depends on it; with `httpCode` 404 when there was none
 */
export async function deleteRecord(
	channel: Channel,
	kind: Kind,
	id: string,
	{ force = false, guard = inUseGuard(kind, id) }: { force?: boolean; guard?: Guard } = {},
): Promise<Deleted> {
	const subject = `${kind.label} ${id}`;
	return await settle(
		channel,
		deletion(kind, id, {
			force,
			guard,
			subject,
			verb: 'deleted',
			maybe: `The ${subject} may have been deleted`,
			remedy: 'Look whether it is still there before you run this again.',
		}),
	);
}

/** Whatever would stop working without a record: a trunk's numbers, a record's trunks. */
export const inUseGuard =
	(kind: Kind, id: string): Guard =>
	async (channel) => {
		const use = await useOf(channel, kind, id).catch((failure: unknown) =>
			uncheckedUse(kind, failure),
		);
		if (use === undefined) return [];
		if (typeof use !== 'string') return [use];
		// A trunk’s own numbers are named already.
		const change = { kind, record: { [kind.idField]: id }, changes: 'deleted' } as const;
		const { warnings = [] } = kind === TRUNK ? {} : await findMoves(channel, change, true);
		return [
			{
				failure: new PlivoFailure(
					'conflict',
					`The ${kind.label} ${kind === TRUNK ? 'is in use:' : 'is used'} ${use}`,
					inUseRemedy(kind),
				),
				overridden: [`The ${labelled(kind, {}, id)} was in use: ${use}.`, ...warnings],
			},
		];
	};

function uncheckedUse({ label }: Kind, failure: unknown): Objection {
	const { kind, message, description, details } = asData(failure);
	return {
		failure: new PlivoFailure(
			kind,
			`The ${label} was not deleted: whether it is in use could not be checked (${message})`,
			description,
			details,
		),
		overridden: [`Whether the ${label} was in use could not be checked: ${message}.`],
	};
}

function inUseRemedy(kind: Kind): string {
	if (kind === TRUNK) {
		return "Route its phone numbers elsewhere first, or turn on 'Force' in the options.";
	}
	const consequence =
		kind.idField === 'uri_uuid'
			? 'Plivo would delete every trunk that uses it, and the numbers of such a trunk would stop working.'
			: 'Calls through every trunk that uses it would fail.';
	return `${consequence} Give each such trunk another ${kind.label} first, or turn on 'Force' in the options.`;
}

/**
 * Gives a number back to Plivo: DELETE Number/{number}/, which can't be undone
 * (plivo.com/docs/numbers/api/account-phone-number).
 *
 * @param number digits
 * @param force although its calls go to a trunk, or where they go could not be found out
 * @throws PlivoFailure; of kind `conflict` while its calls go to a trunk, naming it
 */
export async function releaseNumber(
	channel: Channel,
	number: string,
	force: boolean,
): Promise<Deleted> {
	const subject = `phone number ${number}`;
	return await settle(
		channel,
		deletion(PHONE_NUMBER, number, {
			force,
			guard: async (holding) => await routedGuard(holding, number),
			subject,
			verb: 'released',
			maybe: `Phone number ${number} may have been released`,
			remedy: 'Check whether the account still has it (Phone Number, Get).',
		}),
	);
}

const RELEASE_REMEDY =
	"Route it elsewhere first (Phone Number, Unroute or Route to Application), or turn on 'Force' in the options. A released number is lost for good.";

/** A trunk that is there and has the number's calls. */
async function routedGuard(channel: Channel, number: string): Promise<Objection[]> {
	const record = await unlessGone(getRecord(channel, PHONE_NUMBER, number));
	if (!record) return [{ failure: notOnAccount(number) }];
	const { application } = record;
	const route = routeOf(application);
	// A record that doesn't say is not one whose calls go nowhere.
	const isUnsaid = application === undefined;
	if (route?.kind === 'application' || (isBlank(application) && !isUnsaid)) return [];
	if (isUnsaid) {
		const why = 'Plivo does not say where its calls go, and it may be a trunk';
		const went = `Plivo did not say where the calls of phone number ${number} went.`;
		return [releaseObjection(number, why, went)];
	}
	if (!route || isOutOfSight(channel, application)) {
		return [goesTo(number, String(application), ', which may be a trunk')];
	}
	const trunk = await unlessGone(getRecord(channel, TRUNK, route.id)).catch(asData);
	// The calls of a number whose trunk is gone reach nobody already.
	if (!trunk) return [];
	// One that can't be read may be there.
	const name = trunk instanceof PlivoFailure ? route.id : nameAndId(TRUNK, trunk);
	return [goesTo(number, `trunk ${name}`)];
}

const goesTo = (number: string, target: string, doubt = ''): Objection =>
	releaseObjection(
		number,
		`its calls go to ${target}${doubt}`,
		`The calls of phone number ${number} went to ${target}.`,
	);

const releaseObjection = (number: string, why: string, overridden: string): Objection => ({
	failure: new PlivoFailure(
		'conflict',
		`Phone number ${number} was not released: ${why}`,
		RELEASE_REMEDY,
	),
	overridden: [overridden],
});

const notOnAccount = (number: string) =>
	new PlivoFailure(
		'refused',
		`Phone number ${number} is not on this account, and was not released`,
		UNKNOWN_NUMBER_HELP,
		{ httpCode: 404, fromPlivo: true },
	);
