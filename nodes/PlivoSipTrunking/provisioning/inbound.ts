import type { IDataObject } from 'n8n-workflow';

import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { objectOf } from '../input/json';
import { checkedName } from '../input/name';
import { checkedUriPassword } from '../input/login';
import { checkedPhoneNumbers } from '../input/phoneNumber';
import { checkedUri } from '../input/sipAddress';
import { checkedText, isBlank } from '../input/text';
import { ORIGINATION_URI } from '../records/originationUri';
import { TRUNK } from '../records/trunk';
import { numberOptions, previousRoutes } from './numbers';
import type { Composite } from './outbound';
import type { Desired } from './plan';
import {
	disabledWarnings,
	INBOUND_TRUNK,
	planOptions,
	provision,
	shortTrunk,
	trunkNames,
	type Wish,
} from './provision';

/** What an inbound trunk is to be; all checked. */
export interface InboundWish {
	readonly name: string;
	readonly primaryUri: string;
	readonly fallbackUri?: string;
	/** The login that Plivo sends when the PBX asks for a password. */
	readonly login?: { username: string; password: string };
}

/** The parameters of `provisionInbound` as they come from the node. */
export interface InboundParameters {
	name: unknown;
	primaryUri: unknown;
	fallbackUri: unknown;
	phoneNumbers: unknown;
	/** `rollback`, `uriLogin`, `routeNumbers`, `planOnly`, … */
	options: IDataObject;
}

/**
 * Phone numbers to a PBX or platform: origination URIs, an inbound trunk, and each number routed to
 * it. What is there under the name is used and brought up to date.
 *
 * @returns the trunk, `numbers` with their old routes, `what_was_done` and `warnings`
 * @throws PlivoFailure; after a failed step, what was done before has been undone
 */
export function provisionInbound(parameters: InboundParameters): Composite {
	const { fallbackUri, options } = parameters;
	const login = checkedUriLogin(options);
	// Changes nothing, but a value that can't be right is a mistake all the same.
	checkedBoolean('Secure', options.secure ?? false);
	const wish: InboundWish = {
		name: checkedName('Name', parameters.name),
		primaryUri: checkedUri('Primary URI', parameters.primaryUri),
		...(!isBlank(fallbackUri) && { fallbackUri: checkedUri('Fallback URI', fallbackUri) }),
		...(login && { login }),
	};
	const numbers = checkedNumbers(parameters.phoneNumbers);
	const simplified = checkedBoolean('Simplify', options.simplify ?? false);
	const whole: Wish = {
		operation: 'provisionInbound',
		desired: desiredInbound(wish),
		numbers,
		numberOptions: numberOptions(options),
		options: planOptions(options),
		warnings: inboundWarnings(wish),
	};
	return async (channel) => {
		const result = await provision(channel, whole);
		if ('planned' in result) return result.planned;
		const { applied } = result;
		const trunk = applied.records.get(INBOUND_TRUNK);
		return {
			...(simplified && trunk ? shortTrunk(trunk) : trunk),
			numbers: previousRoutes(result.numbers),
			warnings: [...applied.warnings, ...disabledWarnings(trunk)],
			what_was_done: applied.done,
		};
	};
}

/** @returns digits, none twice; none at all is fine */
export const checkedNumbers = (value: unknown): string[] =>
	isBlank(value) ? [] : checkedPhoneNumbers('Phone Numbers', value);

/** `uriLogin`: both parts or neither. */
export function checkedUriLogin({ uriLogin }: IDataObject): InboundWish['login'] {
	const { username, password } = objectOf(objectOf(uriLogin).login);
	if (isBlank(username) && isBlank(password)) return undefined;
	const checkedUsername = checkedText('URI Login: Username', username);
	if (isBlank(password)) {
		throw badInput(
			'URI Login: Password',
			'is empty',
			'Enter the password that your PBX expects, or remove the username.',
		);
	}
	return {
		username: checkedUsername,
		password: checkedUriPassword('URI Login: Password', password),
	};
}

/** Origination URIs and an inbound trunk as desired records. */
export function desiredInbound({ name, primaryUri, fallbackUri, login }: InboundWish): Desired[] {
	const uri = (key: string, uriName: string, address: string): Desired => ({
		key,
		kind: ORIGINATION_URI,
		names: [uriName],
		fields: { uri: address },
		...(login && {
			login: {
				fields: { authentication_needed: true, ...login },
				given: true,
				usernameGiven: true,
			},
		}),
	});
	return [
		uri('primary URI', name, primaryUri),
		...(fallbackUri === undefined ? [] : [uri('fallback URI', `${name} fallback`, fallbackUri)]),
		{
			key: INBOUND_TRUNK,
			kind: TRUNK,
			names: trunkNames(name, 'inbound'),
			fields: {
				trunk_direction: 'inbound',
				primary_uri_uuid: { ref: 'primary URI' },
				...(fallbackUri !== undefined && { fallback_uri_uuid: { ref: 'fallback URI' } }),
			},
		},
	];
}

const inboundWarnings = ({ primaryUri, fallbackUri }: InboundWish): string[] =>
	[primaryUri, fallbackUri].flatMap((uri) => ORIGINATION_URI.warningsAbout({ uri }));
