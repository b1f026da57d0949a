import { unlessGone } from '../failure';
import { findListed, findRecord, shownReading } from '../records/find';
import type { AccountRecord, Kind, Values } from '../records/kind';
import { getRecord } from '../records/list';
import { trunksUsing } from '../records/references';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';

/** How a plan looks at the account. */
export interface Lookup {
	/** The one record of an identity; throws when there are several. */
	find<R extends AccountRecord>(kind: Kind<R>, identity: Values): Promise<R | undefined>;
	/** A record by its id; nothing when it isn't there. */
	get<R extends AccountRecord>(kind: Kind<R>, id: string): Promise<R | undefined>;
	/** The trunks that use a record. */
	users(kind: Kind, id: string): Promise<readonly Trunk[]>;
	/** Whether it reads right now, so that writes may rely on it. */
	readonly isCurrent: boolean;
}

/** Reads each record afresh: for a plan that is applied. */
export const readNow = (channel: Channel): Lookup => ({
	find: async (kind, identity) => await findRecord(channel, kind, identity),
	get: async (kind, id) => await unlessGone(getRecord(channel, kind, id)),
	users: async (kind, id) => await trunksUsing(channel, kind, id),
	isCurrent: true,
});

/** Takes everything from the lists, which are read once for all who look: for a plan that is only shown. */
export const asListed = (channel: Channel): Lookup => ({
	find: async (kind, identity) => await findListed(channel, kind, identity),
	get: async (kind, id) => (await shownReading(channel, kind)).records.get(id),
	users: async (_kind, id) => (await shownReading(channel, TRUNK)).referringTo(id),
	isCurrent: false,
});
