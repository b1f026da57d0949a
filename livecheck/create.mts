import type { Answer } from './client.mts';
import { type Context, sampleOf } from './context.mts';
import type { Kind, PlivoRecord } from './kinds.mts';
import { readAll } from './lists.mts';
import { ownName } from './undo.mts';

export type Creation =
	| { outcome: 'made'; id: string; name: string; answer?: Answer }
	| { outcome: 'refused'; answer: Answer }
	| { outcome: 'untold'; why: string };

const ATTEMPTS = 4;

/**
 * Makes a record. When the answer is lost, the record is looked for first, for as long as it may still show up; only
 * then it is made again, under another name unless the name is the point.
 *
 * @param label of the name; `name` instead: exactly this one
 * @param bodyOf the body, the name aside
 */
export async function create(
	context: Context,
	kind: Kind,
	{ label = '', name: fixedName = '' }: { label?: string; name?: string },
	bodyOf: (attempt: number) => PlivoRecord,
): Promise<Creation> {
	const { client, made } = context;
	let why = '';
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const suffix = attempt > 0 ? `-${attempt}` : '';
		const name = fixedName || ownName(context.run, `${label}${suffix}`);
		const known = new Set(made.filter((one) => one.kind === kind).map(({ id }) => id));
		const answer = await client.post(kind.path, { name, ...bodyOf(attempt) });
		const { status, body } = answer;
		if (status === 429) return { outcome: 'untold', why: 'too many requests' };
		if (status >= 400 && status < 500 && status !== 408) return { outcome: 'refused', answer };
		const id = (body as PlivoRecord | undefined)?.[kind.idField];
		if (status >= 200 && status < 300 && (typeof id === 'string' || typeof id === 'number')) {
			made.push({ kind, id: String(id), name });
			sampleOf(context, kind).made.push(String(id));
			return { outcome: 'made', id: String(id), name, answer };
		}
		why = status === 0 ? 'no answer' : `answered ${status}`;
		context.lostAt = performance.now();
		const [found] = await look(context, kind, name, known);
		if (found !== undefined) return { outcome: 'made', id: found, name };
	}
	return { outcome: 'untold', why };
}

/** Looks for records of a name whose creation got no answer. */
async function look(
	context: Context,
	kind: Kind,
	name: string,
	known: Set<string>,
): Promise<string[]> {
	const { client, made, timing } = context;
	const until = performance.now() + timing.settleMs;
	for (;;) {
		const all = await readAll(client, kind);
		const found = [...(all ?? [])]
			.filter(([id, record]) => record.name === name && !known.has(id))
			.map(([id]) => id);
		for (const id of found) made.push({ kind, id, name });
		if (found.length > 0 || performance.now() >= until) return found;
		await client.pause(timing.pollMs);
	}
}

/** How long after its making a record is in its list, in milliseconds; 0: at once, undefined: not in time. */
export async function timeUntilListed(
	{ client, timing }: Context,
	kind: Kind,
	id: string,
): Promise<number | undefined> {
	const start = performance.now();
	for (let look = 0; ; look++) {
		const asked = performance.now();
		const all = await readAll(client, kind);
		if (all?.has(id)) return look === 0 ? 0 : Math.round(asked - start);
		if (performance.now() - start > timing.listedWithinMs) return undefined;
		await client.pause(timing.pollMs);
	}
}
