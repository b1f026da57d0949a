import { rentNumber } from '../changes/rent';
import { badInput } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { checkedCountry } from '../input/country';
import { checkedId } from '../input/id';
import { checkedName } from '../input/name';
import { checkedRate } from '../input/number';
import { checkedPhoneNumber } from '../input/phoneNumber';
import {
	AVAILABLE_NUMBER,
	searchAvailable as searchStock,
	stockFilters,
} from '../records/availableNumber';
import type { Operation } from '../run/operation';
import {
	booleanField,
	collection,
	type Field,
	listOptions,
	locator,
	optional,
	optionsWith,
	query,
	returnAllOrLimit,
	textField,
	viewFields,
} from './fields';
import { operation } from './operation';
import { extentOfList, viewOf } from './read';

/** Of numbers to rent. */
const country = locator({
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
const filters = collection('Filters', 'filters', 'Add Filter', [
	textField({
		displayName: 'City',
		name: 'city',
		placeholder: 'e.g. San Francisco',
		description: "The city of local numbers. Can’t be combined with 'Region'.",
		routing: query('city'),
	}),
	textField({
		displayName: 'LATA',
		name: 'lata',
		placeholder: 'e.g. 722',
		description: `${NORTH_AMERICA}: the local access and transport area`,
		routing: query('lata'),
	}),
	textField({
		displayName: 'NPANXX',
		name: 'npanxx',
		placeholder: 'e.g. 415577',
		description: `${NORTH_AMERICA}: area code and exchange. Can’t be combined with 'Pattern'.`,
		routing: query('npanxx'),
	}),
	{
		displayName: 'Number Type',
		name: 'numberType',
		type: 'options',
		options: NUMBER_TYPES,
		default: 'local',
		description: 'What kind of number it is',
		routing: query('type'),
	},
	textField({
		displayName: 'Pattern',
		name: 'pattern',
		placeholder: 'e.g. 415',
		description: 'The first digits after the country code: 415 finds +1 415 …',
		routing: query('pattern'),
	}),
	textField({
		displayName: 'Rate Center',
		name: 'rateCenter',
		placeholder: 'e.g. SNFC CNTRL',
		description: `${NORTH_AMERICA}: the rate center`,
		routing: query('rate_center'),
	}),
	textField({
		displayName: 'Region',
		name: 'region',
		placeholder: 'e.g. Frankfurt',
		description: "The region of fixed numbers. Can’t be combined with 'City'.",
		routing: query('region'),
	}),
	services,
]);

export const searchAvailable = operation({
	name: 'Search Available',
	value: 'searchAvailable',
	action: 'Search phone numbers to rent',
	description:
		'Find numbers that can be rented, with their price and what Plivo asks for. Costs nothing.',
	fields: [
		country,
		...returnAllOrLimit,
		...viewFields(AVAILABLE_NUMBER.mainFields ?? []),
		filters,
		listOptions,
	],
	run: (operation) => {
		const chosen = checkedCountry('Country', operation.parameter('country'));
		const asked = stockFilters(chosen, operation.qs);
		const listing = extentOfList(operation);
		const view = viewOf(operation, AVAILABLE_NUMBER);
		return async (channel) => (await searchStock(channel, chosen, asked, listing)).map(view);
	},
});

/** Money is spent on what fits them. */
const rentFilters: Field = { ...filters, neverEmpty: true };

const maxMonthlyRate: Field = {
	displayName: 'Max Monthly Rate',
	name: 'maxMonthlyRate',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 2 },
	default: 0,
	required: true,
	description:
		'The most that the number may cost in its first month, in US dollars. The set-up fee counts, too.',
};

const alias = textField({
	displayName: 'Alias',
	name: 'alias',
	required: true,
	placeholder: 'e.g. Acme Ltd',
	description:
		'What the number is for, such as your customer. If the account already has a number with this alias, that one is returned and no second one is rented, so running it twice doesn’t cost twice.',
});

const ownOptions: Field[] = [
	booleanField({
		displayName: 'Allow Restricted',
		name: 'allowRestricted',
		description:
			'Whether to rent a number even if Plivo asks for documents or an agreement. It may stay pending, and costs money anyway.',
	}),
	textField({
		displayName: 'Compliance Application ID',
		name: 'complianceApplicationId',
		placeholder: 'e.g. 8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
		description:
			'The ID of an accepted compliance application (Phone Numbers > Compliance in the Plivo console). Indian numbers need one.',
	}),
	{
		...optional(
			locator({
				displayName: 'Phone Number',
				name: 'phoneNumber',
				search: 'searchNumbersToRent',
				placeholder: 'e.g. +1 415 555 0123',
			}),
		),
		description: 'Rent exactly this number instead of the cheapest one that fits the filters',
	},
];

/** This very number, if one is given: it says all that filters could say. */
function veryNumber({ options, qs }: Operation, callingCode: string, name: string) {
	if (options.phoneNumber === undefined) return undefined;
	const number = checkedPhoneNumber('Phone Number', options.phoneNumber);
	if (!number.startsWith(callingCode)) {
		throw badInput(
			'Phone Number',
			`is ${number}, which is not a number of ${name}: those begin with +${callingCode}`,
			'Choose the country of the number, or another number.',
		);
	}
	if (Object.keys(qs).length > 0) {
		throw badInput(
			'Phone Number',
			"can’t be combined with 'Filters': it already says which number to rent",
			"Remove the filters, or remove 'Phone Number' from the options.",
		);
	}
	return number;
}

export const rent = operation({
	name: 'Rent',
	value: 'rent',
	// All that an AI agent sees of a tool; n8n's lint allows it no comma.
	action: 'Rent phone number for money after asking a person',
	description:
		'Rent the cheapest number that fits, once for each alias. It costs money at once and every month until it is released, so an AI agent should ask first.',
	fields: [country, maxMonthlyRate, alias, rentFilters, optionsWith(...ownOptions)],
	run: (operation) => {
		const chosen = checkedCountry('Country', operation.parameter('country'));
		const most = checkedRate('Max Monthly Rate', operation.parameter('maxMonthlyRate'));
		if (most === 0) {
			throw badInput(
				'Max Monthly Rate',
				'is 0, and no number costs that little',
				'Enter the most that the number may cost in its first month, in US dollars. Search Available shows the prices.',
			);
		}
		const { complianceApplicationId: compliance, allowRestricted = false } = operation.options;
		const wanted = {
			alias: checkedName('Alias', operation.parameter('alias')),
			country: chosen,
			filters: stockFilters(chosen, operation.qs),
			maxMonthlyRate: most,
			number: veryNumber(operation, chosen.callingCode, chosen.name),
			complianceApplicationId:
				compliance === undefined
					? undefined
					: checkedId('Compliance Application ID', compliance, 'compliance'),
			allowRestricted: checkedBoolean('Allow Restricted', allowRestricted),
		};
		return async (channel) => [await rentNumber(channel, wanted)];
	},
});
