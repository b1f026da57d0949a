import type { Client } from './client.mts';
import { type Context, type Made, settle } from './context.mts';
import { IP_LISTS, type Kind, NUMBERS, OWN_KINDS, type PlivoRecord, TRUNKS } from './kinds.mts';
import { pathOf, readAll, recordFrom } from './lists.mts';

/** The name of what a run of the check made; nothing else is ever removed. */
const OWN_NAME = /^check-([\da-f]{8})-[A-Za-z\d-]+$/;

/**
 * The name of the record that remembers where a number was routed, for as long as it isn't: so that also a later
 * run can route it back, and no file ever has it.
 */
const WAY_BACK = /^check-[\da-f]{8}-back-(\d+)-(trunk|app)-([A-Za-z\d-]+)$/;

const ROUTE = /^\/v1\/Account\/[^/]+\/(Zentrunk\/Trunk|Application)\/([A-Za-z\d-]+)\/$/;

/** A route that was lost for a moment is given back with patience. */
const RESTORE_ATTEMPTS = 8;

/** What is listed late, or left out by a listing that shifts, is found by a later one. */
const ROUNDS = 5;

export interface Route {
	kind: 'trunk' | 'app';
	id: string;
}

export const ownName = (run: string, label: string) => `check-${run}-${label}`;

export const wayBackName = (run: string, number: string, { kind, id }: Route) =>
	ownName(run, `back-${number}-${kind}-${id}`);

/** What a number's `application` routes to. */
export function routeOf(application: unknown): Route | undefined {
	const [, kind, id] = ROUTE.exec(String(application)) ?? [];
	if (!kind || !id) return undefined;
	return { kind: kind === 'Application' ? 'app' : 'trunk', id };
}

const isOwn = ({ name }: PlivoRecord, run?: string) => {
	const [, by] = OWN_NAME.exec(String(name)) ?? [];
	return by !== undefined && (run === undefined || by === run);
};

/** What earlier runs left in lists that were read already. */
export function leftoversIn(context: Context): Made[] {
	return OWN_KINDS.flatMap((kind) =>
		ownIn(kind, context.samples.get(kind)?.all ?? new Map<string, PlivoRecord>()),
	);
}

function ownIn(kind: Kind, records: Map<string, PlivoRecord>, run?: string): Made[] {
	const own = [...records].filter(([, record]) => isOwn(record, run));
	return own.map(([id, record]) => ({ kind, id, name: String(record.name) }));
}

/**
 * Removes what the check made, and gives a number its route back. Of other runs everything, or with `run` only what
 * that one made, also where the answer to the create was lost.
 *
 * @returns what is left and why, in words; empty when nothing is
 */
export async function removeOwn(context: Context, run?: string): Promise<string[]> {
	let problems: string[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const found = await findOwn(context, run);
		if (!found) return ['a list could not be read, so that something may be left'];
		const { records, trunks } = found;
		if (records.length === 0 && round > 0) return problems;
		const settledAt = context.lostAt;
		await settle(context);
		problems = records.length === 0 ? [] : await remove(context, records, trunks, run);
		if (problems.length > 0) return problems;
		if (records.length === 0 && settledAt === undefined) return [];
	}
	return problems;
}

async function findOwn(context: Context, run?: string) {
	const records: Made[] = run ? [...context.made] : [];
	let trunks = new Map<string, PlivoRecord>();
	for (const kind of OWN_KINDS) {
		const all = await readAll(context.client, kind);
		if (!all) return undefined;
		if (kind === TRUNKS) trunks = all;
		const known = new Set(records.filter((made) => made.kind === kind).map(({ id }) => id));
		records.push(...ownIn(kind, all, run).filter(({ id }) => !known.has(id)));
	}
	return { records, trunks };
}

/** One round: numbers get their routes back first, trunks go before what they use. */
async function remove(
	context: Context,
	records: Made[],
	trunks: Map<string, PlivoRecord>,
	run: string | undefined,
): Promise<string[]> {
	const { client } = context;
	const problems: string[] = [];
	const kept = new Set<string>();
	const ownTrunks = records.filter(({ kind }) => kind === TRUNKS);
	const ownTrunkIds = new Set(ownTrunks.map(({ id }) => id));
	for (const { kind, id, name } of records) {
		const [, number, target, targetId] = kind === IP_LISTS ? (WAY_BACK.exec(name) ?? []) : [];
		if (!number || !targetId) continue;
		const route: Route = { kind: target === 'app' ? 'app' : 'trunk', id: targetId };
		if (await restoreRoute(context, number, route, ownTrunkIds)) continue;
		kept.add(id);
		problems.push(
			'the number of --number does not have its route back: route it in the Plivo console (Phone Numbers); where it was routed is in the name of the IP access control list "check-…-back-…"',
		);
	}
	// This run's trunks are minutes old; on one of another run somebody may have put a number.
	const routed = run === undefined && ownTrunks.length > 0 ? await routedTrunks(client) : [];
	if (!routed) return ['the numbers could not be read: trunks of an earlier check are left'];
	for (const { id } of ownTrunks) {
		if (!routed.includes(id)) continue;
		kept.add(id);
		problems.push('a trunk named check-… has a number routed to it: route the number elsewhere');
	}
	const inUse = new Set<unknown>();
	for (const [id, trunk] of trunks) {
		if (ownTrunkIds.has(id) && !kept.has(id)) continue;
		for (const [field, value] of Object.entries(trunk))
			if (field.endsWith('_uuid')) inUse.add(value);
	}
	for (const { kind, id } of records) {
		if (kept.has(id)) continue;
		if (inUse.has(id)) {
			// Deleting a URI deletes the trunks that use it (plivo/plivo-cli): never somebody else's.
			problems.push(`a record named check-… (${kind.noun}) is used by a trunk of yours`);
			continue;
		}
		if (await deleteOwn(context, kind, id)) continue;
		problems.push(`a record named check-… (${kind.noun}) could not be removed`);
	}
	return [...new Set(problems)];
}

/** @returns whether the record is gone */
export async function deleteOwn(context: Context, kind: Kind, id: string): Promise<boolean> {
	const { status } = await context.client.delete(pathOf(kind, id));
	const gone = (status >= 200 && status < 300) || status === 404;
	if (gone) context.made = context.made.filter((made) => made.kind !== kind || made.id !== id);
	return gone;
}

/** The trunks that numbers route to; undefined when the numbers can't be read. */
async function routedTrunks(client: Client): Promise<string[] | undefined> {
	const numbers = await readAll(client, NUMBERS);
	return (
		numbers && [...numbers.values()].flatMap(({ application }) => routeOf(application)?.id ?? [])
	);
}

/**
 * Routes a number to where it was, unless somebody has routed it elsewhere since; believes only what is read back.
 *
 * @param ownTrunks trunks that the check made
 */
async function restoreRoute(
	{ client }: Context,
	number: string,
	route: Route,
	ownTrunks: Set<string>,
): Promise<boolean> {
	const path = pathOf(NUMBERS, number);
	for (let attempt = 0; attempt < RESTORE_ATTEMPTS; attempt++) {
		const answer = await client.get(path);
		// Released since.
		if (answer.status === 404) return true;
		const record = recordFrom(NUMBERS, answer);
		if (record) {
			const now = routeOf(record.application);
			if (now?.kind === route.kind && now.id === route.id) return true;
			const elsewhere = now && (await isElsewhere(client, now, ownTrunks));
			if (elsewhere) return true;
			// It can't be told yet: asked again.
			if (now && elsewhere === undefined) continue;
			await client.post(path, { app_id: route.id });
		}
	}
	return false;
}

/**
 * Whether a number's route is somebody's, and not a trunk of the check, which may be deleted already; undefined when
 * that can't be told.
 */
async function isElsewhere(client: Client, route: Route, ownTrunks: Set<string>) {
	if (route.kind !== 'trunk') return true;
	if (ownTrunks.has(route.id)) return false;
	const { status } = await client.get(pathOf(TRUNKS, route.id));
	if (status === 200) return true;
	return status === 404 ? false : undefined;
}
