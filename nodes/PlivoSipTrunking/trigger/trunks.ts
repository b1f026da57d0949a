import type { IDataObject } from 'n8n-workflow';

import { isUnset } from '../records/kind';
import { TRUNK } from '../records/trunk';

/** What of a trunk is watched: its status and where its calls go (plivo.com/docs/sip-trunking/api/trunks). */
const WATCHED = [
	'name',
	'trunk_status',
	'trunk_direction',
	'secure',
	'credential_uuid',
	'ipacl_uuid',
	'primary_uri_uuid',
	'fallback_uri_uuid',
];

const KEPT = [TRUNK.idField, 'trunk_domain', ...WATCHED];

/** An account's trunks at a moment, by id: the fields that are kept of each, `null` where unset. */
export type TrunkSnapshot = Record<string, IDataObject>;

/** What has happened to a trunk between two snapshots. */
export type TrunkChange = {
	change: 'created' | 'changed' | 'removed';
	trunk_id: string;
	name: string;
	/** Names of the fields that differ; empty unless `changed`. */
	changed_fields: string[];
	before: IDataObject | null;
	after: IDataObject | null;
};

/** The part of trunk records that is watched, with what identifies each. */
export function snapshotOf(trunks: IDataObject[]): TrunkSnapshot {
	return Object.fromEntries(
		trunks.map((trunk) => [
			String(trunk[TRUNK.idField]),
			Object.fromEntries(KEPT.map((field) => [field, trunk[field] ?? null])),
		]),
	);
}

/** How two snapshots differ, a trunk that is in both and the same left out. */
export function trunkChanges(before: TrunkSnapshot, after: TrunkSnapshot): TrunkChange[] {
	const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
	return [...ids].map((id) => changeOf(id, before[id], after[id])).filter(isChange);
}

function changeOf(id: string, before?: IDataObject, after?: IDataObject): TrunkChange {
	const changed_fields =
		before && after ? WATCHED.filter((field) => differs(before[field], after[field])) : [];
	return {
		change: before ? (after ? 'changed' : 'removed') : 'created',
		trunk_id: id,
		name: String((after ?? before)?.name ?? ''),
		changed_fields,
		before: before ?? null,
		after: after ?? null,
	};
}

const differs = (one: unknown, other: unknown) =>
	one !== other && !(isUnset(one) && isUnset(other));

const isChange = ({ change, changed_fields }: TrunkChange) =>
	change !== 'changed' || changed_fields.length > 0;

/** The snapshot as it would be without some of its changes: the next comparison finds those again. */
export function withoutChanges(after: TrunkSnapshot, left: TrunkChange[]): TrunkSnapshot {
	const undone = Object.fromEntries(left.map(({ trunk_id, before }) => [trunk_id, before]));
	const entries = Object.entries({ ...after, ...undone });
	return Object.fromEntries(
		entries.filter((entry): entry is [string, IDataObject] => entry[1] !== null),
	);
}
