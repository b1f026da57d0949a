import { trunkId, writeOptions } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

export const disable = operation({
	name: 'Disable',
	value: 'disable',
	action: 'Disable trunk',
	description: 'Stop a trunk from carrying calls, without deleting it',
	fields: [trunkId, writeOptions],
	run: changeTrunk(() => ({ trunk_status: 'disabled' })),
});
