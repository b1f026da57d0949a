import { newOriginationUri, ORIGINATION_URI } from '../../records/originationUri';
import { options } from '../fields';
import { operation } from '../operation';
import { createOne } from '../write';
import { newUriFields } from './fields';

export const create = operation({
	name: 'Create',
	value: 'create',
	action: 'Create origination URI',
	description: 'Create an origination URI exactly once, even if Plivo does not answer',
	fields: [...newUriFields, options],
	run: createOne(ORIGINATION_URI, ({ body }) => newOriginationUri(body)),
});
