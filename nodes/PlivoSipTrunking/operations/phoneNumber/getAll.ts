import { checkedId } from '../../input/id';
import type { Listing } from '../../records/list';
import { isRoutedTo, numberFilters, PHONE_NUMBER } from '../../records/phoneNumber';
import { TRUNK } from '../../records/trunk';
import type { Operation } from '../../run/operation';
import {
	collection,
	inboundTrunkId,
	listOptions,
	optional,
	query,
	returnAllOrLimit,
} from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';
import { NUMBER_TYPES, numberFields, services } from './fields';

/** Plivo can't filter by trunk. */
function listing({ qs }: Operation): Listing {
	const { trunkId, ...filters } = numberFilters(qs);
	if (trunkId === undefined) return { filters };
	const id = checkedId(TRUNK.idLabel, trunkId, TRUNK.idKind);
	return { filters, accept: (number) => isRoutedTo(number, id) };
}

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many phone numbers',
	description: 'Retrieve a list of phone numbers, optionally filtered',
	fields: [
		...returnAllOrLimit,
		...numberFields,
		collection('Filters', 'filters', 'Add Filter', [
			{
				displayName: 'Alias',
				name: 'alias',
				type: 'string',
				default: '',
				placeholder: 'e.g. Front desk',
				description: 'The full alias of the number',
				routing: query('alias'),
			},
			{
				displayName: 'Number Starts With',
				name: 'numberStartsWith',
				type: 'string',
				default: '',
				placeholder: 'e.g. +1 415',
				description: 'The first digits, including the country code',
				routing: query('number_startswith'),
			},
			services,
			{
				displayName: 'Subaccount',
				name: 'subaccount',
				type: 'string',
				default: '',
				placeholder: 'e.g. SAXXXXXXXXXXXXXXXXXX',
				description: 'Auth ID of the subaccount that the number belongs to',
				routing: query('subaccount'),
			},
			{
				...optional(inboundTrunkId),
				description:
					'The trunk that the number is routed to. Plivo cannot filter by it, so all numbers are read.',
				routing: query('trunkId'),
			},
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				options: NUMBER_TYPES,
				default: 'local',
				description: 'The type of number',
				routing: query('type'),
			},
		]),
		listOptions,
	],
	run: getMany(PHONE_NUMBER, listing),
});
