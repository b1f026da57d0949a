import type { IDataObject } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import { checkedChoice } from '../input/choice';
import { checkedId } from '../input/id';
import { checkedAddresses } from '../input/ipAddress';
import { checkedName } from '../input/name';
import { isBlank } from '../input/text';
import { CREDENTIAL, generatePassword, generateUsername } from '../records/credential';
import { IP_ACL } from '../records/ipAccessControlList';
import { checkedFields } from '../records/kind';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';
import { NO_NUMBERS } from './numbers';
import type { Desired } from './plan';
import {
	disabledWarnings,
	OUTBOUND_TRUNK,
	planOptions,
	provision,
	shortTrunk,
	trunkNames,
	type Wish,
} from './provision';
import type { Applied } from './transaction';

/** How Plivo authenticates the customer's calls. */
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
	readonly safety: OutboundSafety;
}

/** What an outbound trunk may be made with all the same, checked. */
export interface OutboundSafety {
	/** A login instead of one that a trunk uses. */
	readonly replaceLogin: boolean;
	/** An IP access control list as the only authentication, whomever it lets in. */
	readonly allowAnyAddress: boolean;
}

/** @throws PlivoFailure of kind `input`, naming the option */
export const outboundSafety = ({ replaceLogin, allowAnyAddress }: IDataObject): OutboundSafety => ({
	replaceLogin: checkedBoolean('Replace Login', replaceLogin ?? false),
	allowAnyAddress: checkedBoolean('Allow Any Address', allowAnyAddress ?? false),
});

/** The parameters of `provisionOutbound` as they come from the node. */
export interface OutboundParameters {
	name: unknown;
	sipAuthentication: unknown;
	username: unknown;
	password: unknown;
	credentialId: unknown;
	ipAddresses: unknown;
	ipAclId: unknown;
	/** `secure`, `rollback`, `planOnly`, `planDigest` */
	options: IDataObject;
}

/** A composite whose values have been checked. */
export type Composite = (channel: Channel) => Promise<IDataObject>;

/**
 * A PBX or platform to the telephone network: a credential or an IP access control list, and an
 * outbound trunk. What is there under the name is used and brought up to date.
 *
 * @returns the trunk, `username`, a generated `password`, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed step, what was done before has been undone
 */
export function provisionOutbound(parameters: OutboundParameters): Composite {
	const { options } = parameters;
	const wish: OutboundWish = {
		name: checkedName('Name', parameters.name),
		authentication: checkedAuthentication(parameters),
		...(options.secure !== undefined && { secure: checkedBoolean('Secure', options.secure) }),
		safety: outboundSafety(options),
	};
	const planning = planOptions(options);
	const simplified = checkedBoolean('Simplify', options.simplify ?? false);
	return async (channel) => {
		const { desired, password, warnings } = desiredOutbound(channel, wish);
		const whole: Wish = {
			operation: 'provisionOutbound',
			desired,
			numbers: [],
			numberOptions: NO_NUMBERS,
			options: planning,
			warnings,
		};
		const result = await provision(channel, whole);
		if ('planned' in result) return result.planned;
		const { trunk, ...access } = outboundOutput(result.applied, password);
		return {
			trunk_domain: trunk.trunk_domain,
			...access,
			warnings: [...result.applied.warnings, ...outboundWarnings(wish, trunk, result.applied)],
			...(simplified ? shortTrunk(trunk) : trunk),
			what_was_done: result.applied.done,
		};
	};
}

function checkedAuthentication(parameters: OutboundParameters): Authentication {
	const by = checkedChoice('Authentication', parameters.sipAuthentication, [
		'newCredential',
		'credential',
		'newIpAcl',
		'ipAcl',
	] as const);
	switch (by) {
		case 'newCredential':
			return { by, ...checkedLogin(parameters) };
		case 'credential':
			return { by, id: checkedId(CREDENTIAL.idLabel, parameters.credentialId, CREDENTIAL.idKind) };
		case 'newIpAcl':
			return { by, addresses: checkedAddresses('IP Addresses', parameters.ipAddresses) };
		case 'ipAcl':
			return { by, id: checkedId(IP_ACL.idLabel, parameters.ipAclId, IP_ACL.idKind) };
	}
}

/** Username and password where they are given, by Plivo's rules. */
export function checkedLogin(given: { username: unknown; password: unknown }): {
	username?: string;
	password?: string;
} {
	const { username, password } = given;
	return checkedFields(CREDENTIAL, {
		...(!isBlank(username) && { username }),
		...((password ?? '') !== '' && { password }),
	});
}

/** The credential and the IP list, as steps call them. */
const SIP_CREDENTIAL = 'credential';
const IP_LIST = 'IP access control list';

/** An outbound trunk and its authentication as desired records. */
export function desiredOutbound(channel: Channel, wish: OutboundWish) {
	const { name, authentication, secure } = wish;
	const { replaceLogin, allowAnyAddress } = wish.safety;
	const { by } = authentication;
	const byCredential = by === 'newCredential' || by === 'credential';
	const key = byCredential ? SIP_CREDENTIAL : IP_LIST;
	const desired: Desired[] = [];
	let password: string | undefined;
	const warnings: string[] = [];
	if (by === 'newCredential') {
		password = authentication.password ?? generatePassword();
		// The same for each run of a customer, so that a plan stays the same.
		const username = authentication.username ?? generateUsername(name, channel.accountUrl);
		desired.push({
			key,
			kind: CREDENTIAL,
			names: [name],
			fields: {},
			login: {
				fields: { username, password },
				given: authentication.password !== undefined,
				usernameGiven: authentication.username !== undefined,
			},
			keepsLogin: !replaceLogin,
		});
	} else if (by === 'newIpAcl') {
		const fields = { ip_addresses: authentication.addresses };
		warnings.push(...IP_ACL.warningsAbout(fields));
		desired.push({ key, kind: IP_ACL, names: [name], fields, allowAnyAddress });
	} else {
		const kind = byCredential ? CREDENTIAL : IP_ACL;
		desired.push({ key, kind, names: [], fields: {}, id: authentication.id, allowAnyAddress });
	}
	desired.push({
		key: OUTBOUND_TRUNK,
		kind: TRUNK,
		names: trunkNames(name, 'outbound'),
		fields: {
			trunk_direction: 'outbound',
			[byCredential ? 'credential_uuid' : 'ipacl_uuid']: { ref: key },
			...(secure !== undefined && { secure }),
		},
		keepsLogin: !replaceLogin,
	});
	const generated =
		by === 'newCredential' && authentication.password === undefined ? password : undefined;
	return { desired, password: generated, warnings };
}

/** The outbound trunk and what a PBX needs to use it. */
export function outboundOutput(
	{ records, done }: Applied,
	generated: string | undefined,
): { trunk: Trunk; username?: string; password?: string } {
	const trunk = TRUNK.parse(records.get(OUTBOUND_TRUNK) ?? {});
	const { credential_uuid: id, username } = CREDENTIAL.parse(records.get(SIP_CREDENTIAL) ?? {});
	const wasSet = done.some(
		({ action, kind, id: other, fields }) =>
			kind === CREDENTIAL.label &&
			other === id &&
			(action === 'created' || (action === 'changed' && fields?.includes('password'))),
	);
	return {
		trunk,
		...(username && { username }),
		...(wasSet && generated !== undefined && { password: generated }),
	};
}

/** What is to be known of the outbound trunk as it is now. */
export function outboundWarnings(
	{ authentication }: OutboundWish,
	trunk: Trunk,
	applied: Applied,
): string[] {
	const byCredential = authentication.by === 'newCredential' || authentication.by === 'credential';
	const given = authentication.by === 'ipAcl' ? applied.records.get(IP_LIST) : undefined;
	return [
		...(given ? IP_ACL.warningsAbout(given) : []),
		...disabledWarnings(trunk),
		...(trunk.credential_uuid && trunk.ipacl_uuid
			? [
					`The trunk had ${byCredential ? 'an IP access control list' : 'a SIP credential'} before and keeps it: calls now need the right password from the right address. Plivo offers no way to take it off.`,
				]
			: []),
	];
}
