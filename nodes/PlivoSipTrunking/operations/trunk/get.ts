import { TRUNK } from '../../records/trunk';
import { options, trunkId } from '../fields';
import { operation } from '../operation';
import { getOne } from '../read';
import { trunkView } from './fields';

export const get = operation({
	name: 'Get',
	value: 'get',
	action: 'Get trunk',
	description: 'Retrieve a trunk',
	fields: [trunkId, ...trunkView, options],
	run: getOne(TRUNK, 'trunkId'),
});
