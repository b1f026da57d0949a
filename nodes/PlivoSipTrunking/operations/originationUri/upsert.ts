import { newOriginationUri, ORIGINATION_URI } from '../../records/originationUri';
import { moveRoutedNumbers, optionsWith } from '../fields';
import { operation } from '../operation';
import { upsertOne } from '../write';
import { newUriFields } from './fields';

export const upsert = operation({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update origination URI',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	fields: [...newUriFields, optionsWith(moveRoutedNumbers)],
	run: upsertOne(ORIGINATION_URI, ({ body }) => newOriginationUri(body)),
});
