import { randomBytes } from 'node:crypto';

import type { Answer } from './client.mts';
import { type Context, sampleOf } from './context.mts';
import { create, type Creation, timeUntilListed } from './create.mts';
import {
	CREDENTIALS,
	IP_LISTS,
	type Kind,
	OWN_KINDS,
	type PlivoRecord,
	TRUNKS,
	URIS,
} from './kinds.mts';
import { getPage, listedOf, pageFrom, pathOf, readAll } from './lists.mts';
import { orderOf } from './order.mts';
import { because, readRecord } from './read.mts';
import { saysTaken, shapeOf, wordsOf } from './refusal.mts';
import { deleteOwn } from './undo.mts';

/** An address of the documentation range: no call ever comes from it. */
const NO_ADDRESS = '192.0.2.1';

/** More records are made of a kind only as long as its order can't be told; by chance it can't with one in 360. */
const RECORDS_FOR_ORDER = 6;

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** Letters, digits and one of the specials that Plivo asks for. */
const randomPassword = () => `${hex(9)}_A`;

/** Leads nowhere: example.com is reserved. */
const uriValue = (run: string, label: string) => `${label}-${run}.example.com:5060;transport=tcp`;

/** What the later steps build upon. */
interface Base {
	credential?: string;
	uri?: string;
}

/** Makes records and tries what can be tried with them; removing them is the caller's. */
export async function tryEverything(context: Context): Promise<Base> {
	context.progress('making credentials');
	const credential = await tryCredentials(context);
	context.progress('making IP access control lists');
	await tryIpLists(context);
	context.progress('making origination URIs');
	const uri = await tryUris(context);
	const base = { credential, uri };
	context.progress('making trunks');
	await tryTrunks(context, base);
	context.progress('looking at the order of lists');
	await tryOrders(context, base);
	await tryCascade(context);
	return base;
}

async function tryCredentials(context: Context): Promise<string | undefined> {
	const { findings } = context;
	const fact = 'credentials: an underscore in a username is accepted';
	const id = 'credential.underscore';
	const body = (username: string) => ({ username, password: randomPassword() });
	const withUnderscore = await create(context, CREDENTIALS, { label: 'one' }, () =>
		body(`chk_${hex(5)}`),
	);
	let first = withUnderscore;
	if (first.outcome === 'refused') {
		first = await create(context, CREDENTIALS, { label: 'plain' }, () => body(`chk${hex(5)}`));
	}
	if (withUnderscore.outcome === 'made') findings.add(id, fact, 'expected', 'accepted');
	else if (withUnderscore.outcome === 'untold') findings.untold(id, fact, withUnderscore.why);
	else if (first.outcome !== 'made') findings.untold(id, fact, 'refused without one, too');
	else findings.add(id, fact, 'different', refusedAs(withUnderscore.answer));
	return await tryName(context, CREDENTIALS, first, () => body(`chk${hex(5)}`));
}

async function tryIpLists(context: Context): Promise<void> {
	const body = () => ({ ip_addresses: [NO_ADDRESS] });
	const first = await create(context, IP_LISTS, { label: 'one' }, body);
	await tryName(context, IP_LISTS, first, body);
}

async function tryUris(context: Context): Promise<string | undefined> {
	const { findings, run } = context;
	// Another value each time: after a lost answer the first may be there all the same.
	let value = '';
	const first = await create(context, URIS, { label: 'one' }, (attempt) => {
		value = uriValue(run, `one${attempt || ''}`);
		return { uri: value };
	});
	const id = await tryName(context, URIS, first, (attempt) => ({
		uri: uriValue(run, `name${attempt}`),
	}));
	const fact = 'origination URIs: the same uri again';
	if (id === undefined) findings.untold('uri.uri', fact, 'the first could not be made');
	else {
		const again = await create(context, URIS, { label: 'same' }, () => ({ uri: value }));
		if (again.outcome === 'untold') findings.untold('uri.uri', fact, again.why);
		else {
			const refused = again.outcome === 'refused';
			const variant = { name: 'uri', value: refused ? 'one' : 'many' } as const;
			findings.addVariant('uri.uri', fact, variant, refused ? 'refused' : 'accepted');
			if (again.outcome === 'refused') addTaken(context, 'uri.uri.taken', fact, again.answer);
		}
	}
	return id;
}

/**
 * Judges the making of the first record of a kind, and tries its name for a second one.
 *
 * @returns the id of the first, if it was made
 */
async function tryName(
	context: Context,
	kind: Kind,
	first: Creation,
	body: (attempt: number) => PlivoRecord,
): Promise<string | undefined> {
	const { findings } = context;
	await judgeCreation(context, kind, first);
	const [id, fact] = [`${kind.noun}.name`, `${kind.plural}: the same name again`];
	if (first.outcome !== 'made') {
		findings.untold(id, fact, 'the first could not be made');
		return undefined;
	}
	const again = await create(context, kind, { name: first.name }, body);
	if (again.outcome === 'untold') findings.untold(id, fact, again.why);
	else {
		const refused = again.outcome === 'refused';
		const variant = { name: 'othernames', value: refused ? 'unique' : 'none' } as const;
		findings.addVariant(id, fact, variant, refused ? 'refused' : 'accepted');
		if (again.outcome === 'refused') addTaken(context, `${id}.taken`, fact, again.answer);
	}
	return first.id;
}

/** What a create answers, and when the record is listed. */
async function judgeCreation(context: Context, kind: Kind, first: Creation): Promise<void> {
	const { findings, timing } = context;
	const fact = `${kind.noun}: a create answers 201 and only the id`;
	const [id, listId] = [`${kind.noun}.create`, `${kind.noun}.late`];
	const listFact = `${kind.plural}: a new one is in the list`;
	if (first.outcome !== 'made') {
		if (first.outcome === 'untold') findings.untold(id, fact, first.why);
		else findings.add(id, fact, 'different', refusedAs(first.answer));
		return findings.untold(listId, listFact, 'none could be made');
	}
	if (!first.answer) findings.untold(id, fact, 'the answer was lost');
	else {
		const { status, body } = first.answer;
		const fields = Object.keys(body as PlivoRecord);
		const extra = fields.filter((name) => !['api_id', 'message', kind.idField].includes(name));
		const expected = status === 201 && extra.length === 0;
		const seen = `${status}${extra.length > 0 ? ', and more fields' : ''}`;
		findings.add(id, fact, expected ? 'expected' : 'different', seen);
	}
	const late = await timeUntilListed(context, kind, first.id);
	if (late !== undefined) return findings.addLate(listId, listFact, late);
	findings.add(listId, listFact, 'different', `not within ${timing.listedWithinMs / 1000} s`);
}

const refusedAs = (answer: Answer) =>
	`refused: ${answer.status}, ${shapeOf(answer)}, ${wordsOf(answer) || 'without words'}`;

/** How it is said that something is taken: by that the nodes go on with the record that is there. */
function addTaken({ findings }: Context, id: string, fact: string, answer: Answer): void {
	const what = `${fact}: how it is refused`;
	const seen = refusedAs(answer);
	if (!saysTaken(answer)) findings.add(id, what, 'different', seen);
	else findings.addVariant(id, what, { name: 'taken', value: String(answer.status) }, seen);
}

async function tryTrunks(context: Context, base: Base): Promise<void> {
	const { findings } = context;
	const { credential, uri } = base;
	const namesFact = 'trunks: names are unique';
	const outbound = () => ({ trunk_direction: 'outbound', credential_uuid: credential });
	const inbound = () => ({ trunk_direction: 'inbound', primary_uri_uuid: uri });
	if (credential === undefined || uri === undefined) {
		findings.untold('trunk.name', namesFact, 'no credential or origination URI could be made');
	} else {
		const first = await create(context, TRUNKS, { label: 'out' }, outbound);
		await judgeCreation(context, TRUNKS, first);
		if (first.outcome !== 'made') {
			findings.untold('trunk.name', namesFact, 'the first trunk could not be made');
		} else {
			const same = await create(context, TRUNKS, { name: first.name }, outbound);
			const other = await create(context, TRUNKS, { name: first.name }, inbound);
			judgeNames(context, namesFact, same, other);
			await tryUpdates(context, first);
		}
	}
	if (uri !== undefined) await trySecure(context, inbound);
	else findings.untold('secure', SECURE_FACT, 'no origination URI could be made');
	await tryWithoutAuthentication(context);
}

function judgeNames(context: Context, fact: string, same: Creation, other: Creation): void {
	const { findings } = context;
	if (same.outcome === 'untold') return findings.untold('trunk.name', fact, same.why);
	if (other.outcome === 'untold') return findings.untold('trunk.name', fact, other.why);
	const [sameRefused, otherRefused] = [same.outcome === 'refused', other.outcome === 'refused'];
	const value = sameRefused
		? otherRefused
			? 'account'
			: 'direction'
		: otherRefused
			? 'between directions only'
			: 'none';
	const words: Record<string, string> = {
		account: 'in the account',
		direction: 'in each direction',
		none: 'no: the same name again is accepted',
	};
	findings.addVariant('trunk.name', fact, { name: 'names', value }, words[value] ?? value);
	const refusal = [same, other].find(({ outcome }) => outcome === 'refused');
	if (refusal?.outcome === 'refused') {
		addTaken(context, 'trunk.name.taken', 'trunks: the same name again', refusal.answer);
	}
}

const SECURE_FACT = 'trunks: secure on an inbound trunk';

async function trySecure(context: Context, inbound: () => PlivoRecord): Promise<void> {
	const { findings } = context;
	const made = await create(context, TRUNKS, { label: 'secure' }, () => ({
		...inbound(),
		secure: true,
	}));
	if (made.outcome === 'untold') return findings.untold('secure', SECURE_FACT, made.why);
	const variant = (value: string) => ({ name: 'secure' as const, value });
	if (made.outcome === 'refused') {
		return findings.addVariant('secure', SECURE_FACT, variant('refused'), refusedAs(made.answer));
	}
	const trunk = await readRecord(context, TRUNKS, made.id);
	if (!trunk) return findings.untold('secure', SECURE_FACT, 'the trunk could not be read back');
	const value = trunk.secure === true ? 'accepted' : 'ignored';
	findings.addVariant('secure', SECURE_FACT, variant(value), value);
}

/** Whether the direction must be in every update. */
async function tryUpdates(context: Context, { id, name }: { id: string; name: string }) {
	const { client, findings } = context;
	const path = pathOf(TRUNKS, id);
	await readRecord(context, TRUNKS, id);
	const withFact = 'trunks: an update answers 202';
	const withDirection = await sendUntilAnswered(context, () =>
		client.post(path, { name, trunk_direction: 'outbound' }),
	);
	addStatus('trunk.update', withFact, withDirection, [202]);
	const withoutFact = 'trunks: an update without trunk_direction is refused';
	const without = await sendUntilAnswered(context, () => client.post(path, { name }));
	addStatus('trunk.direction', withoutFact, without, [400]);

	function addStatus(id: string, fact: string, answer: Answer, expected: number[]) {
		const { status } = answer;
		if (isUntold(answer)) return findings.untold(id, fact, because(answer));
		const verdict = expected.includes(status) ? 'expected' : 'different';
		findings.add(id, fact, verdict, status < 300 ? `accepted: ${status}` : refusedAs(answer));
	}
}

/** Nothing is told by these: the next answer may be another one. */
const isUntold = ({ status }: Answer) => status === 0 || status === 429 || status >= 500;

const SEND_ATTEMPTS = 4;

/** Sends what can be sent again, because a second time changes nothing. */
export async function sendUntilAnswered(
	context: Context,
	send: () => Promise<Answer>,
): Promise<Answer> {
	for (let attempt = 1; ; attempt++) {
		const answer = await send();
		if (!isUntold(answer)) return answer;
		context.lostAt = performance.now();
		if (attempt >= SEND_ATTEMPTS) return answer;
		await context.client.pause(context.timing.pollMs);
	}
}

async function tryWithoutAuthentication(context: Context): Promise<void> {
	const { findings } = context;
	const fact = 'trunks: outbound without credential and IP list is refused (422)';
	const id = 'trunk.authentication';
	const made = await create(context, TRUNKS, { label: 'open' }, () => ({
		trunk_direction: 'outbound',
	}));
	if (made.outcome === 'untold') return findings.untold(id, fact, made.why);
	if (made.outcome === 'made') return findings.add(id, fact, 'different', 'accepted');
	const verdict = made.answer.status === 422 ? 'expected' : 'different';
	findings.add(id, fact, verdict, refusedAs(made.answer));
}

/** Makes further records until the order of each list can be told. */
async function tryOrders(context: Context, { credential, uri }: Base): Promise<void> {
	const { client } = context;
	const bodies = new Map<Kind, (label: string) => PlivoRecord | undefined>([
		[CREDENTIALS, () => ({ username: `chk${hex(5)}`, password: randomPassword() })],
		[IP_LISTS, () => ({ ip_addresses: [NO_ADDRESS] })],
		[URIS, (label) => ({ uri: uriValue(context.run, label) })],
		[
			TRUNKS,
			() => (uri === undefined ? undefined : { trunk_direction: 'inbound', primary_uri_uuid: uri }),
		],
	]);
	if (credential === undefined && uri === undefined) return;
	for (const kind of OWN_KINDS) {
		const sample = sampleOf(context, kind);
		for (let more = 0; ; more++) {
			await relist(kind);
			const { made, listings } = sample;
			const seen = orderOf(listings, made);
			const enough = made.length === 0 || made.length >= RECORDS_FOR_ORDER;
			if (seen.order !== undefined || enough) break;
			const label = `order${more}`;
			const body = bodies.get(kind)?.(label);
			if (!body) break;
			const another = await create(context, kind, { label }, (attempt) =>
				attempt > 0 && kind === URIS ? (bodies.get(kind)?.(`${label}${attempt}`) ?? body) : body,
			);
			if (another.outcome !== 'made') break;
			await timeUntilListed(context, kind, another.id);
		}
		const [id] = sample.made;
		if (id !== undefined && kind !== TRUNKS) await readRecord(context, kind, id);
	}

	async function relist(kind: Kind): Promise<void> {
		const all = await readAll(client, kind);
		const sample = sampleOf(context, kind);
		if (!all) return;
		const pages = [pageFrom(await getPage(client, kind)), pageFrom(await getPage(client, kind))];
		const first = pages.flatMap((page) => (page ? [listedOf(kind, page.objects)] : []));
		// What was seen changing before stays seen: ties may be gone by now.
		if (orderOf(sample.listings).order === 'unstable') return;
		const isUnstable = orderOf(first).order === 'unstable';
		sample.listings = isUnstable ? first : [listedOf(kind, all.values())];
		for (const page of pages) {
			for (const record of page?.objects ?? []) sample.listed.push(record);
		}
	}
}

/** Deleting a URI deletes the trunks that use it: with records of the check's own that nothing else uses. */
async function tryCascade(context: Context): Promise<void> {
	const { client, findings, run } = context;
	const [id, fact] = ['cascade', 'deleting a URI deletes the trunks that use it'];
	const deleteFact = 'a delete answers 204';
	const uri = await create(context, URIS, { label: 'cascade' }, (attempt) => ({
		uri: uriValue(run, `cascade${attempt || ''}`),
	}));
	const trunk =
		uri.outcome === 'made'
			? await create(context, TRUNKS, { label: 'cascade' }, () => ({
					trunk_direction: 'inbound',
					primary_uri_uuid: uri.id,
				}))
			: undefined;
	if (uri.outcome !== 'made' || trunk?.outcome !== 'made') {
		findings.untold(id, fact, 'the records for it could not be made');
		return findings.untold('delete', deleteFact, 'the records for it could not be made');
	}
	const { status } = await client.delete(pathOf(URIS, uri.id));
	if (status === 204) findings.add('delete', deleteFact, 'expected', '204');
	else if (status === 404)
		findings.untold('delete', deleteFact, 'the answer was lost, or had no body');
	else findings.add('delete', deleteFact, 'different', `${status}`);
	if (status !== 204 && status !== 404) return findings.untold(id, fact, 'it was not deleted');
	context.made = context.made.filter((made) => made.id !== uri.id);
	const after = await client.get(pathOf(TRUNKS, trunk.id));
	if (after.status === 404) {
		context.made = context.made.filter((made) => made.id !== trunk.id);
		return findings.add(id, fact, 'expected', 'yes');
	}
	if (after.status !== 200) return findings.untold(id, fact, because(after));
	findings.add(id, fact, 'different', 'no');
	await deleteOwn(context, TRUNKS, trunk.id);
}
