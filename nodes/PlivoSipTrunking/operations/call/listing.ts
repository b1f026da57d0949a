import { callFilters, listingOf } from '../../records/call';
import type { Listing } from '../../records/list';
import type { Operation } from '../../run/operation';

/** What the filters of call records ask of Plivo, and which calls they mean. */
export const callListing = ({ qs, timezone }: Operation): Listing =>
	listingOf(callFilters(qs, { timezone, now: Date.now() }));
