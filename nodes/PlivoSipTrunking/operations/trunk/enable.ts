import { trunkId, writeOptions } from '../fields';
import { operation } from '../operation';
import { changeTrunk } from './change';

export const enable = operation({
	name: 'Enable',
	value: 'enable',
	action: 'Enable trunk',
	description: 'Let a trunk carry calls',
	fields: [trunkId, writeOptions],
	run: changeTrunk(() => ({ trunk_status: 'enabled' })),
});
