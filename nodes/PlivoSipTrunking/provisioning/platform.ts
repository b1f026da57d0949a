import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { checkedName } from '../input/name';
import { checkedText, isBlank } from '../input/text';
import { checkedNumbers, checkedUriLogin, desiredInbound } from './inbound';
import { numberOptions, previousRoutes } from './numbers';
import {
	checkedLogin,
	type Composite,
	desiredOutbound,
	outboundOutput,
	outboundWarnings,
	type OutboundWish,
} from './outbound';
import { checkedPbxType, configurationFor } from './pbx';
import { directionOf, planPlatform, type PlatformPlan } from './platformPlan';
import { disabledWarnings, INBOUND_TRUNK, planOptions, provision, type Wish } from './provision';

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
	/** `secure`, `rollback`, `uriUsername`, `uriPassword`, `routeNumbers`, `planOnly`, … */
	options: IDataObject;
}

/**
 * A voice platform or PBX, connected in one direction or both: what `provisionInbound` and
 * `provisionOutbound` make, with the values that the platform needs.
 *
 * @returns `inbound_trunk` and `outbound_trunk`; at the top what is pasted: `trunk_domain` of the
 *   outbound trunk, `username`, a generated `password`; `numbers` with their old routes, `next_steps` in
 *   order, `pbx_configuration` where it is asked for, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed step, what was done before has been undone
 */
export function connectPlatform(parameters: PlatformParameters): Composite {
	const { options } = parameters;
	const name = checkedName('Name', parameters.name);
	const given = checkedLogin(parameters);
	const uriLogin = checkedUriLogin(options);
	const digits = checkedNumbers(parameters.phoneNumbers);
	const pbxType = checkedPbxType(options.pbxType, parameters.platform);
	const planning = planOptions(options);
	const routing = numberOptions(options);
	const platform = {
		platform: parameters.platform,
		platformHost: text('Platform Host', parameters.platformHost),
		transport: parameters.transport,
		region: parameters.region,
		direction: directionOf(parameters.direction),
		...(options.secure !== undefined && { secure: checkedBoolean('Secure', options.secure) }),
	};
	if (digits.length > 0 && platform.direction === 'outbound') {
		throw badInput(
			'Phone Numbers',
			'are routed to inbound trunks, but the direction is outbound',
			'Remove them, or choose both directions. Your caller ID is set on the platform.',
		);
	}
	const planOf = (numbers: readonly IDataObject[]) =>
		planPlatform({
			...platform,
			phoneNumbers: numbers.map(({ number, country, region }) => ({
				number: String(number),
				country: String(country ?? region ?? ''),
			})),
		});
	// What can be refused without a look at the account is.
	const plan = planOf(digits.map((number) => ({ number })));
	const inbound =
		plan.inboundUri === undefined
			? []
			: desiredInbound({
					name,
					primaryUri: plan.inboundUri,
					...(uriLogin && { login: uriLogin }),
				});
	const outboundWish = outboundWishOf(name, plan, given);

	return async (channel, whenOver) => {
		const outbound = outboundWish && desiredOutbound(channel, outboundWish);
		const whole: Wish = {
			operation: 'connectPlatform',
			desired: [...inbound, ...(outbound?.desired ?? [])],
			numbers: digits,
			numberOptions: routing,
			options: planning,
			warnings: outbound?.warnings ?? [],
		};
		let known = plan;
		const result = await provision(channel, whole, (numbers) => {
			known = planOf(numbers);
			return known.warnings;
		});
		if ('planned' in result) return result.planned;
		const { applied, numbers } = result;
		const inboundTrunk = applied.records.get(INBOUND_TRUNK);
		const access = outboundWish && outboundOutput(channel, applied, outbound?.password, whenOver);
		const { trunk, ...login } = access ?? {};
		const trunkDomain = trunk && String(trunk.trunk_domain);
		const pbx = configurationFor(pbxType, {
			name,
			plan,
			numbers: digits,
			inboundTrunk,
			outboundTrunk: trunk,
			username: access?.username,
			password: access?.password ?? given.password,
		});
		const warnings = [
			...applied.warnings,
			...disabledWarnings(inboundTrunk),
			...(outboundWish && trunk ? outboundWarnings(outboundWish, trunk, applied) : []),
			...(pbx?.warnings ?? []),
		];
		return {
			name,
			...(inboundTrunk && { inbound_trunk: inboundTrunk }),
			...(trunk && { outbound_trunk: trunk, trunk_domain: trunkDomain, ...login }),
			numbers: previousRoutes(numbers),
			...(pbx && { pbx_configuration: pbx.files }),
			next_steps: known.nextSteps({ trunkDomain, ...login }),
			what_was_done: applied.done,
			warnings: [...new Set(warnings)],
		};
	};
}

const text = (label: string, value: unknown) => (isBlank(value) ? '' : checkedText(label, value));

function outboundWishOf(
	name: string,
	{ outboundAuthentication, ipAddresses = [], secure }: PlatformPlan,
	login: { username?: string; password?: string },
): OutboundWish | undefined {
	if (outboundAuthentication === 'none') return undefined;
	return {
		name,
		authentication:
			outboundAuthentication === 'credential'
				? { by: 'newCredential', ...login }
				: { by: 'newIpAcl', addresses: ipAddresses },
		...(secure !== undefined && { secure }),
	};
}
