import type { IDataObject } from 'n8n-workflow';

import { planPlatform, type PlatformPlan } from '../plivo/platforms';
import { checkedBoolean, checkedText } from '../plivo/rules';
import type { Channel } from '../transport/channel';
import { badInput } from '../transport/failure';
import { buildInbound, checkedUriLogin, type InboundWish, lookForInbound } from './inbound';
import { holdCustomer, undertake } from './job';
import { checkedNumbers, holdNumbers, readNumbers, routeNumbers } from './numbers';
import {
	buildOutbound,
	checkedLogin,
	lookForOutbound,
	type Outbound,
	type OutboundWish,
	shown,
} from './outbound';

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
	/** `secure`, `rollback`, `uriUsername`, `uriPassword` */
	options: IDataObject;
}

/**
 * A voice platform or PBX, connected in one direction or both: what `provisionInbound` and
 * `provisionOutbound` make, with the values that the platform needs.
 *
 * @returns `inbound_trunk` and `outbound_trunk`; at the top what is pasted: `trunk_domain` of the
 *   outbound trunk, `username`, a generated `password`; `numbers` with their old routes, `next_steps` in
 *   order, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed write, what was done before has been taken back
 */
export async function connectPlatform(
	channel: Channel,
	parameters: PlatformParameters,
): Promise<IDataObject> {
	const name = checkedText('Name', parameters.name);
	const login = checkedLogin(parameters);
	const uriLogin = checkedUriLogin(parameters.options);
	const digits = checkedNumbers(parameters.phoneNumbers);
	const rollback = checkedBoolean('Roll Back', parameters.options.rollback ?? true);
	const platform = {
		platform: text('Platform', parameters.platform),
		platformHost: text('Platform Host', parameters.platformHost),
		transport: text('Transport', parameters.transport),
		region: text('Region', parameters.region),
		direction: text('Direction', parameters.direction),
		...(parameters.options.secure !== undefined && {
			secure: checkedBoolean('Secure', parameters.options.secure),
		}),
	};
	if (digits.length > 0 && platform.direction === 'outbound') {
		throw badInput(
			'Phone Numbers',
			'are routed to inbound trunks, but the direction is outbound',
			'Remove them, or choose both directions. Your caller ID is set on the platform.',
		);
	}
	// What can be refused without a look at the account is.
	planPlatform({ ...platform, phoneNumbers: digits.map((number) => ({ number })) });

	return await holdCustomer(
		channel,
		name,
		async () =>
			await holdNumbers(channel, digits, async () => {
				const numbers = await readNumbers(channel, digits);
				const plan = planPlatform({
					...platform,
					phoneNumbers: numbers.map(({ number, country, region }) => ({
						number: String(number),
						country: String(country ?? region ?? ''),
					})),
				});
				return await connect(channel, rollback, { name, login, uriLogin, plan, numbers });
			}),
	);
}

function text(label: string, value: unknown): string {
	if ((value ?? '') === '') return '';
	return checkedText(label, value);
}

interface Connection {
	readonly name: string;
	readonly login: { username?: string; password?: string };
	readonly uriLogin: InboundWish['login'];
	readonly plan: PlatformPlan;
	/** Held and read. */
	readonly numbers: IDataObject[];
}

async function connect(
	channel: Channel,
	rollback: boolean,
	{ name, login, uriLogin, plan, numbers }: Connection,
): Promise<IDataObject> {
	const inboundWish = inboundWishOf(name, plan, uriLogin);
	const outboundWish = outboundWishOf(name, plan, login);
	const [inboundFound, outboundFound] = await Promise.all([
		inboundWish && lookForInbound(channel, inboundWish),
		outboundWish && lookForOutbound(channel, outboundWish),
	]);
	const output = await undertake(channel, rollback, async (job) => {
		job.warnings.push(...plan.warnings);
		const inbound =
			inboundWish && inboundFound && (await buildInbound(job, inboundWish, inboundFound));
		const outbound: Partial<Outbound> =
			outboundWish && outboundFound ? await buildOutbound(job, outboundWish, outboundFound) : {};
		// Live calls move when all else is in place.
		const routed = inbound && (await routeNumbers(job, numbers, String(inbound.trunk_id)));
		const { trunk, ...access } = outbound;
		const trunkDomain = trunk && String(trunk.trunk_domain);
		return {
			name,
			...(inbound && { inbound_trunk: inbound }),
			...(trunk && { outbound_trunk: trunk, trunk_domain: trunkDomain, ...access }),
			numbers: routed ?? [],
			next_steps: plan.nextSteps({ trunkDomain, ...access }),
			what_was_done: job.done,
			warnings: [...new Set(job.warnings)],
		} as IDataObject;
	});
	shown(channel.account, (output.outbound_trunk ?? {}) as IDataObject);
	return output;
}

function inboundWishOf(
	name: string,
	{ inboundUri, secure }: PlatformPlan,
	login: Connection['uriLogin'],
) {
	if (inboundUri === undefined) return undefined;
	const wish: InboundWish = { name, primaryUri: inboundUri, secure, ...(login && { login }) };
	return wish;
}

function outboundWishOf(
	name: string,
	{ outboundAuthentication, ipAddresses = [], secure }: PlatformPlan,
	login: Connection['login'],
) {
	if (outboundAuthentication === 'none') return undefined;
	const wish: OutboundWish = {
		name,
		authentication:
			outboundAuthentication === 'credential'
				? { by: 'newCredential', ...login }
				: { by: 'newIpAcl', addresses: ipAddresses },
		secure,
	};
	return wish;
}
