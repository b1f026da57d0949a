import { APPLICATION } from '../../records/application';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import { routePhoneNumber } from '../../changes/route';
import { applicationId, options, phoneNumber } from '../fields';
import { operation } from '../operation';
import { extentOf, viewTo } from '../read';
import { numberFields, ROUTE_FIELDS } from './fields';

/** These are about trunks. */
const NO_OPTIONS = { allowDisabledTrunk: false, skipComplianceCheck: false };

export const routeToApplication = operation({
	name: 'Route to Application',
	value: 'routeToApplication',
	action: 'Route phone number to application',
	description: 'Send the calls of a number to a Plivo voice application, effective immediately',
	fields: [
		phoneNumber,
		{ ...applicationId, description: 'The voice application that receives the calls' },
		...numberFields,
		options,
	],
	run: (operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const id = operation.id('applicationId', APPLICATION);
		const shown = viewTo(extentOf(operation), PHONE_NUMBER, ROUTE_FIELDS);
		return async (channel) => [
			shown(await routePhoneNumber(channel, number, { kind: 'application', id }, NO_OPTIONS)),
		];
	},
});
