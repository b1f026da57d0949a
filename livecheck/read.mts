import type { Answer } from './client.mts';
import { type Context, sampleOf } from './context.mts';
import { CannotRun } from './errors.mts';
import { addFields } from './findings.mts';
import { formatOf, safeFieldName } from './formats.mts';
import {
	ACCOUNT,
	ALL_KINDS,
	CALLS,
	COMPLIANCE,
	INSIGHTS,
	type Kind,
	META,
	OWN_KINDS,
	type PlivoRecord,
	TRUNKS,
} from './kinds.mts';
import { getPage, listedOf, nestingOf, pageFrom, pathOf, readAll, recordFrom } from './lists.mts';
import { orderOf } from './order.mts';
import { isKnownShape, shapeOf } from './refusal.mts';

/** A list that isn't there for this account, or not for this token. */
const CLOSED = [401, 402, 403, 404];

/** Why something that was answered like this could not be told. */
export const because = ({ status, form }: Answer) =>
	status === 0 ? 'no answer' : `answered ${status}${status < 300 ? `, ${form}` : ''}`;

/**
 * Makes sure that the account answers and has SIP trunking.
 *
 * @throws CannotRun with the reason and the remedy
 */
export async function connect({ client, findings }: Context): Promise<void> {
	const answer = await client.get('');
	const { status, body, form } = answer;
	if (status === 401) {
		throw new CannotRun(
			'Plivo refuses the Auth ID or the Auth Token (401): copy both again from the overview page of the Plivo console into PLIVO_AUTH_ID and PLIVO_AUTH_TOKEN, without spaces. A new token takes the place of the old one at once.',
		);
	}
	if (status === 404) {
		throw new CannotRun(
			'There is no such account (404): check PLIVO_AUTH_ID, and PLIVO_BASE_URL if it is set (it ends with /v1).',
		);
	}
	if (status === 403) {
		throw new CannotRun(
			'The token may not read the account (403): use the Auth Token of the main account, or a scoped token with the right to read it.',
		);
	}
	if (status === 429) {
		throw new CannotRun(
			'Plivo answers "too many requests" (429) again and again: something else uses up the limit of the account; try again when that has ended.',
		);
	}
	if (status !== 200 || form !== 'JSON') {
		throw new CannotRun(
			`The account is answered with ${status}, ${form}: ${status >= 500 ? 'Plivo has trouble, try again later (status.plivo.com)' : 'check PLIVO_BASE_URL'}.`,
		);
	}
	const { api_id: _request, ...record } = body as PlivoRecord;
	addFields(findings, 'account.fields', 'account: fields and types', ACCOUNT, [record]);

	const trunks = await client.get(TRUNKS.path, { limit: '1' });
	if (CLOSED.includes(trunks.status)) {
		throw new CannotRun(
			`SIP trunking is closed for this account or token (${trunks.status}): open SIP Trunking in the Plivo console once; if it isn't there, ask Plivo's support to enable it. A scoped token needs the right to use it.`,
		);
	}
}

/** Reads lists, records and error bodies of every kind. */
export async function readEverything(context: Context): Promise<void> {
	for (const kind of ALL_KINDS) {
		context.progress(`reading ${kind.plural}`);
		await readKind(context, kind);
	}
	context.progress('reading what is refused');
	await readLimits(context);
	await readFilters(context);
	await readInsights(context);
}

async function readKind(context: Context, kind: Kind): Promise<void> {
	const { client, findings } = context;
	const sample = sampleOf(context, kind);
	sample.list = await getPage(client, kind);
	const first = pageFrom(sample.list);
	if (first) {
		sample.listed.push(...first.objects);
		// In direct succession: what differs between the two isn't the account's.
		const again = pageFrom(await getPage(client, kind));
		for (const page of [first, again]) {
			if (page) sample.listings.push(listedOf(kind, page.objects));
		}
		if (OWN_KINDS.includes(kind)) sample.all = await readAll(client, kind, first);
		const [id] = sample.listings[0]?.map((listed) => listed.id) ?? [];
		if (id !== undefined) await readRecord(context, kind, id);
	}
	const answer = await client.get(pathOf(kind, kind.madeUpId));
	const fact = `${kind.noun} that is not there: 404`;
	const seen = `${answer.status}, ${shapeOf(answer)}`;
	if (CLOSED.includes(sample.list.status)) {
		findings.untold(`${kind.noun}.404`, fact, `the list is closed (${sample.list.status})`);
	} else if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
		findings.untold(`${kind.noun}.404`, fact, because(answer));
	} else {
		const asKnown = answer.status === 404 && isKnownShape(answer);
		findings.add(`${kind.noun}.404`, fact, asKnown ? 'expected' : 'different', seen);
	}
}

/** Reads one record by its id, for what is told of the kind. */
export async function readRecord(
	context: Context,
	kind: Kind,
	id: string,
): Promise<PlivoRecord | undefined> {
	const answer = await context.client.get(pathOf(kind, id));
	const record = recordFrom(kind, answer);
	if (record) sampleOf(context, kind).got.push({ answer, record });
	return record;
}

/** Limits of lists, and a path that leads nowhere. */
async function readLimits({ client, findings }: Context): Promise<void> {
	const large = await client.get(TRUNKS.path, { limit: '21' });
	const largeFact = 'list with limit=21: refused, or 20 at most';
	const count = pageFrom(large)?.objects.length ?? 0;
	if (large.status === 200) {
		const seen = count > 20 ? 'more than 20' : 'answered, 20 at most';
		findings.add('limit', largeFact, count > 20 ? 'different' : 'expected', seen);
	} else addRefusal('limit', largeFact, large, [400, 422]);

	const wrong = await client.get('Zentrunk/trunk/');
	const wrongFact = 'wrong path (trunk instead of Trunk): 404 or 503';
	addRefusal('path', wrongFact, wrong, [404, 503]);

	const bound = await client.get(CALLS.path, { end_time__lt: '2100-01-01 00:00:00' });
	addRefusal('bound', 'calls with an upper bound of end_time alone: refused', bound, [400]);

	function addRefusal(id: string, fact: string, answer: Answer, statuses: number[]) {
		const { status } = answer;
		if (!statuses.includes(status) && (status === 0 || status === 429 || status >= 500)) {
			return findings.untold(id, fact, because(answer));
		}
		const expected = statuses.includes(status) && isKnownShape(answer);
		const seen = status === 200 ? 'answered' : `${status}, ${shapeOf(answer)}`;
		findings.add(id, fact, expected ? 'expected' : 'different', seen);
	}
}

async function readFilters(context: Context): Promise<void> {
	const { client, findings } = context;
	const fact = 'trunks: a filter is followed';
	const directions = [...(sampleOf(context, TRUNKS).all?.values() ?? [])].map(
		({ trunk_direction: direction }) => direction,
	);
	if (!directions.includes('outbound')) findings.untold('filter', fact, 'no outbound trunk');
	else {
		const answer = await client.get(TRUNKS.path, { trunk_direction: 'inbound' });
		const page = pageFrom(answer);
		const other = page?.objects.some((trunk) => trunk.trunk_direction !== 'inbound');
		if (!page) findings.untold('filter', fact, because(answer));
		else findings.add('filter', fact, other ? 'variant' : 'expected', other ? 'no' : 'yes');
	}

	const plusFact = 'calls: a filter by number matches without + only';
	const [call] = sampleOf(context, CALLS).listed;
	const number = /^\+?(\d+)$/.exec(String(call?.from_number))?.[1];
	if (!number) return findings.untold('plus', plusFact, 'no call from a number');
	const [bare, plus] = [
		pageFrom(await client.get(CALLS.path, { from_number: number, limit: '1' })),
		pageFrom(await client.get(CALLS.path, { from_number: `+${number}`, limit: '1' })),
	];
	const found = (page: typeof bare) => (page?.objects.length ? 'found' : 'not found');
	const seen = `without: ${found(bare)}, with: ${found(plus)}`;
	const expected = seen === 'without: found, with: not found';
	findings.add('plus', plusFact, expected ? 'expected' : 'different', seen);
}

async function readInsights(context: Context): Promise<void> {
	const { client, findings } = context;
	const fact = 'insights of a call: fields and types';
	const [call] = sampleOf(context, CALLS).listed;
	if (!call) return findings.untold('insights', fact, 'no calls');
	const answer = await client.get(`${pathOf(CALLS, String(call.call_uuid))}Insights/`);
	if (answer.status !== 200) return findings.untold('insights', fact, because(answer));
	const { api_id: _request, ...insights } = answer.body as PlivoRecord;
	addFields(findings, 'insights', fact, INSIGHTS, [insights]);
}

/** Judges all that was seen of each kind. */
export function judgeSamples(context: Context): void {
	const { findings, client } = context;
	const { date, requestId, retryAfter } = client.headers;
	const both = (set: Set<string>) => [...set].sort().join(' and ');
	const value = date.size === 1 ? both(date) : 'sometimes';
	findings.addVariant('date', 'answers have a Date header', { name: 'date', value }, value);
	const hasId = both(requestId) === 'there';
	const idFact = 'answers have a request id (api_id or X-Request-ID)';
	findings.add('requestId', idFact, hasId ? 'expected' : 'different', both(requestId));
	const waitFact = '429 has Retry-After';
	if (retryAfter.size === 0) findings.untold('retryAfter', waitFact, 'there was no 429');
	else {
		const form = both(retryAfter);
		findings.addVariant('retryAfter', waitFact, { name: 'retryafter', value: form }, form);
	}
	for (const kind of ALL_KINDS) judgeKind(context, kind);
	judgeTimes(context);
}

function judgeKind(context: Context, kind: Kind): void {
	const { findings } = context;
	const { list, listed, got } = sampleOf(context, kind);
	const { noun, plural } = kind;
	if (list) judgeList(context, kind, list);
	if (list && pageFrom(list)) {
		const fields = `${noun}.fields`;
		addFields(findings, fields, `${noun} in a list: fields and types`, kind, listed);
		const records = got.map(({ record }) => record);
		addFields(findings, `${noun}.record`, `${noun} by id: fields and types`, kind, records);
		judgeNesting(context, kind);
		judgeOrder(context, kind);
	} else findings.untold(`${noun}.fields`, `${plural}: records`, 'the list could not be read');
}

function judgeList({ findings }: Context, kind: Kind, list: Answer): void {
	const [id, fact] = [`${kind.noun}.list`, `${kind.plural}: shape of the list`];
	if (list.status !== 200) {
		const closed = CLOSED.includes(list.status);
		const why = closed ? `closed for this account or token (${list.status})` : because(list);
		return findings.untold(id, fact, why);
	}
	if (!pageFrom(list)) return findings.add(id, fact, 'different', 'no list under "objects"');
	const { api_id: _request, meta, objects: _objects, ...rest } = list.body as PlivoRecord;
	const extra = Object.keys(rest).map(safeFieldName);
	if (extra.length > 0) {
		return findings.add(id, fact, 'different', `besides meta and objects: ${extra.join(', ')}`);
	}
	addFields(findings, id, fact, META, [(meta ?? {}) as PlivoRecord]);
}

function judgeNesting(context: Context, kind: Kind): void {
	const { findings } = context;
	const id = `${kind.noun}.nesting`;
	const fact = kind.nestedUnder
		? `${kind.noun} by id: nested under "${kind.nestedUnder}", or flat`
		: `${kind.noun} by id: flat`;
	const [got] = sampleOf(context, kind).got;
	if (!got) return findings.untold(id, fact, 'the account has none that could be read');
	const under = nestingOf(kind, got.answer);
	const seen = under ? `under "${under}"` : 'flat';
	if (kind === COMPLIANCE) {
		const value = under === 'compliance' ? 'nested' : under ? 'otherwise' : 'top';
		return findings.addVariant(
			id,
			'compliance application by id: flat, or nested',
			{ name: 'compliance', value },
			seen,
		);
	}
	if (under === kind.nestedUnder) return findings.add(id, fact, 'expected', seen);
	// The documentation has trunks flat.
	const known = kind === TRUNKS && under === undefined;
	findings.add(id, fact, known ? 'variant' : 'different', seen);
}

function judgeOrder(context: Context, kind: Kind): void {
	const { findings } = context;
	const { listings, made } = sampleOf(context, kind);
	const [id, fact] = [`${kind.noun}.order`, `${kind.plural}: order of the list`];
	const seen = orderOf(listings, made);
	if (seen.order === undefined) return findings.untold(id, fact, seen.why);
	const words = {
		newest: 'newest first',
		oldest: 'oldest first',
		id: 'by id',
		unstable: 'changes from one listing to the next',
		none: 'neither by time nor by id',
	}[seen.order];
	// Calls have an order of their own.
	if (kind === CALLS && seen.order !== 'unstable') {
		const verdict = seen.order === 'newest' ? 'expected' : 'different';
		return findings.add(id, `${fact} (newest first)`, verdict, words);
	}
	findings.addVariant(id, fact, { name: 'order', value: seen.order }, words);
}

/** How `created_at` is written, where it is. */
function judgeTimes(context: Context): void {
	const { findings } = context;
	const { listed, got } = sampleOf(context, TRUNKS);
	const trunks = [...listed, ...got.map(({ record }) => record)];
	const fact = 'trunks: created_at';
	if (trunks.length === 0) return findings.untold('time', fact, 'the account has no trunk');
	const formats = [...new Set(trunks.map(({ created_at: at }) => formatOf(at)))];
	const seen = formats.join(' and ');
	const names: Record<string, string> = {
		'time with T and Z': 'T',
		'time with a space': 'space',
		missing: 'missing',
	};
	findings.addVariant('time', fact, { name: 'time', value: names[seen] ?? 'otherwise' }, seen);
}
