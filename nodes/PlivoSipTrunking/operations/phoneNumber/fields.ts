import { PHONE_NUMBER } from '../../records/phoneNumber';
import { collection, type Field, locator, query, viewFields } from '../fields';

/** How much of a number's record is returned. */
export const numberFields = viewFields([
	...(PHONE_NUMBER.mainFields ?? []),
	'added_on',
	'carrier',
	'cnam',
	'cnam_lookup',
	'compliance_application_id',
	'compliance_status',
	'mms_enabled',
	'sms_rate',
	'sub_account',
	'voice_rate',
]);

/** What routing adds to a number's record: returned in any case. */
export const ROUTE_FIELDS = ['previous_application', 'unrouted', 'warnings'];

/** For options of what routes numbers to a trunk. */
export const allowDisabledTrunk: Field = {
	displayName: 'Allow Disabled Trunk',
	name: 'allowDisabledTrunk',
	type: 'boolean',
	default: false,
	description:
		'Whether to route numbers to a trunk that is disabled or has no primary URI. They do not answer until that has changed.',
};

/** For options of what routes numbers to a trunk. */
export const skipComplianceCheck: Field = {
	displayName: 'Skip Compliance Check',
	name: 'skipComplianceCheck',
	type: 'boolean',
	default: false,
	description:
		'Whether to route Indian numbers without checking that Plivo has accepted their compliance applications',
};

/** Of numbers to rent. */
export const country = locator({
	displayName: 'Country',
	name: 'country',
	search: 'searchCountries',
	placeholder: 'e.g. US',
	description: 'The country of the number',
});

const NORTH_AMERICA = 'For numbers of the United States and Canada';

/** The kinds of numbers, as a filter has them. */
export const NUMBER_TYPES = [
	{ name: 'Fixed', value: 'fixed' },
	{ name: 'Local', value: 'local' },
	{ name: 'Mobile', value: 'mobile' },
	{ name: 'National', value: 'national' },
	{ name: 'Toll-Free', value: 'tollfree' },
];

/** What a number can do, as a filter. */
export const services: Field = {
	displayName: 'Services',
	name: 'services',
	type: 'multiOptions',
	options: [
		{ name: 'MMS', value: 'mms' },
		{ name: 'SMS', value: 'sms' },
		{ name: 'Voice', value: 'voice' },
	],
	default: ['voice'],
	description: 'What the number can do',
	routing: query('services'),
};

/** What numbers to rent are searched by. */
export const filters = collection('Filters', 'filters', 'Add Filter', [
	{
		displayName: 'City',
		name: 'city',
		type: 'string',
		default: '',
		placeholder: 'e.g. San Francisco',
		description: "The city of local numbers. Can’t be combined with 'Region'.",
		routing: query('city'),
	},
	{
		displayName: 'LATA',
		name: 'lata',
		type: 'string',
		default: '',
		placeholder: 'e.g. 722',
		description: `${NORTH_AMERICA}: the local access and transport area`,
		routing: query('lata'),
	},
	{
		displayName: 'NPANXX',
		name: 'npanxx',
		type: 'string',
		default: '',
		placeholder: 'e.g. 415577',
		description: `${NORTH_AMERICA}: area code and exchange. Can’t be combined with 'Pattern'.`,
		routing: query('npanxx'),
	},
	{
		displayName: 'Number Type',
		name: 'numberType',
		type: 'options',
		options: NUMBER_TYPES,
		default: 'local',
		description: 'What kind of number it is',
		routing: query('type'),
	},
	{
		displayName: 'Pattern',
		name: 'pattern',
		type: 'string',
		default: '',
		placeholder: 'e.g. 415',
		description: 'The first digits after the country code: 415 finds +1 415 …',
		routing: query('pattern'),
	},
	{
		displayName: 'Rate Center',
		name: 'rateCenter',
		type: 'string',
		default: '',
		placeholder: 'e.g. SNFC CNTRL',
		description: `${NORTH_AMERICA}: the rate center`,
		routing: query('rate_center'),
	},
	{
		displayName: 'Region',
		name: 'region',
		type: 'string',
		default: '',
		placeholder: 'e.g. Frankfurt',
		description: "The region of fixed numbers. Can’t be combined with 'City'.",
		routing: query('region'),
	},
	services,
]);
