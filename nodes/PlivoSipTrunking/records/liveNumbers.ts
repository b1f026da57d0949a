import type { Channel } from '../transport/channel';
import { type Findings, PlivoFailure, unlessGone } from '../failure';
import { isBlank } from '../input/text';
import { listed } from '../words';
import { type AccountRecord, idOf, type Kind, labelled, type Values } from './kind';
import { getRecord } from './list';
import { ORIGINATION_URI } from './originationUri';
import { numbersOf, trunksUsing } from './references';
import { offStatus, TRUNK, type Trunk } from './trunk';

/** A change to a record, before it is made. */
export interface RecordChange {
	readonly kind: Kind;
	/** As it is. */
	readonly record: AccountRecord;
	/** Plivo's fields with their new values. */
	readonly changes: Values | 'deleted';
	/** Addresses that origination URIs have by then, by their ids; those of others are read. */
	readonly addresses?: ReadonlyMap<string, string>;
}

/** Live numbers whose calls a change sends elsewhere or cuts off. */
export interface MovedCalls {
	/** Digits, in order. */
	readonly numbers: readonly string[];
	/** The trunk that the numbers are routed to. */
	readonly trunk: Trunk;
	/** Which of their calls. */
	readonly calls: 'Calls' | 'Fallback calls';
	/** The address that the calls go to now. */
	readonly from: string;
	/** The address that they go to afterwards, or why they go nowhere. */
	readonly to: { readonly address: string } | { readonly nowhere: string };
}

const ROLES = { primary_uri_uuid: 'Calls', fallback_uri_uuid: 'Fallback calls' } as const;

/**
 * Finds the live numbers whose calls a change moves or cuts off. Only where the change has such an effect are
 * numbers listed, which means reading every page. A destination that calls did not have before moves none. A trunk
 * that is disabled counts too: its calls go elsewhere as soon as somebody enables it.
 *
 * @returns nothing for a credential or an IP access control list: neither has to do with inbound calls
 * @throws PlivoFailure when it can't be found out
 */
export async function movedCalls(channel: Channel, change: RecordChange): Promise<MovedCalls[]> {
	const effects =
		change.kind === TRUNK ? await trunkEffects(channel, change) : await uriEffects(channel, change);
	const all = await Promise.all(
		effects.map(async (effect) => {
			const numbers = await numbersOf(channel, idOf(TRUNK, effect.trunk));
			return { ...effect, numbers: numbers.map(({ number }) => number).sort() };
		}),
	);
	return all.filter(({ numbers }) => numbers.length > 0);
}

type Effect = Omit<MovedCalls, 'numbers'>;

async function trunkEffects(channel: Channel, change: RecordChange): Promise<Effect[]> {
	const { changes, addresses } = change;
	const trunk = TRUNK.parse(change.record);
	if (trunk.trunk_direction === 'outbound') return [];
	const nowhere = endOf(trunk, changes);
	if (nowhere !== undefined) {
		const from = await addressOf(channel, trunk.primary_uri_uuid);
		return [{ trunk, calls: 'Calls', from, to: { nowhere } }];
	}
	const given: Values = changes === 'deleted' ? {} : changes;
	const effects = await Promise.all(
		Object.entries(ROLES).map(async ([field, calls]): Promise<Effect[]> => {
			const [before, after] = [trunk[field], given[field]];
			if (isBlank(before) || after === undefined || after === before) return [];
			const [from, address] = await Promise.all([
				addressOf(channel, before),
				addresses?.get(String(after)) ?? addressOf(channel, after),
			]);
			return from === address ? [] : [{ trunk, calls, from, to: { address } }];
		}),
	);
	return effects.flat();
}

/** Why a trunk carries no inbound calls after a change; nothing where it does. */
function endOf(trunk: Trunk, changes: RecordChange['changes']): string | undefined {
	if (changes === 'deleted') return 'the trunk deleted';
	if (changes.trunk_direction === 'outbound') return 'the trunk outbound';
	const isTurnedOff = offStatus(trunk) === undefined && offStatus(changes) !== undefined;
	return isTurnedOff ? 'the trunk disabled' : undefined;
}

/** Plivo deletes the trunks of an origination URI with it (live; plivo-cli 1.1.2). */
async function uriEffects(channel: Channel, change: RecordChange): Promise<Effect[]> {
	const { kind, record, changes } = change;
	if (kind !== ORIGINATION_URI) return [];
	const isDeleted = changes === 'deleted';
	if (!isDeleted && (changes.uri === undefined || changes.uri === record.uri)) return [];
	const id = idOf(kind, record);
	const users = await trunksUsing(channel, kind, id);
	return users
		.filter(({ trunk_direction: direction }) => direction !== 'outbound')
		.map((trunk) => ({
			trunk,
			calls: isDeleted || trunk.primary_uri_uuid === id ? 'Calls' : 'Fallback calls',
			from: String(record.uri ?? `origination URI ${id}`),
			to: isDeleted ? { nowhere: 'the trunk deleted' } : { address: String(changes.uri) },
		}));
}

async function addressOf(channel: Channel, id: unknown): Promise<string> {
	if (isBlank(id)) return 'nowhere';
	const uri = await unlessGone(getRecord(channel, ORIGINATION_URI, String(id)));
	return String(uri?.uri ?? `origination URI ${String(id)}`);
}

/**
 * Moved calls as words, with the old and the new address.
 *
 * @param isDone whether the change is made; it would be made otherwise
 */
export function movedInWords(moved: MovedCalls, isDone: boolean): string {
	const { numbers, trunk, calls, from, to } = moved;
	const subject = `${calls} to ${listed(numbers)} (${labelled(TRUNK, trunk, idOf(TRUNK, trunk))})`;
	if ('nowhere' in to) {
		return `${subject} ${isDone ? 'no longer reach' : 'would no longer reach'} ${from}, with ${to.nowhere}`;
	}
	return `${subject} ${isDone ? 'go' : 'would go'} to ${to.address} instead of ${from}`;
}

/**
 * Why moved calls stop a change that isn't named for it.
 *
 * @returns a failure to throw; nothing where no call is moved
 */
export function objectionTo(moved: readonly MovedCalls[]): PlivoFailure | undefined {
	if (moved.length === 0) return undefined;
	return new PlivoFailure(
		'conflict',
		moved.map((one) => movedInWords(one, false)).join('; '),
		"To move these live numbers, turn on 'Move Routed Numbers' in the options. Otherwise use another name, or check the address.",
	);
}

/**
 * Looks for the live numbers that a change moves or cuts off, right before it is made.
 *
 * @param mayMove whether the change is made in any case; a look that fails is a warning then
 * @returns the numbers with the old and the new address: a warning where they may be moved, else an objection
 * @throws PlivoFailure where it can't be found out, and calls must not be moved
 */
export async function findMoves(
	channel: Channel,
	change: RecordChange,
	mayMove: boolean,
): Promise<Findings> {
	const moved = await movedCalls(channel, change).catch((failure: unknown) => {
		if (!mayMove || !(failure instanceof PlivoFailure) || failure.kind === 'cancelled') {
			throw failure;
		}
		return failure;
	});
	if (moved instanceof PlivoFailure) {
		return {
			warnings: [
				`Whether this moves calls of live numbers could not be checked: ${moved.message}.`,
			],
		};
	}
	return mayMove
		? { warnings: moved.map((one) => `${movedInWords(one, true)}.`) }
		: { objection: objectionTo(moved) };
}
