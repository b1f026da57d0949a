import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { getInsights as readInsights, getOne } from '../read';
import { CALL } from '../../records/call';
import { options, shownFor, simplify } from '../fields';
import { callId, explainHangup } from './fields';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get a call',
	description: 'Read the record of one call',
	routing: runs({ method: 'GET', url: '/Zentrunk/Call/{callId}/' }, getOne(CALL, 'callId')),
};

export const getInsights: INodePropertyOptions = {
	name: 'Get Insights',
	value: 'getInsights',
	action: 'Get the quality of a call',
	description: 'Read the quality figures of one call: delay, jitter, packet loss and score',
	routing: runs({ method: 'GET', url: '/Zentrunk/Call/{callId}/Insights/' }, readInsights),
};

export const getFields = [
	...shownFor('call', 'get', [callId, simplify, options(explainHangup)]),
	...shownFor('call', 'getInsights', [callId, simplify, options()]),
];
