import type { IDataObject } from 'n8n-workflow';

import { hangupFields } from '../knowledge/hangup';
import { flatEnds, withQuality } from '../knowledge/quality';
import { CALL } from '../records/call';
import { pickKnown, recordPath, without } from '../records/kind';
import type { Operation } from '../run/operation';
import { read } from '../transport/read';
import { callFilterFields, callId, callListing, explainHangup } from './callFields';
import { crud } from './crud';
import {
	isOn,
	options,
	optionsWith,
	pageConcurrency,
	returnAllOrLimit,
	viewFields,
} from './fields';
import { operation, resource } from './operation';
import { extentOf, getMany, getOne, type View, viewOf } from './read';
import { summarize } from './summarizeCalls';

/** How much of a call's record is returned. */
const callFields = viewFields([
	...(CALL.mainFields ?? []),
	'call_id',
	'billed_duration',
	'initiation_time',
	'answer_time',
	'hangup_source',
	'total_rate',
	'from_country',
	'to_country',
	'transport_protocol',
	'srtp',
	'secure_trunking',
	'secure_trunking_rate',
	'cnam_lookup',
	'cnam_lookup_rate',
	'stir_verification',
	'attestation_indicator',
	'hangup_meaning',
	'hangup_owner',
	'hangup_is_fault',
	'hangup_retryable',
	'hangup_fix',
]);

/** A call's record, with why it ended unless Explain Hangup is off. */
function callView(operation: Operation): View {
	const view = viewOf(operation, CALL);
	if (!isOn(operation, explainHangup)) return view;
	// With fields that are chosen, those of the explanation are chosen too.
	if (Array.isArray(extentOf(operation))) {
		return (call) => view({ ...call, ...hangupFields(call) });
	}
	return (call) => ({ ...view(call), ...hangupFields(call) });
}

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

const getInsights = operation({
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

const { get, getAll } = crud(CALL, callId, 'call');

export const call = resource({ name: 'Call', value: 'call' }, 'getAll', [
	get({
		description: 'Retrieve the record of a call',
		fields: [callId, ...callFields, optionsWith(explainHangup)],
		run: getOne(CALL, callId.name, callView),
	}),
	getInsights,
	getAll({
		description:
			'Retrieve a list of call records (CDRs): those of the last 30 days, or those that match filters',
		fields: [
			...returnAllOrLimit,
			...callFields,
			callFilterFields,
			optionsWith(explainHangup, pageConcurrency),
		],
		run: getMany(CALL, callListing, callView),
	}),
	summarize,
]);
