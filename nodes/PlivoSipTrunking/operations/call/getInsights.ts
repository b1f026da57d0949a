import type { IDataObject } from 'n8n-workflow';

import { flatEnds, withQuality } from '../../knowledge/quality';
import { CALL } from '../../records/call';
import { recordPath, without } from '../../records/kind';
import { request } from '../../transport/request';
import { options, simplify } from '../fields';
import { operation } from '../operation';
import { isSimplified } from '../read';
import { callId } from './fields';

export const getInsights = operation({
	name: 'Get Insights',
	value: 'getInsights',
	action: 'Get the quality of a call',
	description: 'Read the quality figures of one call: delay, jitter, packet loss and score',
	fields: [callId, simplify, options],
	run: (operation) => {
		const id = operation.id('callId', CALL);
		const simplified = isSimplified(operation);
		return async (channel) => {
			const { body } = await request(channel, {
				method: 'GET',
				path: `${recordPath(CALL, id)}Insights/`,
				subject: `quality figures for call ${id}`,
				flaw: (figures) => (Object.keys(figures).length > 1 ? undefined : 'has no quality figures'),
			});
			const insights = withQuality(without(body, 'api_id'));
			// Plivo's answer, and so JSON.
			const shown = simplified ? (flatEnds(insights) as IDataObject) : insights;
			return [{ [CALL.idField]: id, ...shown }];
		};
	},
});
