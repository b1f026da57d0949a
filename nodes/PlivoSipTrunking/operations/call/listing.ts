import { callFilters, listingOf } from '../../records/call';
import type { Listing } from '../../records/list';
import type { Operation } from '../../run/operation';
import { requireChosen } from '../chosenFilters';

/** What the filters of call records ask of Plivo, and which calls they mean. */
export function callListing(operation: Operation): Listing {
	requireChosen(operation, { fromNumber: 'From Number', toNumber: 'To Number' }, 'calls');
	const { qs, timezone } = operation;
	return listingOf(callFilters(qs, { timezone, now: Date.now() }));
}
