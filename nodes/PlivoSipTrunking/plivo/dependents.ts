import type { IDataObject } from 'n8n-workflow';

import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';
import { type Kind, PHONE_NUMBER, TRUNK, TRUNK_REFERENCES } from './kinds';
import { lookAfresh } from './look';
import { isRoutedTo } from './route';

/**
 * The trunks that use a record: all trunks are read, since a filter may be ignored.
 *
 * @param kind of the record: credential, IP access control list or origination URI
 */
export async function trunksUsing(
	channel: Channel,
	kind: Kind,
	id: string,
): Promise<IDataObject[]> {
	const fields = TRUNK_REFERENCES.filter((reference) => reference.kind === kind).map(
		(reference) => reference.field,
	);
	const trunks = await lookAfresh(channel, TRUNK);
	return trunks.filter((trunk) => fields.some((field) => trunk[field] === id));
}

/** All phone numbers that are routed to a trunk: Plivo has no filter for it, so every page is read. */
export async function numbersOf(channel: Channel, trunkId: string): Promise<IDataObject[]> {
	const numbers = await lookAfresh(channel, PHONE_NUMBER);
	return numbers.filter((number) => isRoutedTo(number, trunkId));
}

/**
 * Refuses to delete what something else depends on: a trunk with numbers routed to it, a credential,
 * IP access control list or origination URI that trunks use. Deleting a URI even deletes its trunks
 * (live; plivo-cli 1.1.2).
 *
 * @param force delete it all the same
 * @throws PlivoFailure of kind `conflict`, naming the dependents, or saying that the check itself
 *   could not finish
 */
export async function guardDelete(
	channel: Channel,
	kind: Kind,
	id: string,
	force: boolean,
): Promise<void> {
	const check = kind === TRUNK ? numberUse(channel, id) : trunkUse(channel, kind, id);
	const uses = await check.catch((error: unknown): never => {
		if (!(error instanceof PlivoFailure) || error.kind === 'cancelled') throw error;
		throw new PlivoFailure(
			error.kind,
			`The ${kind.label} was not deleted: whether it is in use could not be checked (${error.message})`,
			error.description,
			error.details,
		);
	});
	if (!uses || force) return;
	throw new PlivoFailure('conflict', `The ${kind.label} is in use: ${uses}`, remedyFor(kind));
}

async function numberUse(channel: Channel, id: string): Promise<string | undefined> {
	const isDependent = (number: IDataObject) => isRoutedTo(number, id);
	const numbers = await lookAfresh(channel, PHONE_NUMBER, {}, isDependent);
	const number = numbers.find(isDependent);
	return (
		number && `phone number ${String(number.number)} is routed to it, and its calls would fail`
	);
}

async function trunkUse(channel: Channel, kind: Kind, id: string): Promise<string | undefined> {
	const trunks = await trunksUsing(channel, kind, id);
	if (trunks.length === 0) return undefined;
	const names = trunks
		.slice(0, 10)
		.map((trunk) => `"${String(trunk.name)}" (${String(trunk.trunk_id)})`);
	const others = trunks.length > 10 ? ` and ${trunks.length - 10} more` : '';
	return `by ${trunks.length === 1 ? 'trunk' : 'trunks'} ${names.join(', ')}${others}`;
}

function remedyFor(kind: Kind): string {
	if (kind === TRUNK) {
		return 'Route its phone numbers elsewhere first, or switch on Force in the options.';
	}
	const consequence =
		kind.idField === 'uri_uuid'
			? 'Plivo would delete these trunks with it, and their numbers would stop working.'
			: 'Calls through these trunks would fail.';
	return `${consequence} Give the trunks another ${kind.label} first, or switch on Force in the options.`;
}
