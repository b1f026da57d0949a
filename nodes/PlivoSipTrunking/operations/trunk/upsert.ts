import { TRUNK } from '../../records/trunk';
import { moveRoutedNumbers, optionsWith, simplifyOption } from '../fields';
import { operation } from '../operation';
import { upsertOne } from '../write';
import { newTrunkFields, newTrunkOf } from './fields';

export const upsert = operation({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update trunk',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: [...newTrunkFields, optionsWith(moveRoutedNumbers, simplifyOption)],
	run: upsertOne(TRUNK, newTrunkOf),
});
