import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../failure';
import { nameAndId } from '../../records/kind';
import { directionLabel, TRUNK } from '../../records/trunk';
import type { Executor, Operation } from '../../run/operation';
import { writtenView } from '../read';
import { changeByHand, withWarnings } from '../write';

/**
 * Changes one thing about a trunk.
 *
 * @param changesOf Plivo's fields to set, checked
 * @param direction the only direction that it makes sense for
 */
export const changeTrunk =
	(
		changesOf: (operation: Operation) => IDataObject,
		direction?: 'inbound' | 'outbound',
	): Executor =>
	(operation) => {
		const id = operation.id('trunkId', TRUNK);
		const changes = changesOf(operation);
		const fitting = (trunk: IDataObject) => {
			if (direction && trunk.trunk_direction !== direction) throw wrongWay(trunk, direction);
			return changes;
		};
		const shown = writtenView(operation, TRUNK);
		return async (channel) => {
			const update = { changesOf: fitting, known: changes };
			const { record, warnings } = await changeByHand(channel, { kind: TRUNK, id }, update);
			return [withWarnings(shown(record), warnings)];
		};
	};

const wrongWay = (trunk: IDataObject, direction: 'inbound' | 'outbound') =>
	new PlivoFailure(
		'conflict',
		`Trunk ${nameAndId(TRUNK, trunk)} is ${directionLabel(trunk)}, and this works with ${direction} trunks only`,
		direction === 'inbound'
			? 'Choose an inbound trunk: origination URIs set where incoming calls go.'
			: 'Choose an outbound trunk: credentials and IP access control lists decide who may call out.',
	);
