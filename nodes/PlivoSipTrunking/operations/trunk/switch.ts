import type { INodePropertyOptions } from 'n8n-workflow';

import { runs } from '../../run/operation';
import { changeTrunk } from '../write';
import { options, shownFor, trunkLocator } from '../fields';

const request = { method: 'POST', url: '/Zentrunk/Trunk/{trunkId}/' } as const;

export const enable: INodePropertyOptions = {
	name: 'Enable',
	value: 'enable',
	action: 'Enable a trunk',
	description: 'Let a trunk carry calls',
	routing: runs(
		request,
		changeTrunk(() => ({ trunk_status: 'enabled' })),
	),
};

export const disable: INodePropertyOptions = {
	name: 'Disable',
	value: 'disable',
	action: 'Disable a trunk',
	description: 'Stop a trunk from carrying calls, without deleting it',
	routing: runs(
		request,
		changeTrunk(() => ({ trunk_status: 'disabled' })),
	),
};

export const switchFields = shownFor('trunk', ['enable', 'disable'], [trunkLocator(), options()]);
