/** The rules that no history may break. */
import { ID_FIELDS, type KindName, type PlivoRecord } from '../../simulator/records.mts';
import type { IDataObject } from 'n8n-workflow';
import { first } from '../support/elements.mts';

import { type Core, normalizedName } from './core.mts';
import {
	type Actor,
	type Effect,
	type Event,
	nameOf,
	RENT,
	type Run,
	type Seen,
	subjectOf,
	type Version,
	type World,
} from './world.mts';

export interface Judge {
	wrote(event: Event): void;
	answered(actor: Actor): void;
	failed(actor: Actor): void;
	/** When everything has ended. */
	judge(runs: readonly Run[], quiet: boolean, core: Core): void;
}

const COMPOSITE = /^provisioning\.(provision|connect)/;
const PLAIN_CREATE = /\.create$/;
const ENSURING = /\.upsert$|^provisioning\.(provision|connect)/;

const KINDS_OF: Record<string, KindName> = {
	trunk: 'trunks',
	originationUri: 'uris',
	credential: 'credentials',
	ipAccessControlList: 'ipacls',
	phoneNumber: 'numbers',
};

/** The kind of record that an operation of a resource is about. */
const kindOf = ({ item }: Actor): KindName | undefined => KINDS_OF[first(item.what.split('.'))];

const parameter = ({ item }: Actor, name: string) => item.parameters?.[name];

const option = ({ item }: Actor, name: string) => item.options?.[name];

/** The id that the operation names. */
function targetOf(actor: Actor): string | undefined {
	const { what } = actor.item;
	if (what.startsWith('trunk.') || what === 'provisioning.deprovision') {
		return parameter(actor, 'trunkId') as string | undefined;
	}
	return (parameter(actor, 'originationUriId') ??
		parameter(actor, 'credentialId') ??
		parameter(actor, 'ipAclId')) as string | undefined;
}

/** Numbers that the operation names. */
function numbersOf(actor: Actor): string[] {
	const many = parameter(actor, 'phoneNumbers');
	const one = parameter(actor, 'phoneNumber');
	return [...(Array.isArray(many) ? (many as string[]) : []), ...(one ? [String(one)] : [])];
}

/** What a number is rented for. */
const aliasOf = (actor: Actor) => normalizedName(String(parameter(actor, 'alias')));

/** Words that say that there may be two numbers for an alias. */
const TWO_NUMBERS =
	/is one too many|have the alias|may have been rented|could not be given this alias|could not be checked/;

const wasStopped = ({ run }: Actor) => run.process.killed || run.cancelledAt !== undefined;

const isSameProcess = (event: Event | undefined, { run }: Actor) =>
	event?.by !== undefined && event.by.run.process === run.process;

/** What makes two records one: kind and normalized name, for trunks with the direction. */
const identityOf = (kind: KindName, { name, trunk_direction: direction }: PlivoRecord) =>
	`${kind} ${normalizedName(String(name ?? ''))}${kind === 'trunks' ? ` ${String(direction)}` : ''}`;

/** The identities that an operation names. */
function identitiesOf(actor: Actor): Set<string> {
	const kind = kindOf(actor);
	if (kind && actor.item.body) {
		return new Set([identityOf(kind, actor.item.body)]);
	}
	if (!COMPOSITE.test(actor.item.what)) return new Set();
	const name = normalizedName(String(parameter(actor, 'name')));
	return new Set([
		`credentials ${name}`,
		`ipacls ${name}`,
		`uris ${name}`,
		`uris ${name} fallback`,
		...['inbound', 'outbound'].flatMap((direction) => [
			`trunks ${name} ${direction} ${direction}`,
			`trunks ${name} ${direction}`,
		]),
	]);
}

const trunkIdOf = (application: unknown) =>
	/Zentrunk\/Trunk\/([^/]+)\/$/.exec(String(application))?.[1];

export function createJudge(world: World, broke: (rule: string, words: string) => void): Judge {
	const { plivo, ledger } = world;
	const { state, variants } = plivo;
	/** Numbers whose calls are taken. */
	const carrying = new Map<string, boolean>();

	function carries(number: PlivoRecord): boolean {
		const { application } = number;
		if (typeof application !== 'string') return false;
		const trunkId = trunkIdOf(application);
		if (trunkId === undefined) return true;
		const trunk = state.trunks.get(trunkId);
		return (
			trunk?.trunk_direction === 'inbound' &&
			trunk.trunk_status === 'enabled' &&
			state.uris.has(String(trunk.primary_uri_uuid))
		);
	}

	/** The latest event that gave a record's field its value. */
	function lastChange(
		kind: KindName,
		id: string,
		isChange: (before: PlivoRecord | undefined, after: PlivoRecord | undefined) => boolean,
		before = Infinity,
	): Event | undefined {
		const versions = ledger.versions(kind, id).filter(({ event }) => event.seq < before);
		const changes = versions.filter(({ record }, index) =>
			isChange(versions[index - 1]?.record, record),
		);
		return changes.at(-1)?.event;
	}

	/**
	 * Whether something came between an operation's check and its write that it could not know of: done by another
	 * process or the console after the answer that the check relied on, or not in lists yet when that was given.
	 *
	 * @param listedAt when lists began to show what was changed
	 */
	function cameBetween(
		actor: Actor,
		change: Event | undefined,
		seen: Seen | undefined,
		listedAt = 0,
	): boolean {
		if (!change || isSameProcess(change, actor)) {
			// A stopped execution's last request: nobody waits for it any more.
			return change?.by !== undefined && wasStopped(change.by);
		}
		if (!seen || seen.seq < actor.startedSeq) return false;
		return change.seq > seen.seq || Math.max(change.at, listedAt) > seen.at;
	}

	const isForced = (actor: Actor) => option(actor, 'force') === true;

	const disables = ({ item }: Actor) =>
		item.what === 'trunk.disable' || item.body?.trunk_status === 'disabled';

	// ── numbers that carry calls ──────────────────────────────────────────────

	function judgeNumbers(event: Event) {
		if (event.effects.every(({ kind }) => kind === 'credentials' || kind === 'ipacls')) return;
		for (const [id, number] of state.numbers) {
			const now = carries(number);
			const before = carrying.get(id) ?? false;
			carrying.set(id, now);
			if (!before || now || !event.by) continue;
			const why = deathOf(event, event.by, id, number);
			if (why) broke('number', `${nameOf(event.by)} left number ${id} dead: ${why}`);
		}
	}

	/** @returns what is wrong with it, if it is */
	function deathOf(
		event: Event,
		actor: Actor,
		id: string,
		number: PlivoRecord,
	): string | undefined {
		if (isForced(actor) || wasStopped(actor)) return undefined;
		const subject = subjectOf(event.request.path);
		const routed = (before: number) =>
			lastChange('numbers', id, (one, other) => one?.application !== other?.application, before);
		if (event.request.method === 'DELETE' && subject?.kind === 'trunks') {
			const ok = cameBetween(actor, routed(event.seq), ledger.seen(event, 'numbers', id));
			return ok ? undefined : 'it deleted the trunk that the number was routed to';
		}
		if (event.request.method === 'DELETE' && subject?.kind === 'uris') {
			const trunk = event.effects.find(
				({ kind, id: trunkId }) =>
					kind === 'trunks' && trunkId === trunkIdOf(lastRoute(event, id, number)),
			);
			if (!trunk) return 'it deleted the origination URI of its trunk';
			return mayLose(event, actor, trunk)
				? undefined
				: 'it deleted the origination URI of its trunk, and so the trunk';
		}
		if (subject?.kind === 'trunks') {
			if (disables(actor)) return undefined;
			const ok = cameBetween(actor, routed(event.seq), ledger.seen(event, 'numbers', id));
			return ok ? undefined : 'it changed its trunk so that it takes no calls';
		}
		if (subject?.kind === 'numbers') {
			const target = trunkIdOf(number.application);
			const first = ledger.versions('numbers', id).findIndex(({ event: one }) => one.by === actor);
			const before = ledger.versions('numbers', id)[first - 1]?.record;
			const isBack = (before?.application ?? null) === (number.application ?? null);
			const wentTo = trunkIdOf(before?.application);
			const wasDead = wentTo !== undefined && !state.trunks.has(wentTo);
			if (target === undefined) return isBack || wasDead ? undefined : 'it took it off its trunk';
			if (option(actor, 'allowDisabledTrunk') === true) return undefined;
			const unfit = ledger.versions('trunks', target).at(-1)?.event;
			const made = ledger.versions('trunks', target)[0]?.event;
			const seen =
				made?.by === actor
					? { seq: made.seq, at: made.at, learnt: made.at, by: actor }
					: ledger.seen(event, 'trunks', target);
			if (cameBetween(actor, unfit, seen)) return undefined;
			if (isBack && unfit && unfit.by !== actor) return undefined;
			return `it routed it to trunk ${target}, which takes no calls`;
		}
		return 'nobody knows how';
	}

	/** Where a number was routed to just before an event. */
	function lastRoute(event: Event, id: string, number: PlivoRecord): unknown {
		const effect = event.effects.find(({ kind, id: other }) => kind === 'numbers' && other === id);
		return effect?.before?.application ?? number.application;
	}

	// ── other people's records ────────────────────────────────────────────────

	/** Whether a trunk may suffer from the deletion of what it uses. */
	function mayLose(event: Event, actor: Actor, { id, before }: Effect): boolean {
		if (isForced(actor)) return true;
		const deleted = subjectOf(event.request.path)?.id;
		return Object.entries(before ?? {})
			.filter(([field, value]) => /_uuid$/.test(field) && value === deleted)
			.every(([field]) => {
				const use = lastChange(
					'trunks',
					id,
					(one, other) => one?.[field] !== other?.[field],
					event.seq,
				);
				const seen = ledger.usersSeen(event, field, String(deleted));
				return cameBetween(actor, use, seen, listedAt(id));
			});
	}

	function judgeEffect(event: Event, actor: Actor, effect: Effect) {
		const { kind, id, before, after } = effect;
		const said = `${nameOf(actor)}`;
		const subject = subjectOf(event.request.path);
		const direct = subject?.kind === kind && subject.id === id;
		const maker = ledger.versions(kind, id)[0]?.event.by;
		const label = `${kind} ${id} ("${String((before ?? after)?.name ?? '')}")`;
		if (!before) return;
		if (kind === 'numbers' && direct && !after) return judgeRelease(event, actor, effect);
		if (kind === 'numbers') {
			if (direct) judgeRoute(event, actor, effect);
			return;
		}
		if (!direct) {
			if (wasStopped(actor) || mayLose(event, actor, effect)) return;
			broke(
				'others',
				`${said} ${after ? 'broke' : 'deleted'} ${label} by deleting ${event.request.path}`,
			);
			return;
		}
		if (maker === actor) return;
		if (!after) {
			if (/\.delete$/.test(actor.item.what) && targetOf(actor) === id) return;
			if (actor.item.what === 'provisioning.deprovision' && belongsToTarget(actor, id)) return;
			broke(
				'others',
				`${said} deleted ${label}, which ${maker ? nameOf(maker) : 'the console'} has made`,
			);
			return;
		}
		if (targetOf(actor) === id && !/\.delete$/.test(actor.item.what)) return;
		const named = identitiesOf(actor);
		const isNamed = ENSURING.test(actor.item.what) && named.has(identityOf(kind, before));
		const renamed = lastChange(
			kind,
			id,
			(one, other) => one?.name !== other?.name || one?.trunk_direction !== other?.trunk_direction,
			event.seq,
		);
		if (isTakenForResult(actor, effect)) return;
		if (!isNamed && !cameBetween(actor, renamed, ledger.seen(event, kind, id))) {
			const rule = renamed && renamed.seq > actor.startedSeq ? 'renamed' : 'others';
			broke(rule, `${said} changed ${label}, which it doesn't name`);
			return;
		}
		if (COMPOSITE.test(actor.item.what) && kind !== 'trunks') {
			for (const trunk of state.trunks.values()) {
				const field = Object.keys(trunk).find((one) => /_uuid$/.test(one) && trunk[one] === id);
				if (field === undefined || named.has(identityOf('trunks', trunk))) continue;
				const trunkId = String(trunk.trunk_id);
				const use = lastChange('trunks', trunkId, (one, other) => one?.[field] !== other?.[field]);
				const rename = lastChange('trunks', trunkId, (one, other) => one?.name !== other?.name);
				const seen = ledger.usersSeen(event, field, id);
				if (cameBetween(actor, use, seen, listedAt(trunkId))) continue;
				// The customer's own trunk, which somebody has renamed while this went on.
				if (rename && rename.seq > actor.startedSeq) continue;
				broke('others', `${said} changed ${label}, which trunk "${String(trunk.name)}" uses`);
			}
		}
	}

	/**
	 * Whether a create whose answer was lost can't tell somebody else's record from its own: made since it began, by
	 * another process or the console, all that shows is what was asked for, and its own isn't there. Its password is set.
	 */
	function isTakenForResult(actor: Actor, { kind, id, before = {} }: Effect) {
		if (!PLAIN_CREATE.test(actor.item.what) || kindOf(actor) !== kind) return false;
		const made = ledger.versions(kind, id)[0]?.event;
		if (!made || made.seq < actor.startedSeq || isSameProcess(made, actor)) return false;
		const isUsed = [...state.trunks.values()].some((trunk) => Object.values(trunk).includes(id));
		const isOwnThere = ledger.events.some(
			({ by, effects }) =>
				by === actor && effects.some((one) => !one.before && state[kind].has(one.id)),
		);
		const isAlike = Object.entries(actor.item.body ?? {}).every(
			([field, value]) =>
				field === 'password' ||
				(field === 'name'
					? normalizedName(String(value)) === normalizedName(String(before.name))
					: isSame(value, before[field])),
		);
		return isAlike && !isUsed && !isOwnThere;
	}

	/** A number is given back only by who names it, and not while a trunk that is there has its calls. */
	function judgeRelease(event: Event, actor: Actor, { id, before }: Effect) {
		if (actor.item.what !== 'phoneNumber.release' || !numbersOf(actor).includes(id)) {
			broke('others', `${nameOf(actor)} released number ${id}, which it doesn't name`);
			return;
		}
		const trunk = trunkIdOf(before?.application);
		if (trunk === undefined || !state.trunks.has(trunk) || isForced(actor)) return;
		const routed = lastChange(
			'numbers',
			id,
			(one, other) => one?.application !== other?.application,
			event.seq,
		);
		if (wasStopped(actor)) return;
		if (cameBetween(actor, routed, ledger.seen(event, 'numbers', id))) return;
		broke('number', `${nameOf(actor)} released number ${id}, whose calls go to trunk ${trunk}`);
	}

	/** Whether a trunk that is taken down has, or had, a record. */
	function belongsToTarget(actor: Actor, id: string): boolean {
		const target = targetOf(actor);
		if (target === undefined) return false;
		return (
			target === id ||
			ledger
				.versions('trunks', target)
				.some(({ record }) => Object.values(record ?? {}).includes(id))
		);
	}

	function judgeRoute(event: Event, actor: Actor, { id, before, after }: Effect) {
		if (before?.application === after?.application) return;
		const seen = ledger.seen(event, 'numbers', id);
		const routed = lastChange(
			'numbers',
			id,
			(one, other) => one?.application !== other?.application,
			event.seq,
		);
		const between = cameBetween(actor, routed, seen);
		const from = trunkIdOf(before?.application);
		if (actor.item.what === 'provisioning.deprovision') {
			// There, or on the way back.
			const own = ledger
				.versions('numbers', id)
				.some(({ event: one }) => one.by === actor && one !== event);
			const isBack = trunkIdOf(after?.application) === targetOf(actor);
			// Force has just taken the trunk, and with it the route.
			const isDead =
				(before?.application ?? null) === null &&
				ledger
					.versions('numbers', id)
					.some(({ record }) => trunkIdOf(record?.application) === targetOf(actor));
			if (from === targetOf(actor) || own || isBack || isDead || between) return;
			broke('others', `${nameOf(actor)} took number ${id} from where it was`);
			return;
		}
		if (!numbersOf(actor).includes(id)) {
			broke('others', `${nameOf(actor)} routed number ${id}, which it doesn't name`);
			return;
		}
		if (!COMPOSITE.test(actor.item.what) || option(actor, 'moveRoutedNumbers') === true) return;
		const trunk = from === undefined ? undefined : state.trunks.get(from);
		if (!trunk || identitiesOf(actor).has(identityOf('trunks', trunk)) || between) return;
		const maker = ledger.versions('trunks', from ?? '')[0]?.event.by;
		if (maker === actor) return;
		const rename = lastChange('trunks', from ?? '', (one, other) => one?.name !== other?.name);
		if (cameBetween(actor, rename, ledger.seen(event, 'trunks', from ?? ''))) return;
		broke('others', `${nameOf(actor)} took number ${id} from trunk "${String(trunk.name)}"`);
	}

	/**
	 * A write that is carried out after its answer was lost must not undo what another operation of the same process
	 * has done meanwhile.
	 */
	function judgeLateness(event: Event, actor: Actor, { kind, id, before, after }: Effect) {
		if (!before || !after || !event.late || wasStopped(actor)) return;
		// What Plivo deletes with something else is under no lock.
		if (event.request.method === 'DELETE') return;
		for (const field of Object.keys(after)) {
			if (after[field] === before[field] || field === 'updated_at') continue;
			const other = lastChange(kind, id, (one, two) => one?.[field] !== two?.[field], event.seq);
			if (!other?.by || other.by === actor || !isSameProcess(other, actor)) continue;
			if (other.request.method === 'DELETE') continue;
			if (other.sentAt <= event.sentAt || wasStopped(other.by)) continue;
			broke(
				'late',
				`${nameOf(actor)}, sent at ${event.sentAt}, undid ${field} of ${kind} ${id} that ${nameOf(other.by)} had set at ${other.at}`,
			);
		}
	}

	// ── answers ───────────────────────────────────────────────────────────────

	/** Whether somebody else has touched a record since the actor began. */
	const touched = (actor: Actor, kind: KindName, id: string) =>
		ledger
			.versions(kind, id)
			.some(({ event }) => event.by !== actor && event.seq > actor.startedSeq);

	const NOT_PLIVOS = new Set([
		'warnings',
		'created',
		'changed',
		'password',
		'previous_application',
		'updated_at',
	]);

	/** A record in an output must be the account's. */
	function judgeRecord(actor: Actor, kind: KindName, answered: IDataObject) {
		const id = String(answered[ID_FIELDS[kind]]);
		const record = state[kind].get(id);
		if (touched(actor, kind, id)) return;
		if (!record) {
			// Plivo deletes a trunk with its URI.
			broke('answer', `${nameOf(actor)} answered ${kind} ${id}, which is not there`);
			return;
		}
		for (const [field, value] of Object.entries(answered)) {
			if (NOT_PLIVOS.has(field) || !(field in record) || field.endsWith('_at')) continue;
			// Plivo has amounts as text.
			const held = field.endsWith('_rate') ? Number(record[field]) : record[field];
			if (isSame(value, held)) continue;
			broke(
				'answer',
				`${nameOf(actor)} answered ${field} ${JSON.stringify(value)} of ${kind} ${id}, but it is ${JSON.stringify(record[field])}`,
			);
		}
		if (answered.password !== undefined && kind === 'credentials') {
			judgePassword(actor, id, answered.password);
		}
	}

	function judgePassword(actor: Actor, id: string, password: unknown) {
		const record = state.credentials.get(id);
		if (!record || touched(actor, 'credentials', id) || record.password === password) return;
		broke('answer', `${nameOf(actor)} answered a password that credential ${id} doesn't have`);
	}

	function judgeAnswer(actor: Actor) {
		const { what } = actor.item;
		const [output = {}] = actor.output ?? [];
		if (what.endsWith('.getAll')) return judgeList(actor);
		if (output.planned) {
			if (actor.wrote) broke('answer', `${nameOf(actor)} wrote although it only planned`);
			return;
		}
		if (what.endsWith('.delete') || what === 'provisioning.deprovision') {
			const kind = kindOf(actor) ?? 'trunks';
			const id = targetOf(actor) ?? '';
			if (state[kind].has(id))
				broke('answer', `${nameOf(actor)} answered ${kind} ${id} as deleted`);
			return;
		}
		if (what === 'phoneNumber.release') {
			const id = String(output.number);
			if (state.numbers.has(id)) broke('answer', `${nameOf(actor)} answered ${id} as released`);
			return;
		}
		if (what === 'phoneNumber.rent') {
			const number = state.numbers.get(String(output.number));
			const isMeant = number && normalizedName(String(number.alias)) === aliasOf(actor);
			if (!isMeant && !touched(actor, 'numbers', String(output.number))) {
				broke(
					'answer',
					`${nameOf(actor)} answered ${String(output.number)}, which isn't its alias's`,
				);
			}
		}
		if (COMPOSITE.test(what)) return judgeComposite(actor, output);
		const kind = kindOf(actor);
		if (!kind) return;
		judgeRecord(actor, kind, output);
		const { body } = actor.item;
		if (/\.(create|upsert|update)$/.test(what) && body) {
			const id = String(output[ID_FIELDS[kind]]);
			const record = state[kind].get(id);
			if (!record || touched(actor, kind, id)) return;
			for (const [field, value] of Object.entries(body)) {
				const wanted = field === 'name' ? normalizedName(String(value)) : value;
				if (field === 'name' && normalizedName(String(record.name)) === wanted) continue;
				if (isSame(wanted, record[field])) continue;
				// Another process's record of the same moment was taken for the result: its password is its own.
				if (field === 'password' && ledger.versions(kind, id)[0]?.event.by !== actor) continue;
				// Plivo accepts each address only once, and the answer says so.
				if (/accepts each address only once/.test(JSON.stringify(output))) continue;
				broke('answer', `${nameOf(actor)} did not set ${field} of ${kind} ${id}`);
			}
		}
	}

	function judgeComposite(actor: Actor, output: IDataObject) {
		const { what } = actor.item;
		const done = (output.what_was_done ?? []) as IDataObject[];
		const inbound = (output.inbound_trunk ?? (what.endsWith('Inbound') ? output : undefined)) as
			| IDataObject
			| undefined;
		const outbound = (output.outbound_trunk ?? (what.endsWith('Outbound') ? output : undefined)) as
			| IDataObject
			| undefined;
		for (const trunk of [inbound, outbound]) if (trunk) judgeRecord(actor, 'trunks', trunk);
		if (outbound && output.password !== undefined) {
			const trunk = state.trunks.get(String(outbound.trunk_id));
			if (trunk && !touched(actor, 'trunks', String(outbound.trunk_id))) {
				judgePassword(actor, String(trunk.credential_uuid), output.password);
			}
		}
		for (const { kind, id, action } of done) {
			const name = Object.entries({
				trunk: 'trunks',
				credential: 'credentials',
				'origination URI': 'uris',
				'IP access control list': 'ipacls',
			}).find(([label]) => label === kind)?.[1] as KindName | undefined;
			if (!name || action === 'deleted') continue;
			if (!state[name].has(String(id)) && !touched(actor, name, String(id))) {
				broke(
					'answer',
					`${nameOf(actor)} answered ${String(action)} ${name} ${String(id)}, which is not there`,
				);
			}
		}
		if (!inbound || option(actor, 'routeNumbers') === false) return;
		for (const id of numbersOf(actor)) {
			const routed = trunkIdOf(state.numbers.get(id)?.application);
			if (routed === String(inbound.trunk_id) || touched(actor, 'numbers', id)) continue;
			if (touched(actor, 'trunks', String(inbound.trunk_id))) continue;
			broke('answer', `${nameOf(actor)} did not route number ${id}`);
		}
	}

	function judgeList(actor: Actor) {
		const kind = kindOf(actor);
		if (!kind) return;
		const ids = (actor.output ?? []).map((record) => String(record[ID_FIELDS[kind]]));
		const answered = new Set(ids);
		if (answered.size < ids.length) broke('list', `${nameOf(actor)} answered a record twice`);
		for (const id of state[kind].keys()) {
			if (answered.has(id)) continue;
			const [first] = ledger.versions(kind, id);
			if (!first || first.event.at + variants.late >= actor.startedAt) continue;
			broke('list', `${nameOf(actor)} left out ${kind} ${id}, which was there all the time`);
		}
		for (const id of ids) {
			if (ledger.versions(kind, id).length === 0) {
				broke('list', `${nameOf(actor)} answered ${kind} ${id}, which never was there`);
			}
			const last = ledger.versions(kind, id).at(-1);
			if (last && !last.record && last.event.seq < actor.startedSeq) {
				broke('list', `${nameOf(actor)} answered ${kind} ${id}, which was deleted before it began`);
			}
		}
	}

	// ── at the end ────────────────────────────────────────────────────────────

	const versionsByKey = () =>
		[...ledger.keys()].map((key): [KindName, string, readonly Version[]] => {
			const space = key.indexOf(' ');
			const kind = key.slice(0, space) as KindName;
			const id = key.slice(space + 1);
			return [kind, id, ledger.versions(kind, id)];
		});

	/** Everything that a run has told: errors that were shown, and outputs. */
	function toldBy(run: Run): string {
		const texts = run.items.map(({ output, error }) =>
			run.action.goesOn && error
				? error.text
				: run.ended?.error
					? ''
					: JSON.stringify(output ?? ''),
		);
		return [run.ended?.error?.text ?? '', ...texts].join(' ');
	}

	/** Whether a text says that a record is or may be there. */
	function names(text: string, id: string, name: unknown): boolean {
		if (text.includes(id)) return true;
		const words = String(name);
		const isTold =
			/perhaps |may have been created|may have been carried out|is unknown|is unclear/.test(
				text,
			);
		return (isTold && text.includes(words)) || /and \d+ more/.test(text);
	}

	/** The name of the rule that an unnamed record breaks: the remedies differ. */
	function leftRule(maker: Actor, first: Event): string {
		const { run } = maker;
		if (run.cancelledAt !== undefined) return 'leftByCancel';
		// What an earlier try has left must be named by the last one: only that is shown.
		if (first.seq <= maker.triedSeq) return 'leftByEarlierTry';
		// n8n shows the error of one item.
		const shown = run.action.goesOn || maker.error?.text === run.ended?.error?.text;
		return shown ? 'left' : 'leftByOtherItem';
	}

	/** When lists began to show a trunk, and so what it uses; what the account had at the start is old. */
	function listedAt(trunkId: string): number {
		const { at = 0 } = ledger.versions('trunks', trunkId)[0]?.event ?? {};
		return at === 0 ? 0 : at + variants.late;
	}

	function judgeLeft(runs: readonly Run[]) {
		for (const [kind, id, versions] of versionsByKey()) {
			if (kind === 'numbers') continue;
			const [first] = versions;
			const maker = first?.event.by;
			if (!maker || !first?.record) continue;
			const { run } = maker;
			if (run.process.killed || !run.ended) continue;
			if (run.cancelledAt !== undefined && run.items.length > 1) continue;
			const failed = run.ended.error !== undefined || maker.error !== undefined;
			if (!failed) continue;
			const endedAt = run.ended.at;
			// As it was when the run ended, or when it came after that.
			const then = versions
				.filter(({ event }) => event === first.event || event.at <= endedAt)
				.at(-1);
			if (!then?.record) continue;
			// What somebody else has changed since is no longer what was left.
			if (versions.some(({ event }) => event !== first.event && event.by !== maker)) continue;
			const text = maker.run.action.goesOn
				? (maker.error?.text ?? '')
				: (run.ended.error?.text ?? '');
			if (names(text, id, first.record.name)) continue;
			broke(
				leftRule(maker, first.event),
				`${nameOf(maker)} failed and left ${kind} ${id} ("${String(first.record.name)}") unnamed: ${text}`,
			);
		}
		for (const run of runs) {
			if (run.process.killed || !run.ended || run.cancelledAt !== undefined) continue;
			for (const actor of run.items) judgeChangesLeft(actor);
		}
	}

	/** What a failed composite has changed, is changed back or named. */
	function judgeChangesLeft(actor: Actor) {
		const { run, item } = actor;
		if (!item.what.startsWith('provisioning.')) return;
		if (run.ended?.error === undefined && actor.error === undefined) return;
		if (run.action.goesOn ? !actor.error : false) return;
		const text = run.action.goesOn ? (actor.error?.text ?? '') : (run.ended?.error?.text ?? '');
		const own = new Set(
			ledger.events
				.filter(({ by }) => by === actor)
				.flatMap(({ effects, request }) =>
					effects
						.filter(({ id }) => subjectOf(request.path)?.id === id)
						.map(({ kind, id }) => `${kind} ${id}`),
				),
		);
		for (const key of own) {
			const [kind, id] = key.split(' ') as [KindName, string];
			const versions = ledger.versions(kind, id);
			const start = versions.findIndex(({ event }) => event.by === actor);
			const before = versions[start - 1]?.record;
			const rest = versions.slice(start);
			if (!before || rest.some(({ event }) => event.by !== actor)) continue;
			const after = rest.at(-1)?.record;
			const differs =
				!after ||
				Object.keys(before).some(
					(field) => field !== 'updated_at' && !isSame(before[field], after[field]),
				);
			if (!differs || names(text, id, before.name ?? id)) continue;
			const first = versions[start]?.event;
			if (first)
				broke(
					leftRule(actor, first),
					`${nameOf(actor)} failed and left ${key} changed, unnamed: ${text}`,
				);
		}
	}

	function judgeTwins(runs: readonly Run[]) {
		const made = new Map<string, Array<{ id: string; first: Version; maker?: Actor }>>();
		for (const [kind, id, versions] of versionsByKey()) {
			if (kind === 'numbers') continue;
			const [first] = versions;
			const last = versions.at(-1);
			if (!first?.record || !last?.record) continue;
			const identity = identityOf(kind, first.record);
			const isRenamed = versions.some(
				({ record }) => record && identityOf(kind, record) !== identity,
			);
			if (isRenamed) continue;
			const list = made.get(identity) ?? [];
			list.push({ id, first, maker: first.event.by });
			made.set(identity, list);
		}
		const told = runs.map(toldBy).join('\n');
		for (const [identity, all] of made) {
			const ours = all.filter(({ maker }) => maker && ENSURING.test(maker.item.what));
			for (const one of ours) {
				for (const other of all) {
					if (other === one || one.first.event.seq < other.first.event.seq) continue;
					const { maker } = one;
					if (!maker || wasStopped(maker) || (other.maker && wasStopped(other.maker))) continue;
					const isOurs = other.maker && ENSURING.test(other.maker.item.what);
					// Somebody else may make one of the same name at the same moment: that is theirs.
					const wasThere = other.first.event.at + variants.late < maker.startedAt;
					if (!isOurs && !wasThere) continue;
					if (told.includes(one.id) && told.includes(other.id) && isDoubt(told, one.id, other.id))
						continue;
					if (isPerhapsThere(one) || isPerhapsThere(other)) continue;
					broke(
						'twin',
						`${identity}: ${one.id} by ${nameOf(maker)} beside ${other.id} by ${other.maker ? nameOf(other.maker) : 'the console'}`,
					);
				}
			}
		}
		for (const run of runs) for (const actor of run.items) judgeOnce(actor);
	}

	/** Whether who has made a record has failed, and says that it may be there. */
	const isPerhapsThere = ({ id, first, maker }: { id: string; first: Version; maker?: Actor }) =>
		maker?.error !== undefined && names(maker.error.text, id, first.record?.name);

	/** Whether some text tells of both as two. */
	const isDoubt = (told: string, one: string, other: string) =>
		told
			.split('\n')
			.some(
				(text) =>
					(text.includes(one) || text.includes(other)) &&
					/Left: |perhaps a second|are exactly like it|is exactly like it|are named|may be somebody else|could not be deleted again|could not be checked: look for a second|perhaps /.test(
						text,
					),
			);

	/** As long as the core believes a reading of what was there before a create. */
	const SAME_MOMENT_MS = 30_000;

	/** A create that succeeded has made exactly one. */
	function judgeOnce(actor: Actor) {
		if (!PLAIN_CREATE.test(actor.item.what) || !actor.output || wasStopped(actor)) return;
		const kind = kindOf(actor);
		if (!kind) return;
		const made = ledger.events
			.filter(({ by }) => by === actor)
			.flatMap(({ effects }) => effects.filter((effect) => !effect.before && effect.kind === kind))
			.map(({ id }) => id);
		// What somebody else has deleted before the answer, was made once more.
		const left = made.filter((id) => {
			const versions = ledger.versions(kind, id);
			const making = versions[0]?.event;
			const touch = versions.find(({ event }) => event !== making)?.event;
			const isGone = !versions.at(-1)?.record;
			return touch ? !isGone && touch.at > actor.endedAt : true;
		});
		const [output = {}] = actor.output;
		const answered = String(output[ID_FIELDS[kind]]);
		const text = JSON.stringify(actor.output);
		if (left.length > 1 && !/perhaps a second/.test(text)) {
			broke('once', `${nameOf(actor)} made ${left.join(' and ')}`);
		}
		if (made.includes(answered)) return;
		const maker = ledger.versions(kind, answered)[0]?.event;
		// What a create of the same, in doubt (also in an earlier try) or stopped, has made after all is its result.
		const wasOpen = maker?.by && (!maker.by.output || maker.seq <= maker.by.triedSeq);
		const atTheSameMoment =
			maker &&
			maker.by?.run.process !== actor.run.process &&
			maker.at > actor.startedAt - SAME_MOMENT_MS;
		// Exactly like what was asked for, unused, and with nothing to tell it by: no harm is done.
		const isHarmless = made.length === 0 && (kind === 'uris' || kind === 'ipacls');
		if (!atTheSameMoment && !wasOpen && !isHarmless) {
			broke('once', `${nameOf(actor)} answered ${answered}, which it has not made`);
		}
	}

	/**
	 * What was spent: one number for an alias, none without a word. Two processes can come to two, and say so then; one
	 * process never does.
	 */
	function judgeMoney(runs: readonly Run[]) {
		const told = runs.map(toldBy).join('\n');
		const rents = ledger.events.filter(
			({ by, request, effects }) => by && RENT.test(request.path) && effects.length > 0,
		);
		const numberOf = ({ request }: Event) => RENT.exec(request.path)?.[1] ?? '';
		for (const [index, second] of rents.entries()) {
			const by = second.by as Actor;
			const number = numberOf(second);
			const { run } = by;
			// Its own error was for n8n's next try; released since, it is nobody's to be told of.
			const isReleased = ledger.versions('numbers', number).at(-1)?.record === undefined;
			// Another run of the process may have gone on with it.
			const isTold =
				toldBy(run).includes(number) ||
				runs.some(
					(other) =>
						other.process === run.process &&
						toldBy(other).includes(`phone number ${number}, rented by this run`),
				);
			if (!isReleased && !wasStopped(by) && run.ended && !isTold) {
				broke('money', `${nameOf(by)} rented ${number} without a word`);
			}
			for (const first of rents.slice(0, index)) {
				const maker = first.by as Actor;
				if (aliasOf(maker) !== aliasOf(by)) continue;
				const one = numberOf(first);
				const then = ledger
					.versions('numbers', one)
					.filter(({ event }) => event.seq < second.seq)
					.at(-1)?.record;
				// Released, or given another alias, since it was one too many.
				if (!then || /rented twice/.test(String(then.alias))) continue;
				const isOneProcess = maker.run.process === run.process;
				if (!isOneProcess && (wasStopped(maker) || wasStopped(by))) continue;
				const isTold = told
					.split('\n')
					.some((text) => (text.includes(one) || text.includes(number)) && TWO_NUMBERS.test(text));
				if (!isOneProcess && isTold && told.includes(one) && told.includes(number)) continue;
				broke(
					'money',
					`${nameOf(by)} rented ${number} for "${aliasOf(by)}" beside ${one} by ${nameOf(maker)}`,
				);
			}
		}
	}

	function judgeEnds(runs: readonly Run[], quiet: boolean, core: Core) {
		if (!quiet) broke('ends', 'something goes on for hours');
		const processes = new Set(runs.map(({ process }) => process));
		for (const run of runs) {
			if (run.process.killed || run.ended) continue;
			broke('ends', `run ${run.action.id} never ends`);
		}
		for (const { killed, baseUrl, index } of processes) {
			if (killed) continue;
			const url = core.accountUrl({ authId: plivo.authId, baseUrl });
			const account = core.accountAt(url);
			const { locks, lookups } = core.stateOf({ account });
			if (locks.size() > 0) broke('ends', `process ${index} holds ${locks.size()} locks`);
			if (lookups.size > 0) broke('ends', `process ${index} has ${lookups.size} lookups`);
			if (account.limiter.isBusy()) broke('ends', `the limiter of process ${index} is busy`);
		}
	}

	/** Where an expression fails, n8n shows that and nothing else: so nothing may be written. */
	function judgeGate(runs: readonly Run[]) {
		for (const run of runs) {
			const isBad = run.action.items.some(({ badExpression }) => badExpression);
			if (isBad && !run.action.goesOn && run.requests > 0) {
				broke('gate', `run ${run.action.id} sent requests although an item never began`);
			}
		}
	}

	return {
		wrote(event) {
			judgeNumbers(event);
			const actor = event.by;
			if (!actor) return;
			for (const effect of event.effects) {
				judgeEffect(event, actor, effect);
				judgeLateness(event, actor, effect);
			}
		},
		answered: judgeAnswer,
		failed: () => {},
		judge(runs, quiet, core) {
			judgeEnds(runs, quiet, core);
			judgeGate(runs);
			judgeLeft(runs);
			judgeTwins(runs);
			judgeMoney(runs);
		},
	};
}

function isSame(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
	}
	return (one ?? '') === (other ?? '') || (one === undefined && other === false);
}
