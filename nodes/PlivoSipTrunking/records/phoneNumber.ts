import { checkedChoice, checkedChoices } from '../input/choice';
import { checkedId } from '../input/id';
import { checkedName, normalizedName } from '../input/name';
import { firstDigits } from '../input/phoneNumber';
import { checkedText } from '../input/text';
import { type AccountRecord, type Kind, plainKind, type Text, texts, type Values } from './kind';

/** What to do when the account doesn't have a number: `(438) 555-0123` may also be one of Austria (+43). */
export const UNKNOWN_NUMBER_HELP =
	'Include the country code, such as +1 415 555 0123. The number may also have been released, or belong to another account or a subaccount.';

/** plivo.com/docs/numbers/api/account-phone-number */
export interface PhoneNumber extends AccountRecord {
	/** Digits, with the country's code. */
	readonly number: string;
	readonly alias?: Text;
	/** What its calls go to, as a path: see `routeOf`. */
	readonly application?: Text;
	readonly country?: Text;
	readonly region?: Text;
	readonly added_on?: Text;
	readonly compliance_application_id?: Text;
}

export const PHONE_NUMBER: Kind<PhoneNumber> = {
	...plainKind,
	path: '/Number/',
	idField: 'number',
	idKind: 'phoneNumber',
	parse: texts(
		'number',
		'alias',
		'application',
		'country',
		'region',
		'added_on',
		'compliance_application_id',
	),
	label: 'phone number',
	idLabel: 'Phone Number',
	ifMissing: UNKNOWN_NUMBER_HELP,
	// Plivo has no name for a number, and takes an alias as often as it is given.
	identityOf: ({ alias }) => normalizedName(String(alias ?? '')),
	fields: {
		alias: { label: 'Alias', check: checkedName },
		subaccount: {
			label: 'Subaccount',
			check: (label, value) => checkedId(label, value, 'subaccount'),
		},
	},
	// The subaccount is written by another name than it is shown by.
	defaults: undefined,
	mainFields: [
		'number',
		'alias',
		'application',
		'number_type',
		'country',
		'region',
		'voice_enabled',
		'sms_enabled',
		'monthly_rental_rate',
		'renewal_date',
	],
};

/** What a phone number's calls go to. */
export interface Route {
	readonly kind: 'trunk' | 'application';
	readonly id: string;
}

/**
 * The trunk or application that a phone number's calls go to
 * (plivo.com/docs/numbers/api/account-phone-number; trunks: plivo-cli 1.1.0).
 *
 * @param application the number's `application`: `/v1/Account/<id>/Zentrunk/Trunk/<trunk_id>/`,
 *   `/v1/Account/<id>/Application/<app_id>/` or null
 * @returns nothing for a number that is routed nowhere
 */
export function routeOf(application: unknown): Route | undefined {
	if (typeof application !== 'string') return undefined;
	const [, type, id] = /(Zentrunk\/Trunk|Application)\/([^/]+)\/?$/.exec(application) ?? [];
	if (!id) return undefined;
	return { kind: type === 'Application' ? 'application' : 'trunk', id };
}

/** Whether a number's calls go to the trunk. */
export function isRoutedTo(number: Pick<PhoneNumber, 'application'>, trunkId: string): boolean {
	const route = routeOf(number.application);
	return route?.kind === 'trunk' && route.id === trunkId;
}

/** The types of numbers, of the account and on offer. */
export const NUMBER_TYPES = ['local', 'mobile', 'fixed', 'national', 'tollfree'] as const;

/** What a number can be enabled for. */
export const SERVICES = ['voice', 'sms', 'mms'] as const;

const FILTERS: Readonly<Record<string, (value: unknown) => Values[string]>> = {
	type: (value) => checkedChoice('Type', value, NUMBER_TYPES),
	// Numbers match without `+` only (live; plivo-cli 1.1.1), whole or as a prefix.
	number_startswith: (value) => firstDigits('Number Starts With', value),
	alias: (value) => normalizedName(checkedText('Alias', value)),
	subaccount: (value) => checkedId('Subaccount', value, 'subaccount'),
	services: (value) => checkedChoices('Services', value, SERVICES).join(','),
};

/**
 * Filters of a list of phone numbers, checked.
 *
 * @param filters by Plivo's names
 * @throws PlivoFailure of kind `input`, naming the filter
 */
export function numberFilters(filters: Values): Values {
	return Object.fromEntries(
		Object.entries(filters).map(([field, value]) => [field, FILTERS[field]?.(value) ?? value]),
	);
}
