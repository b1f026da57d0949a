/** What operations name and say, and what makes records one. */
import type { KindName, PlivoRecord } from '../../../simulator/records.mts';
import { first } from '../../support/elements.mts';

import { normalizedName } from '../core.mts';
import type { Actor, Event, Run } from '../world.mts';

export const COMPOSITE = /^provisioning\.(provision|connect)/;
export const PLAIN_CREATE = /\.create$/;
export const ENSURING = /\.upsert$|^provisioning\.(provision|connect)/;

const KINDS_OF: Record<string, KindName> = {
	trunk: 'trunks',
	originationUri: 'uris',
	credential: 'credentials',
	ipAccessControlList: 'ipacls',
	phoneNumber: 'numbers',
};

/** The kind of record that an operation of a resource is about. */
export const kindOf = ({ item }: Actor): KindName | undefined =>
	KINDS_OF[first(item.what.split('.'))];

export const parameter = ({ item }: Actor, name: string) => item.parameters?.[name];

export const option = ({ item }: Actor, name: string) => item.options?.[name];

/** The id that the operation names. */
export function targetOf(actor: Actor): string | undefined {
	const { what } = actor.item;
	if (what.startsWith('trunk.') || what === 'provisioning.deprovision') {
		return parameter(actor, 'trunkId') as string | undefined;
	}
	return (parameter(actor, 'originationUriId') ??
		parameter(actor, 'credentialId') ??
		parameter(actor, 'ipAclId')) as string | undefined;
}

/** Numbers that the operation names. */
export function numbersOf(actor: Actor): string[] {
	const many = parameter(actor, 'phoneNumbers');
	const one = parameter(actor, 'phoneNumber');
	return [...(Array.isArray(many) ? (many as string[]) : []), ...(one ? [String(one)] : [])];
}

/** What a number is rented for. */
export const aliasOf = (actor: Actor) => normalizedName(String(parameter(actor, 'alias')));

/** Words that say that there may be two numbers for an alias. */
export const TWO_NUMBERS =
	/is one too many|have the alias|may have been rented|could not be given this alias|could not be checked/;

export const wasStopped = ({ run }: Actor) => run.process.killed || run.cancelledAt !== undefined;

export const isSameProcess = (event: Event | undefined, { run }: Actor) =>
	event?.by !== undefined && event.by.run.process === run.process;

/** What makes two records one: kind and normalized name, for trunks with the direction. */
export const identityOf = (kind: KindName, { name, trunk_direction: direction }: PlivoRecord) =>
	`${kind} ${normalizedName(String(name ?? ''))}${kind === 'trunks' ? ` ${String(direction)}` : ''}`;

/** The identities that an operation names. */
export function identitiesOf(actor: Actor): Set<string> {
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

export const trunkIdOf = (application: unknown) =>
	/Zentrunk\/Trunk\/([^/]+)\/$/.exec(String(application))?.[1];

export const isForced = (actor: Actor) => option(actor, 'force') === true;

/** Everything that a run has told: errors that were shown, and outputs. */
export function toldBy(run: Run): string {
	const texts = run.items.map(({ output, error }) =>
		run.action.goesOn && error ? error.text : run.ended?.error ? '' : JSON.stringify(output ?? ''),
	);
	return [run.ended?.error?.text ?? '', ...texts].join(' ');
}

/** Whether a text says that a record is or may be there. */
export function names(text: string, id: string, name: unknown): boolean {
	if (text.includes(id)) return true;
	const words = String(name);
	const isTold =
		/perhaps |may have been created|may have been carried out|is unknown|is unclear/.test(text);
	return (isTold && text.includes(words)) || /and \d+ more/.test(text);
}

/** Whether two values are one, as Plivo and a workflow write them. */
export function isSame(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
	}
	return (one ?? '') === (other ?? '') || (one === undefined && other === false);
}
