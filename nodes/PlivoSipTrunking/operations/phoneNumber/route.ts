import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { route } from '../write';
import { options, phoneNumberLocator, shownFor, trunkLocator } from '../fields';
import { allowDisabledTrunk, skipComplianceCheck } from './fields';

const request = { method: 'POST', url: '/Number/{phoneNumber}/' } as const;

export const routeToTrunk: INodePropertyOptions = {
	name: 'Route to Trunk',
	value: 'routeToTrunk',
	action: 'Route a phone number to a trunk',
	description: 'Send the calls of a number to an inbound trunk, at once',
	routing: runs(request, route('trunk')),
};

export const routeToApplication: INodePropertyOptions = {
	name: 'Route to Application',
	value: 'routeToApplication',
	action: 'Route a phone number to an application',
	description: 'Send the calls of a number to a Plivo voice application, at once',
	routing: runs(request, route('application')),
};

export const routeFields = [
	...shownFor('phoneNumber', 'routeToTrunk', [
		phoneNumberLocator(),
		trunkLocator({
			search: 'searchInboundTrunks',
			description: 'An inbound trunk: a number on an outbound one would stop answering',
		}),
		options(allowDisabledTrunk, skipComplianceCheck),
	]),
	...shownFor('phoneNumber', 'routeToApplication', [
		phoneNumberLocator(),
		{
			displayName: 'Application ID',
			name: 'applicationId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 16638156474000802',
			description: 'The ID of a voice application, from the Plivo console',
		},
		options(),
	]),
];
