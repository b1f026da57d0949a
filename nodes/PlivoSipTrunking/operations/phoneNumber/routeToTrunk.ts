import { checkedBoolean } from '../../input/boolean';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import { routePhoneNumber } from '../../changes/route';
import { TRUNK } from '../../records/trunk';
import { inboundTrunkId, optionsWith, phoneNumber } from '../fields';
import { operation } from '../operation';
import { extentOf, viewTo } from '../read';
import { allowDisabledTrunk, numberFields, ROUTE_FIELDS, skipComplianceCheck } from './fields';

export const routeToTrunk = operation({
	name: 'Route to Trunk',
	value: 'routeToTrunk',
	action: 'Route phone number to trunk',
	description: 'Send the calls of a number to an inbound trunk, effective immediately',
	fields: [
		phoneNumber,
		{
			...inboundTrunkId,
			description:
				'An inbound trunk. A number that is routed to an outbound trunk stops answering.',
		},
		...numberFields,
		optionsWith(allowDisabledTrunk, skipComplianceCheck),
	],
	run: (operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const id = operation.id('trunkId', TRUNK);
		const { allowDisabledTrunk: disabled = false, skipComplianceCheck: unchecked = false } =
			operation.options;
		const options = {
			allowDisabledTrunk: checkedBoolean('Allow Disabled Trunk', disabled),
			skipComplianceCheck: checkedBoolean('Skip Compliance Check', unchecked),
		};
		const shown = viewTo(extentOf(operation), PHONE_NUMBER, ROUTE_FIELDS);
		return async (channel) => [
			shown(await routePhoneNumber(channel, number, { kind: 'trunk', id }, options)),
		];
	},
});
