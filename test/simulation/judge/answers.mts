/** Answers: what an operation has answered is so on the account. */
import type { IDataObject } from 'n8n-workflow';

import { ID_FIELDS, type KindName } from '../../../simulator/records.mts';
import { normalizedName } from '../core.mts';
import { type Actor, nameOf, type World } from '../world.mts';
import {
	aliasOf,
	COMPOSITE,
	isSame,
	kindOf,
	numbersOf,
	option,
	targetOf,
	trunkIdOf,
} from './actor.mts';
import type { Broke, Evidence } from './evidence.mts';

const NOT_PLIVOS = new Set([
	'warnings',
	'created',
	'changed',
	'password',
	'previous_application',
	'updated_at',
]);

export function judgeOfAnswers(
	{ plivo: { state, variants }, ledger }: World,
	{ touched }: Evidence,
	broke: Broke,
) {
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
				'SIP credential': 'credentials',
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

	return judgeAnswer;
}
