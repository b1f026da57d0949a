import { randomInt } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { sharedListing } from '../plivo/journal';
import { CREDENTIAL, IP_ACL, TRUNK } from '../plivo/kinds';
import { generatePassword } from '../plivo/passwords';
import { getRecord } from '../plivo/read';
import {
	checkedAddresses,
	checkedBoolean,
	checkedFields,
	checkedId,
	checkedText,
	warningsAbout,
} from '../plivo/rules';
import { holdRecord, identityFilter, updateRecord } from '../plivo/write';
import type { Account, Channel } from '../transport/channel';
import { badInput } from '../transport/failure';
import { cannotReturn, holdCustomer, type Job, labelled, note, undertake, write } from './job';
import { ensure, lookFor, warnIfDisabled } from './records';

/** How Plivo knows the customer's calls. */
export type Authentication =
	| { readonly by: 'newCredential'; readonly username?: string; readonly password?: string }
	| { readonly by: 'credential'; readonly id: string }
	| { readonly by: 'newIpAcl'; readonly addresses: string[] }
	| { readonly by: 'ipAcl'; readonly id: string };

/** What an outbound trunk is to be; all checked. */
export interface OutboundWish {
	readonly name: string;
	readonly authentication: Authentication;
	readonly secure?: boolean;
}

/** What is there already. */
export interface OutboundFound {
	readonly trunk?: IDataObject;
	/** The credential or IP access control list, of the customer's name or the id that was given. */
	readonly authentication?: IDataObject;
	/** Whether a trunk uses that credential, so that somebody has its password. */
	readonly inUse: boolean;
}

/** An outbound trunk, and what a PBX needs to use it. */
export interface Outbound {
	readonly trunk: IDataObject;
	readonly username?: string;
	/** Only one that was generated in this run. */
	readonly password?: string;
}

/** The parameters of `provisionOutbound` as they come from the node. */
export interface OutboundParameters {
	name: unknown;
	sipAuthentication: unknown;
	username: unknown;
	password: unknown;
	credentialId: unknown;
	ipAddresses: unknown;
	ipAclId: unknown;
	/** `secure`, `rollback` */
	options: IDataObject;
}

/**
 * A PBX or platform to the telephone network: a credential or an IP access control list, and an
 * outbound trunk. What is there under the name is used and brought in line.
 *
 * @returns the trunk, `username`, a generated `password`, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed write, what was done before has been taken back
 */
export async function provisionOutbound(
	channel: Channel,
	parameters: OutboundParameters,
): Promise<IDataObject> {
	const { options } = parameters;
	const wish: OutboundWish = {
		name: checkedText('Name', parameters.name),
		authentication: checkedAuthentication(parameters),
		...(options.secure !== undefined && { secure: checkedBoolean('Secure', options.secure) }),
	};
	const rollback = checkedBoolean('Roll Back', options.rollback ?? true);
	return await holdCustomer(channel, wish.name, async () => {
		const found = await lookForOutbound(channel, wish);
		const outbound = await undertake(channel, rollback, async (job) => ({
			...(await buildOutbound(job, wish, found)),
			what_was_done: job.done,
			warnings: job.warnings,
		}));
		shown(channel.account, outbound.trunk);
		const { trunk, ...rest } = outbound;
		return { ...trunk, ...rest };
	});
}

function checkedAuthentication(parameters: OutboundParameters): Authentication {
	const { sipAuthentication: by } = parameters;
	switch (by) {
		case 'newCredential':
			return { by, ...checkedLogin(parameters) };
		case 'credential':
			return { by, id: checkedId(CREDENTIAL.idLabel, parameters.credentialId) };
		case 'newIpAcl':
			return { by, addresses: checkedAddresses('IP Addresses', parameters.ipAddresses) };
		case 'ipAcl':
			return { by, id: checkedId(IP_ACL.idLabel, parameters.ipAclId) };
		default:
			throw badInput(
				'Authentication',
				'is none of the choices',
				'Choose newCredential, credential, newIpAcl or ipAcl.',
			);
	}
}

/** Username and password where they are given, by Plivo's rules. */
export function checkedLogin(given: { username: unknown; password: unknown }): {
	username?: string;
	password?: string;
} {
	const { username, password } = given as IDataObject;
	return checkedFields(CREDENTIAL, {
		...((username ?? '') !== '' && { username }),
		...((password ?? '') !== '' && { password }),
	});
}

/** Reads what is there of an outbound trunk; several records of a name are refused. */
export async function lookForOutbound(
	channel: Channel,
	{ name, authentication }: OutboundWish,
): Promise<OutboundFound> {
	const identity = { name, trunk_direction: 'outbound' };
	const lookForAuthentication = async () => {
		switch (authentication.by) {
			case 'newCredential':
				return await lookFor(channel, CREDENTIAL, { name });
			case 'credential':
				return await getRecord(channel, CREDENTIAL, authentication.id);
			case 'newIpAcl':
				return await lookFor(channel, IP_ACL, { name });
			case 'ipAcl':
				return await getRecord(channel, IP_ACL, authentication.id);
		}
	};
	const [trunk, record, trunks] = await Promise.all([
		lookFor(channel, TRUNK, identity),
		lookForAuthentication(),
		sharedListing(channel, TRUNK, identityFilter(TRUNK, identity)),
	]);
	const id = record?.credential_uuid;
	const inUse =
		id !== undefined &&
		!unshownOf(channel.account).has(String(id)) &&
		trunks.some(({ credential_uuid }) => credential_uuid === id);
	return { trunk, authentication: record, inUse };
}

/** Makes the credential or IP list and the outbound trunk, or brings them in line. */
export async function buildOutbound(
	job: Job,
	wish: OutboundWish,
	found: OutboundFound,
): Promise<Outbound> {
	const { name, secure } = wish;
	const { record, username, password } = await ensureAuthentication(job, wish, found);
	const byCredential = record.credential_uuid !== undefined;
	const trunk = await ensure(
		job,
		TRUNK,
		{
			name,
			trunk_direction: 'outbound',
			...(byCredential
				? { credential_uuid: record.credential_uuid }
				: { ipacl_uuid: record.ipacl_uuid }),
			...(secure !== undefined && { secure }),
		},
		found.trunk,
	);
	warnIfDisabled(job, trunk);
	if (trunk.credential_uuid && trunk.ipacl_uuid) {
		job.warnings.push(
			`The trunk had ${byCredential ? 'an IP access control list' : 'a credential'} before and keeps it: calls now need the right password from the right address. Plivo offers no way to take it off.`,
		);
	}
	return { trunk, ...(username && { username }), ...(password && { password }) };
}

interface Access {
	readonly record: IDataObject;
	readonly username?: string;
	readonly password?: string;
}

async function ensureAuthentication(
	job: Job,
	{ name, authentication }: OutboundWish,
	found: OutboundFound,
): Promise<Access> {
	switch (authentication.by) {
		case 'newCredential':
			return await ensureCredential(job, name, authentication, found);
		case 'newIpAcl': {
			const fields = { name, ip_addresses: authentication.addresses };
			job.warnings.push(...warningsAbout(IP_ACL, fields));
			return { record: await ensure(job, IP_ACL, fields, found.authentication) };
		}
		default: {
			const record = found.authentication as IDataObject;
			const kind = authentication.by === 'credential' ? CREDENTIAL : IP_ACL;
			job.warnings.push(...warningsAbout(kind, record));
			note(job, 'reused', kind, record);
			return { record, ...(record.username && { username: String(record.username) }) } as Access;
		}
	}
}

/**
 * The customer's credential.
 *
 * Plivo never shows a password. Of a credential that a trunk uses, somebody has it: it stays, unless
 * another is given or the username changes. Of one that no trunk uses yet nobody can have it, since an
 * earlier run stopped before its answer: it gets a new one.
 */
async function ensureCredential(
	job: Job,
	name: string,
	given: { username?: string; password?: string },
	{ authentication: found, inUse }: OutboundFound,
): Promise<Access> {
	const username = given.username ?? String(found?.username ?? usernameFor(name));
	if (found && inUse && given.password === undefined && username === found.username) {
		note(job, 'reused', CREDENTIAL, found);
		job.warnings.push(
			'The credential was there already, and its password cannot be shown again: for a new one use Credential, Rotate Password.',
		);
		return { record: found, username };
	}
	const generated = given.password === undefined ? generatePassword() : undefined;
	const login = { username, password: given.password ?? generated };
	const record = found ?? (await ensure(job, CREDENTIAL, { name, ...login }, undefined));
	if (generated) unshownOf(job.channel.account).add(String(record.credential_uuid));
	const set = async () => await setLogin(job, record, login);
	if (found && inUse) job.last.push(set);
	else if (found) await set();
	return { record, username, password: generated };
}

/** Plivo takes a password with its username only, and blanks it when there is none (live; plivo-cli 1.1.1). */
async function setLogin(job: Job, record: IDataObject, login: IDataObject): Promise<void> {
	const id = String(record.credential_uuid);
	const what = `the new password of ${labelled(CREDENTIAL, record, id)}`;
	await write(job, `set ${what}`, { what, run: cannotReturn }, async () => {
		await holdRecord(
			job.channel,
			CREDENTIAL,
			id,
			async () => await updateRecord(job.channel, CREDENTIAL, id, login, record),
		);
	});
	note(job, 'changed', CREDENTIAL, record, Object.keys(login));
}

/** Letters and digits of the name, and six random ones: Plivo takes 5 to 20. */
function usernameFor(name: string): string {
	const letters = name
		.normalize('NFKD')
		.replace(/[^A-Za-z0-9]/g, '')
		.toLowerCase()
		.slice(0, 14);
	return letters + String(randomInt(1_000_000)).padStart(6, '0');
}

/**
 * Credentials whose generated password no output has shown: a run failed after it had set it, and what
 * it made could not be, or was not to be, taken back. Lost when n8n restarts; Rotate Password helps then.
 */
const unshown = new WeakMap<Account, Set<string>>();

function unshownOf(account: Account): Set<string> {
	const ids = unshown.get(account) ?? new Set<string>();
	unshown.set(account, ids);
	return ids;
}

/** To be called when an output with the trunk's password is on its way. */
export function shown(account: Account, { credential_uuid: id }: IDataObject): void {
	unshownOf(account).delete(String(id));
}
