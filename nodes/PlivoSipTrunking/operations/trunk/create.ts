import { TRUNK } from '../../records/trunk';
import { writeOptions } from '../fields';
import { operation } from '../operation';
import { createOne } from '../write';
import { newTrunkFields, newTrunkOf } from './fields';

export const create = operation({
	name: 'Create',
	value: 'create',
	action: 'Create trunk',
	description: 'Create a trunk exactly once, even if Plivo does not answer',
	fields: [...newTrunkFields, writeOptions],
	run: createOne(TRUNK, newTrunkOf),
});
