import { checkedChoice } from '../../input/choice';
import { ORIGINATION_URI } from '../../records/originationUri';
import { type Field, inboundTrunkId, originationUriId, writeOptions } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

const role: Field = {
	displayName: 'Role',
	name: 'role',
	type: 'options',
	options: [
		{
			name: 'Fallback',
			value: 'fallback',
			description: 'Receives calls when the primary URI does not answer',
		},
		{ name: 'Primary', value: 'primary', description: 'Receives calls first' },
	],
	default: 'primary',
	required: true,
	description: 'Whether the URI receives calls first, or only when the primary URI does not answer',
};

export const attachOriginationUri = operation({
	name: 'Attach Origination URI',
	value: 'attachOriginationUri',
	action: 'Attach origination URI to trunk',
	description: 'Set where an inbound trunk sends its calls',
	fields: [inboundTrunkId, originationUriId, role, writeOptions],
	run: changeTrunk((operation) => {
		const isFallback =
			checkedChoice('Role', operation.parameter('role'), ['primary', 'fallback']) === 'fallback';
		return {
			[isFallback ? 'fallback_uri_uuid' : 'primary_uri_uuid']: operation.id(
				'originationUriId',
				ORIGINATION_URI,
			),
		};
	}, 'inbound'),
});
