import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../failure';
import { nameAndId, without } from '../../records/kind';
import { numbersOf, phoneNumbersOf } from '../../records/references';
import { TRUNK } from '../../records/trunk';
import { newNameField, optional, trunkId, updateFields, writeOptions } from '../fields';
import { operation } from '../operation';
import { writtenView } from '../read';
import { changeByHand, changesOf, withWarnings } from '../write';
import {
	credential,
	fallbackUri,
	ipAcl,
	primaryUri,
	secure,
	trunkDirection,
	trunkStatus,
} from './fields';

const SECURE_IS_OUTBOUND =
	"'Secure' was not changed: it applies to outbound trunks only. Inbound calls are encrypted where their origination URI ends in ;transport=tls.";

/** A number on an outbound trunk quietly stops answering (live; plivo.com/docs/sip-trunking/api/trunks). */
function objectionToTurning(trunk: IDataObject, numbers: IDataObject[]): PlivoFailure | undefined {
	if (numbers.length === 0) return undefined;
	return new PlivoFailure(
		'conflict',
		`Trunk ${nameAndId(TRUNK, trunk)} takes the calls of ${phoneNumbersOf(numbers)}, and they would stop answering if it were outbound`,
		'Route every number of this trunk elsewhere first, or create another trunk for outbound calls.',
	);
}

export const update = operation({
	name: 'Update',
	value: 'update',
	action: 'Update trunk',
	description: 'Change a trunk; fields that you leave out keep their values',
	fields: [
		trunkId,
		updateFields(
			optional(trunkDirection),
			fallbackUri,
			ipAcl,
			newNameField,
			primaryUri,
			secure,
			credential,
			trunkStatus,
		),
		writeOptions,
	],
	run: (operation) => {
		const id = operation.id('trunkId', TRUNK);
		const shown = writtenView(operation, TRUNK);
		const changes = changesOf(operation, TRUNK);
		const isDropped = (direction: unknown) =>
			(changes.trunk_direction ?? direction) === 'inbound' && changes.secure !== undefined;
		return async (channel) => {
			const { record, warnings } = await changeByHand(
				channel,
				{ kind: TRUNK, id },
				{
					changesOf: (current) =>
						isDropped(current.trunk_direction) ? without(changes, 'secure') : changes,
					known: changes,
					async guard(holding, current) {
						const isTurned =
							changes.trunk_direction === 'outbound' && current.trunk_direction !== 'outbound';
						if (!isTurned) return {};
						return { objection: objectionToTurning(current, await numbersOf(holding, id)) };
					},
				},
			);
			const dropped = isDropped(record.trunk_direction) ? [SECURE_IS_OUTBOUND] : [];
			return [withWarnings(shown(record), [...dropped, ...warnings])];
		};
	},
});
