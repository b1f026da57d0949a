import { CALL } from '../../records/call';
import { optionsWith, pageConcurrency, returnAllOrLimit } from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';
import { callFields, callFilterFields, explainHangup } from './fields';
import { callListing } from './listing';
import { callView } from './view';

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many calls',
	description:
		'Retrieve a list of call records (CDRs): those of the last 30 days, or those that match filters',
	fields: [
		...returnAllOrLimit,
		...callFields,
		callFilterFields,
		optionsWith(explainHangup, pageConcurrency),
	],
	run: getMany(CALL, callListing, callView),
});
