import { TRUNK } from '../../records/trunk';
import { options, simplify, trunkId } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get a trunk',
	description: 'Read one trunk',
	fields: [trunkId, simplify, options],
	run: getOne(TRUNK, 'trunkId'),
});
