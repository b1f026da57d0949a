import { options, trunkId } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

export const enable = operation({
	name: 'Enable',
	value: 'enable',
	action: 'Enable a trunk',
	description: 'Let a trunk carry calls',
	fields: [trunkId, options],
	run: changeTrunk(() => ({ trunk_status: 'enabled' })),
});
