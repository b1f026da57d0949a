import { isPrivateAddress, isWideRange, letsInStrangers } from '../input/ipAddress';
import { parseSipAddress } from '../input/sipAddress';
import { agree } from '../words';
import { type PlivoRecord, toText } from '../knowledge/callRecord';
import { routeOf } from '../records/phoneNumber';
import { directionLabel, offStatus } from '../records/trunk';

export type CheckStatus = 'pass' | 'warn' | 'fail' | 'info';

/** One finding. `fix` is empty where there is nothing to do. */
export type ReadinessCheck = {
	name: string;
	status: CheckStatus;
	detail: string;
	fix: string;
};

/**
 * What was read from the account. `undefined`: not looked at, so nothing is said of it; `null`: looked for
 * and not there.
 */
export interface ReadinessFacts {
	/** The phone number that the user asked about, with or without plus sign. */
	numberGiven?: string;
	phoneNumber?: PlivoRecord | null;
	/** Its calls go where this account can't look, such as a subaccount's trunk. */
	outOfSight?: boolean;
	/** The trunk that the user asked about. */
	trunkGiven?: string;
	/** The trunk asked about, or else the one that the number is routed to. */
	trunk?: PlivoRecord | null;
	/** The origination URIs that the trunk names. */
	primaryUri?: PlivoRecord | null;
	fallbackUri?: PlivoRecord | null;
	/** The account's outbound trunks, or the one outbound trunk that the user asked about. */
	outboundTrunks?: readonly PlivoRecord[];
	/** The IP access control lists that they name. */
	ipAcls?: readonly PlivoRecord[];
}

const check =
	(status: CheckStatus) =>
	(name: string, detail: string, fix = ''): ReadinessCheck => ({ name, status, detail, fix });
export const pass = check('pass');
export const info = check('info');
export const warn = check('warn');
export const fail = check('fail');

function numberChecks(facts: ReadinessFacts): ReadinessCheck[] {
	const { numberGiven, phoneNumber, outOfSight, trunkGiven } = facts;
	if (phoneNumber === undefined) return [];
	if (phoneNumber === null) {
		return [
			fail(
				'Phone number',
				`The number ${numberGiven} is not on this account.`,
				'Rent the number, or check its digits and the account of the credential.',
			),
		];
	}
	const number = toText(phoneNumber.number) || numberGiven;
	const checks = [pass('Phone number', `The number ${number} is on this account.`)];
	checks.push(
		phoneNumber.voice_enabled === true
			? pass('Voice', `The number ${number} can take voice calls.`)
			: fail(
					'Voice',
					`The number ${number} is not enabled for voice.`,
					'Use a number that is enabled for voice, or ask Plivo to enable voice for this one.',
				),
	);

	const route = routeOf(phoneNumber.application);
	const fix = 'Route the number to an inbound trunk (Phone Number, Route to Trunk).';
	if (outOfSight) {
		const detail = `The calls of the number ${number} go to ${toText(phoneNumber.application)}, where this account cannot look.`;
		checks.push(fail('Route', detail, fix));
	} else if (route?.kind === 'application') {
		checks.push(
			fail('Route', `The number ${number} is routed to the application ${route.id}.`, fix),
		);
	} else if (!route) {
		checks.push(fail('Route', `The number ${number} is not routed to a trunk.`, fix));
	} else if (trunkGiven && trunkGiven !== route.id) {
		const detail = `The number ${number} is routed to trunk ${route.id}, not to trunk ${trunkGiven}.`;
		checks.push(fail('Route', detail, fix));
	} else {
		checks.push(pass('Route', `The number ${number} is routed to trunk ${route.id}.`));
	}
	return checks;
}

type Role = 'Primary' | 'Fallback';

/** Without a primary URI no call arrives; the fallback is a precaution. */
const severity = (role: Role) => (role === 'Primary' ? fail : warn);

function roleChecks(role: Role, uuid: unknown, record?: PlivoRecord | null): ReadinessCheck[] {
	if (record) return uriChecks(role, record);
	const missing = (detail: string) => [
		severity(role)(
			`${role} URI`,
			detail,
			'Attach an origination URI to the trunk (Trunk, Attach Origination URI).',
		),
	];
	if (toText(uuid)) {
		return record === null ? missing(`The ${role.toLowerCase()} URI does not exist any more.`) : [];
	}
	return missing(
		role === 'Primary'
			? 'The trunk has no primary URI to send calls to.'
			: 'There is no fallback URI: calls fail while the primary one is down.',
	);
}

function uriChecks(role: Role, record: PlivoRecord): ReadinessCheck[] {
	const name = `${role} URI`;
	const bad = severity(role);
	const uri = toText(record.uri);
	const address = parseSipAddress(uri);
	if ('error' in address) {
		const fix = 'Update the origination URI, for example to sip.example.com:5060;transport=tcp.';
		return [bad(name, `The ${role.toLowerCase()} URI "${uri}" ${address.error}.`, fix)];
	}
	const checks = [pass(name, `The ${role.toLowerCase()} URI is ${uri}.`)];
	if (isPrivateAddress(address.host)) {
		checks.push(
			bad(
				`${name} reachable`,
				`Plivo can never reach ${address.host}, which is a private address or name.`,
				'Use the public address or name of the PBX or platform.',
			),
		);
	}
	checks.push(
		address.transport
			? pass(`${name} transport`, `Calls are sent over ${address.transport.toUpperCase()}.`)
			: warn(
					`${name} transport`,
					'The URI has no transport, which is the most common reason why calls silently fail.',
					'Add ;transport=udp, ;transport=tcp or ;transport=tls, as the PBX or platform expects.',
				),
	);
	return checks;
}

function inboundChecks(facts: ReadinessFacts): ReadinessCheck[] {
	const { trunk, primaryUri, fallbackUri, phoneNumber, trunkGiven } = facts;
	if (trunk === undefined) return [];
	if (trunk === null) {
		const id = trunkGiven ?? routeOf(phoneNumber?.application)?.id;
		return [
			fail(
				'Trunk',
				`The trunk ${id} does not exist.`,
				'Create an inbound trunk and route the number to it.',
			),
		];
	}
	const [name, id] = [toText(trunk.name), toText(trunk.trunk_id)];
	const label = name === '' ? id : `${name} (${id})`;
	if (trunk.trunk_direction !== 'inbound') {
		if (!phoneNumber) return [];
		return [
			fail(
				'Trunk',
				`The trunk ${label} is ${directionLabel(trunk)}, and only inbound trunks take calls.`,
				'Route the number to an inbound trunk.',
			),
		];
	}

	const status = offStatus(trunk);
	const checks = [
		status === undefined
			? pass('Trunk', `The inbound trunk ${label} is enabled.`)
			: fail(
					'Trunk',
					`The inbound trunk ${label} is ${status}.`,
					'Enable the trunk (Trunk, Enable).',
				),
	];
	checks.push(...roleChecks('Primary', trunk.primary_uri_uuid, primaryUri));
	checks.push(...roleChecks('Fallback', trunk.fallback_uri_uuid, fallbackUri));
	return checks;
}

function outboundChecks({ outboundTrunks, ipAcls = [], trunk }: ReadinessFacts): ReadinessCheck[] {
	if (!outboundTrunks) return [];
	if (outboundTrunks.length === 0) {
		const detail =
			'The account has no outbound trunk, so nobody can call out. Inbound calls need none.';
		return [info('Outbound trunk', detail)];
	}
	const enabled = outboundTrunks.filter((one) => offStatus(one) === undefined);
	const usable = enabled.filter(
		({ credential_uuid, ipacl_uuid }) => toText(credential_uuid) || toText(ipacl_uuid),
	);
	const asked = trunk && trunk.trunk_direction !== 'inbound';
	const bad = asked ? fail : warn;
	const names = (trunks: readonly PlivoRecord[]) =>
		trunks.map(({ name, trunk_id }) => toText(name) || toText(trunk_id)).join(', ');

	const checks: ReadinessCheck[] = [];
	if (usable.length > 0) {
		checks.push(pass('Outbound trunk', `Calls can go out over ${names(usable)}.`));
	} else if (enabled.length > 0) {
		checks.push(
			bad(
				'Outbound trunk',
				`No SIP credential and no IP access control list is attached to ${names(enabled)}.`,
				'Attach one of them (Trunk, Attach SIP Credential or Attach IP Access Control List).',
			),
		);
	} else {
		const detail = `No outbound trunk is enabled: ${names(outboundTrunks)}.`;
		checks.push(bad('Outbound trunk', detail, 'Enable the trunk (Trunk, Enable).'));
	}

	const secure = usable.filter((one) => one.secure === true);
	if (secure.length > 0) {
		checks.push(
			info(
				'Outbound encryption',
				`${agree(secure.length, 'This outbound trunk is', 'These outbound trunks are')} secure, billed per minute: ${names(secure)}. The PBX or platform must dial over TLS with SRTP; calls over TCP or UDP are dropped.`,
				"Set the transport to TLS and turn on media encryption there, or turn off 'Secure' for the trunk.",
			),
		);
	}

	const usedLists = new Set(usable.map(({ ipacl_uuid }) => toText(ipacl_uuid)));
	const used = ipAcls.filter(({ ipacl_uuid }) => usedLists.has(toText(ipacl_uuid)));
	return [...checks, ...used.map(ipAclCheck)];
}

function ipAclCheck(acl: PlivoRecord): ReadinessCheck {
	const about = 'IP access control list';
	const label = toText(acl.name) || toText(acl.ipacl_uuid);
	const addresses = acl.ip_addresses === null ? [] : acl.ip_addresses;
	if (!Array.isArray(addresses)) {
		return warn(
			about,
			`Plivo does not show the addresses of the list ${label}.`,
			'Check in the Plivo console whether it has a very wide range.',
		);
	}
	const all = addresses.map(toText);
	const ranges = all.filter(isWideRange);
	// Blocks that are narrow one by one may be too wide together.
	const wide = ranges.length === 0 && letsInStrangers(all) ? all : ranges;
	return wide.length > 0
		? warn(
				about,
				`The list ${label} lets strangers make calls on your account: ${wide.join(', ')}.`,
				'Replace the range with the addresses of your PBX or platform, or use a SIP credential.',
			)
		: pass(about, `The list ${label} has no very wide range.`);
}

/**
 * The checks before going live, from what was read of the account: number, route, trunk, URIs, outbound
 * trunks. An inbound trunk isn't judged by its `secure`, which belongs to outbound ones. Rules:
 * plivo.com/docs/sip-trunking/api/{trunks,origination-uris,ip-access-control-lists} and the readiness check of Plivo's
 * command-line tool (plivo/plivo-cli, skill plivo-sip-trunking).
 */
export function readinessChecks(facts: ReadinessFacts): ReadinessCheck[] {
	return [...numberChecks(facts), ...inboundChecks(facts), ...outboundChecks(facts)];
}

/** Whether something was checked and nothing of it stands in the way of calls; warnings don't. */
export function isReady(checks: readonly ReadinessCheck[]): boolean {
	return checks.length > 0 && checks.every(({ status }) => status !== 'fail');
}
