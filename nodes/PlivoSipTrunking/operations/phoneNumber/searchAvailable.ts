import { checkedBoolean } from '../../input/boolean';
import { checkedCountry } from '../../input/country';
import { wholeNumber } from '../../input/number';
import {
	AVAILABLE_NUMBER,
	searchAvailable as search,
	stockFilters,
} from '../../records/availableNumber';
import { listOptions, returnAllOrLimit, simplify } from '../fields';
import { operation } from '../operation';
import { viewOf } from '../read';
import { country, filters } from './fields';

export const searchAvailable = operation({
	name: 'Search Available',
	value: 'searchAvailable',
	action: 'Search phone numbers to rent',
	description:
		'Find numbers that can be rented, with their price and what Plivo asks for. Costs nothing.',
	fields: [country, ...returnAllOrLimit, simplify, filters, listOptions],
	run: (operation) => {
		const of = checkedCountry('Country', operation.parameter('country'));
		const asked = stockFilters(of, operation.qs);
		const { pageConcurrency: pages = 20 } = operation.options;
		const listing = {
			limit: checkedBoolean('Return All', operation.parameter('returnAll', false))
				? Infinity
				: wholeNumber('Limit', operation.parameter('limit', 50), 1, Infinity),
			pageConcurrency: wholeNumber('Page Concurrency', pages, 1, 20),
		};
		const view = viewOf(operation, AVAILABLE_NUMBER);
		return async (channel) => (await search(channel, of, asked, listing)).map(view);
	},
});
