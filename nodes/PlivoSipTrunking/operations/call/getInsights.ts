import type { IDataObject } from 'n8n-workflow';

import { flatEnds, withQuality } from '../../knowledge/quality';
import { CALL } from '../../records/call';
import { pickKnown, recordPath, without } from '../../records/kind';
import { read } from '../../transport/read';
import { options, viewFields } from '../fields';
import { operation } from '../operation';
import { extentOf } from '../read';
import { callId } from './fields';

/** With Simplify: both ends flat (plivo.com/docs/sip-trunking/api/calls). */
const INSIGHT_FIELDS = [
	'from_carrier',
	'from_number',
	'from_region',
	'jitter',
	'packet_loss',
	'plivo_quality_score',
	'post_dial_delay',
	'quality',
	'rtt',
	'to_carrier',
	'to_number',
	'to_region',
];

export const getInsights = operation({
	name: 'Get Insights',
	value: 'getInsights',
	action: 'Get quality of call',
	description: 'Retrieve the quality figures of a call: delay, jitter, packet loss and score',
	fields: [callId, ...viewFields(INSIGHT_FIELDS), options],
	run: (operation) => {
		const id = operation.id('callId', CALL);
		const extent = extentOf(operation);
		return async (channel) => {
			const body = await read(channel, {
				path: `${recordPath(CALL, id)}Insights/`,
				subject: `quality figures for call ${id}`,
				flaw: (figures) => (Object.keys(figures).length > 1 ? undefined : 'has no quality figures'),
			});
			const insights = withQuality(without(body, 'api_id'));
			// Plivo's answer, and so JSON.
			const shown = extent === 'raw' ? insights : (flatEnds(insights) as IDataObject);
			const whole = { [CALL.idField]: id, ...shown };
			return [typeof extent === 'string' ? whole : pickKnown(whole, [CALL.idField, ...extent])];
		};
	},
});
