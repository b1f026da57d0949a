import { checkedCountry } from '../../input/country';
import {
	AVAILABLE_NUMBER,
	searchAvailable as search,
	stockFilters,
} from '../../records/availableNumber';
import { listOptions, returnAllOrLimit, viewFields } from '../fields';
import { operation } from '../operation';
import { extentOfList, viewOf } from '../read';
import { country, filters } from './fields';

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
		return async (channel) => (await search(channel, chosen, asked, listing)).map(view);
	},
});
