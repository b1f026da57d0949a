import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { checkedChoice } from '../input/choice';
import { checkedName } from '../input/name';
import { checkedText, isBlank } from '../input/text';
import { PASSWORD, type PlatformApiRequest } from '../knowledge/platforms';
import type { AccountRecord } from '../records/kind';
import type { PhoneNumber } from '../records/phoneNumber';
import { TRUNK } from '../records/trunk';
import { checkedNumbers, checkedUriLogin, desiredInbound } from './inbound';
import { numberOptions, previousRoutes } from './numbers';
import {
	checkedLogin,
	type Composite,
	desiredOutbound,
	outboundOutput,
	outboundSafety,
	outboundWarnings,
	type OutboundWish,
} from './outbound';
import { checkedPbxType, configurationFor } from './pbx';
import { DIRECTIONS, planPlatform, type PlatformPlan } from './platformPlan';
import {
	disabledWarnings,
	INBOUND_TRUNK,
	OUTBOUND_TRUNK,
	planOptions,
	provision,
	shortTrunk,
	type Wish,
} from './provision';
import type { Applied } from './transaction';

/** The parameters of `connectPlatform` as they come from the node. */
export interface PlatformParameters {
	platform: unknown;
	name: unknown;
	direction: unknown;
	platformHost: unknown;
	transport: unknown;
	region: unknown;
	phoneNumbers: unknown;
	username: unknown;
	password: unknown;
	/** Trunks by id, domain and status only. */
	simplify: boolean;
	/** `secure`, `rollback`, `uriLogin`, `routeNumbers`, `platformRequests`, `planOnly`, … */
	options: IDataObject;
}

/**
 * A voice platform or PBX, connected in one direction or both: what `provisionInbound` and
 * `provisionOutbound` make, with the values that the platform needs.
 *
 * @returns first what is pasted: `trunk_domain` of the outbound trunk, `username`, a generated `password`; then
 *   `next_steps` in order and `warnings`, `platform_requests` and `pbx_configuration` where they are asked for, `inbound_trunk` and
 *   `outbound_trunk`, `numbers` with their old routes, `what_was_done`
 * @throws PlivoFailure; after a failed step, what was done before has been undone
 */
export function connectPlatform(parameters: PlatformParameters): Composite {
	const wish = checkedWish(parameters);
	const { platform, digits } = wish;
	// What can be refused without a look at the account is.
	const plan = planOf(
		platform,
		digits.map((number) => ({ number })),
	);
	const outboundWish = outboundWishOf(wish, plan);

	return async (channel) => {
		const outbound = outboundWish && desiredOutbound(channel, outboundWish);
		const whole: Wish = {
			operation: 'connectPlatform',
			desired: [...inboundBy(wish, plan), ...(outbound?.desired ?? [])],
			numbers: digits,
			numberOptions: wish.routing,
			options: wish.planning,
			warnings: outbound?.warnings ?? [],
		};
		let known = plan;
		const result = await provision(channel, whole, (numbers, existing) => {
			// Where nothing is said of encryption, a trunk that has it keeps it, in both directions.
			const isSecure = existing.get(OUTBOUND_TRUNK)?.record?.secure === true;
			known = planOf(platform, numbers, platform.secure ?? (isSecure || undefined));
			return {
				desired: [...inboundBy(wish, known), ...(outbound?.desired ?? [])],
				warnings: known.warnings,
			};
		});
		if ('planned' in result) return result.planned;
		const { applied, numbers } = result;
		const access = outboundWish && outboundOutput(applied, outbound?.password);
		return connected(wish, {
			plan: known,
			applied,
			access,
			warnings: outboundWish && access ? outboundWarnings(outboundWish, access.trunk, applied) : [],
			numbers: previousRoutes(numbers),
		});
	};
}

function planOf(
	platform: PlatformWish['platform'],
	numbers: readonly PhoneNumber[],
	secure = platform.secure,
): PlatformPlan {
	return planPlatform({
		...platform,
		...(secure !== undefined && { secure }),
		phoneNumbers: numbers.map(({ number, country, region }) => ({
			number,
			country: country ?? region ?? '',
		})),
	});
}

const inboundBy = ({ name, uriLogin }: PlatformWish, { inboundUri }: PlatformPlan) =>
	inboundUri === undefined
		? []
		: desiredInbound({ name, primaryUri: inboundUri, ...(uriLogin && { login: uriLogin }) });

type PlatformWish = ReturnType<typeof checkedWish>;

/** What is to be connected; all checked. */
function checkedWish(parameters: PlatformParameters) {
	const { options } = parameters;
	const wish = {
		name: checkedName('Name', parameters.name),
		login: checkedLogin(parameters),
		safety: outboundSafety(options),
		uriLogin: checkedUriLogin(options),
		digits: checkedNumbers(parameters.phoneNumbers),
		pbxType: checkedPbxType(options.pbxType, parameters.platform),
		planning: planOptions(options),
		routing: numberOptions(options),
		wantsRequests: checkedBoolean('Platform Requests', options.platformRequests ?? false),
		platform: {
			platform: parameters.platform,
			platformHost: text('Platform Host', parameters.platformHost),
			transport: parameters.transport,
			region: parameters.region,
			direction: checkedChoice('Direction', parameters.direction, DIRECTIONS),
			...(options.secure !== undefined && { secure: checkedBoolean('Secure', options.secure) }),
		},
		simplify: parameters.simplify,
	};
	if (wish.digits.length > 0 && wish.platform.direction === 'outbound') {
		throw badInput(
			'Phone Numbers',
			'are routed to inbound trunks, but the direction is outbound',
			'Remove them, or choose both directions. Your caller ID is set on the platform.',
		);
	}
	return wish;
}

/** The output item: what is pasted on the platform first, then what is left to do and to know, then the records. */
function connected(
	{ name, login, digits, pbxType, wantsRequests, simplify }: PlatformWish,
	made: {
		plan: PlatformPlan;
		applied: Applied;
		access: ReturnType<typeof outboundOutput> | undefined;
		/** Of the outbound trunk. */
		warnings: string[];
		/** With their old routes. */
		numbers: IDataObject[];
	},
): IDataObject {
	const { plan, applied } = made;
	const found = applied.records.get(INBOUND_TRUNK);
	const inboundTrunk = found && TRUNK.parse(found);
	const { trunk, ...shown }: Partial<ReturnType<typeof outboundOutput>> = made.access ?? {};
	const trunkDomain = trunk && String(trunk.trunk_domain);
	const requests = wantsRequests
		? plan.requests(name, { trunkDomain, password: login.password, ...shown })
		: [];
	const pbx = configurationFor(pbxType, {
		name,
		plan,
		numbers: digits,
		inboundTrunk,
		outboundTrunk: trunk,
		username: shown.username,
		password: shown.password ?? login.password,
	});
	const warnings = [
		...applied.warnings,
		...disabledWarnings(inboundTrunk),
		...made.warnings,
		...passwordWarnings(requests),
		...(pbx?.warnings ?? []),
	];
	const view = (record: AccountRecord) => (simplify ? shortTrunk(record) : record);
	return {
		...(trunk && { trunk_domain: String(trunk.trunk_domain), ...shown }),
		next_steps: plan.nextSteps({ trunkDomain, ...shown }),
		warnings: [...new Set(warnings)],
		...(wantsRequests && { platform_requests: requests.map((one) => ({ ...one })) }),
		...(pbx && { pbx_configuration: pbx.files }),
		name,
		...(inboundTrunk && { inbound_trunk: view(inboundTrunk) }),
		...(trunk && { outbound_trunk: view(trunk) }),
		numbers: made.numbers,
		what_was_done: applied.done,
	};
}

/** A request that sets a password can't be sent by a run that doesn't know it. */
const passwordWarnings = (requests: readonly PlatformApiRequest[]): string[] =>
	requests.some(({ placeholders }) =>
		placeholders.some(({ placeholder }) => placeholder === PASSWORD),
	)
		? [
				`The password of this login was set by an earlier run and can't be read again: the platform requests have ${PASSWORD} in its place. Requests that only change what the platform has don't need it.`,
			]
		: [];

const text = (label: string, value: unknown) => (isBlank(value) ? '' : checkedText(label, value));

function outboundWishOf(
	{ name, login, safety }: PlatformWish,
	{ outboundAuthentication, ipAddresses = [], secure }: PlatformPlan,
): OutboundWish | undefined {
	if (outboundAuthentication === 'none') return undefined;
	return {
		name,
		authentication:
			outboundAuthentication === 'credential'
				? { by: 'newCredential', ...login }
				: { by: 'newIpAcl', addresses: ipAddresses },
		...(secure !== undefined && { secure }),
		safety,
	};
}
