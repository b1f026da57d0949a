import { callFilters } from '../../records/call';
import type { Listing } from '../../records/list';
import type { Operation } from '../../run/operation';

/** What the filters of call records ask of Plivo. */
export const callListing = ({ qs, timezone }: Operation): Listing => ({
	filters: callFilters(qs, { timezone, now: Date.now() }),
});
