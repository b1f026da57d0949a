import { badInput } from '../../failure';
import { checkedBoolean } from '../../input/boolean';
import { checkedCountry } from '../../input/country';
import { checkedId } from '../../input/id';
import { checkedName } from '../../input/name';
import { checkedRate } from '../../input/number';
import { checkedPhoneNumber } from '../../input/phoneNumber';
import { stockFilters } from '../../records/availableNumber';
import { rentNumber } from '../../changes/rent';
import type { Operation } from '../../run/operation';
import { type Field, locator, optional, optionsWith } from '../fields';
import { operation } from '../operation';
import { country, filters } from './fields';

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

const alias: Field = {
	displayName: 'Alias',
	name: 'alias',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Acme Ltd',
	description:
		'What the number is for, such as your customer. If the account already has a number with this alias, that one is returned and no second one is rented, so running it twice doesn’t cost twice.',
};

const ownOptions: Field[] = [
	{
		displayName: 'Allow Restricted',
		name: 'allowRestricted',
		type: 'boolean',
		default: false,
		description:
			'Whether to rent a number even if Plivo asks for documents or an agreement. It may stay pending, and costs money anyway.',
	},
	{
		displayName: 'Compliance Application ID',
		name: 'complianceApplicationId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
		description:
			'The ID of an accepted compliance application (Phone Numbers > Compliance in the Plivo console). Indian numbers need one.',
	},
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
	// All that an AI agent is told of a tool; n8n's lint allows it no comma.
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
