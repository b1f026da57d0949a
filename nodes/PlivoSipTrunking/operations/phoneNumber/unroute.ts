import { PHONE_NUMBER } from '../../records/phoneNumber';
import { unroutePhoneNumber } from '../../changes/route';
import { options, phoneNumber } from '../fields';
import { operation } from '../operation';
import { extentOf, viewTo } from '../read';
import { numberFields, ROUTE_FIELDS } from './fields';

export const unroute = operation({
	name: 'Unroute',
	value: 'unroute',
	action: 'Unroute phone number',
	description:
		"Remove a number from its trunk or application, effective immediately. Plivo may refuse: 'unrouted' in the output says whether it worked.",
	fields: [phoneNumber, ...numberFields, options],
	run: (operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const shown = viewTo(extentOf(operation), PHONE_NUMBER, ROUTE_FIELDS);
		return async (channel) => [shown(await unroutePhoneNumber(channel, number))];
	},
});
