import { TRUNK } from '../../records/trunk';
import { deleteOptions, trunkId } from '../fields';
import { operation } from '../operation';
import { deleteOne } from '../write';

export const del = operation({
	name: 'Delete',
	value: 'delete',
	action: 'Delete trunk',
	description: 'Delete a trunk unless phone numbers are routed to it',
	fields: [trunkId, deleteOptions],
	run: deleteOne(TRUNK, 'trunkId'),
});
