import { CALL } from '../../records/call';
import { optionsWith } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';
import { callFields, callId, explainHangup } from './fields';
import { callView } from './view';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get call',
	description: 'Retrieve the record of a call',
	fields: [callId, ...callFields, optionsWith(explainHangup)],
	run: getOne(CALL, 'callId', callView),
});
