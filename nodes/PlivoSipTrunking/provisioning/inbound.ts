import type { IDataObject } from 'n8n-workflow';

import { ORIGINATION_URI, TRUNK } from '../plivo/kinds';
import {
	checkedBoolean,
	checkedText,
	checkedUri,
	originationUriChanges,
	warningsAbout,
} from '../plivo/rules';
import { holdRecord, updateRecord } from '../plivo/write';
import type { Channel } from '../transport/channel';
import { badInput } from '../transport/failure';
import { cannotReturn, holdCustomer, type Job, labelled, note, undertake, write } from './job';
import { checkedNumbers, holdNumbers, readNumbers, routeNumbers } from './numbers';
import { ensure, lookFor, warnIfDisabled } from './records';

/** What an inbound trunk is to be; all checked. */
export interface InboundWish {
	readonly name: string;
	readonly primaryUri: string;
	readonly fallbackUri?: string;
	/** What Plivo answers the PBX with when that asks for a password. */
	readonly login?: { username: string; password: string };
	readonly secure?: boolean;
}

/** The records of the customer's name that are there already. */
export interface InboundFound {
	readonly trunk?: IDataObject;
	readonly primaryUri?: IDataObject;
	readonly fallbackUri?: IDataObject;
}

/** The parameters of `provisionInbound` as they come from the node. */
export interface InboundParameters {
	name: unknown;
	primaryUri: unknown;
	fallbackUri: unknown;
	phoneNumbers: unknown;
	/** `secure`, `rollback`, `uriUsername`, `uriPassword` */
	options: IDataObject;
}

/**
 * Phone numbers to a PBX or platform: origination URIs, an inbound trunk, and each number routed to
 * it. What is there under the name is used and brought in line.
 *
 * @returns the trunk, `numbers` with their old routes, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed write, what was done before has been taken back
 */
export async function provisionInbound(
	channel: Channel,
	parameters: InboundParameters,
): Promise<IDataObject> {
	const wish = checkedInbound(parameters);
	const digits = checkedNumbers(parameters.phoneNumbers);
	const rollback = checkedBoolean('Roll Back', parameters.options.rollback ?? true);
	return await holdCustomer(
		channel,
		wish.name,
		async () =>
			await holdNumbers(channel, digits, async () => {
				const [found, numbers] = await Promise.all([
					lookForInbound(channel, wish),
					readNumbers(channel, digits),
				]);
				return await undertake(channel, rollback, async (job) => {
					const trunk = await buildInbound(job, wish, found);
					const routed = await routeNumbers(job, numbers, String(trunk.trunk_id));
					if (digits.length === 0) {
						job.warnings.push(
							'No phone number was given: none is routed to the trunk by this run.',
						);
					}
					return { ...trunk, numbers: routed, what_was_done: job.done, warnings: job.warnings };
				});
			}),
	);
}

function checkedInbound(parameters: InboundParameters): InboundWish {
	const { name, primaryUri, fallbackUri, options } = parameters;
	const login = checkedUriLogin(options);
	return {
		name: checkedText('Name', name),
		primaryUri: checkedUri('Primary URI', primaryUri),
		...(isGiven(fallbackUri) && { fallbackUri: checkedUri('Fallback URI', fallbackUri) }),
		...(options.secure !== undefined && { secure: checkedBoolean('Secure', options.secure) }),
		...(login && { login }),
	};
}

/** `uriUsername` and `uriPassword`: both or neither. */
export function checkedUriLogin({ uriUsername, uriPassword }: IDataObject): InboundWish['login'] {
	if (!isGiven(uriUsername) && !isGiven(uriPassword)) return undefined;
	const username = checkedText('URI Username', uriUsername);
	if (typeof uriPassword === 'string' && uriPassword !== '') {
		return { username, password: uriPassword };
	}
	throw badInput(
		'URI Password',
		'is empty',
		'Enter the password that your PBX expects, or remove the username.',
	);
}

const isGiven = (value: unknown) =>
	value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

const fallbackName = (name: string) => `${name} fallback`;

/** Reads what is there of an inbound trunk; several records of a name are refused. */
export async function lookForInbound(channel: Channel, wish: InboundWish): Promise<InboundFound> {
	const { name } = wish;
	const [trunk, primaryUri, fallbackUri] = await Promise.all([
		lookFor(channel, TRUNK, { name, trunk_direction: 'inbound' }),
		lookFor(channel, ORIGINATION_URI, { name }),
		wish.fallbackUri === undefined
			? undefined
			: lookFor(channel, ORIGINATION_URI, { name: fallbackName(name) }),
	]);
	return { trunk, primaryUri, fallbackUri };
}

/** Makes the origination URIs and the inbound trunk, or brings them in line. */
export async function buildInbound(
	job: Job,
	wish: InboundWish,
	found: InboundFound,
): Promise<IDataObject> {
	const { name, secure } = wish;
	const primary = await ensureUri(job, name, wish.primaryUri, wish, found.primaryUri);
	const fallback =
		wish.fallbackUri === undefined
			? undefined
			: await ensureUri(job, fallbackName(name), wish.fallbackUri, wish, found.fallbackUri);
	const trunk = await ensure(
		job,
		TRUNK,
		{
			name,
			trunk_direction: 'inbound',
			primary_uri_uuid: primary.uri_uuid,
			...(fallback && { fallback_uri_uuid: fallback.uri_uuid }),
			...(secure !== undefined && { secure }),
		},
		found.trunk,
	);
	warnIfDisabled(job, trunk);
	return trunk;
}

async function ensureUri(
	job: Job,
	name: string,
	uri: string,
	{ login }: InboundWish,
	found?: IDataObject,
): Promise<IDataObject> {
	job.warnings.push(...warningsAbout(ORIGINATION_URI, { uri }));
	const access = login && { authentication_needed: true, ...login };
	if (!found) return await ensure(job, ORIGINATION_URI, { name, uri, ...access }, undefined);
	const record = await ensure(job, ORIGINATION_URI, { name, uri }, found);
	if (access) job.last.push(async () => await setLogin(job, record, access));
	return record;
}

/** Plivo never shows a password, so one that is given is set again. */
async function setLogin(job: Job, record: IDataObject, access: IDataObject): Promise<void> {
	const id = String(record.uri_uuid);
	const what = `the login of ${labelled(ORIGINATION_URI, record, id)}`;
	await write(job, `set ${what}`, { what, run: cannotReturn }, async () => {
		await holdRecord(
			job.channel,
			ORIGINATION_URI,
			id,
			async () =>
				await updateRecord(
					job.channel,
					ORIGINATION_URI,
					id,
					originationUriChanges(access, record),
					record,
				),
		);
	});
	note(job, 'changed', ORIGINATION_URI, record, Object.keys(access));
}
