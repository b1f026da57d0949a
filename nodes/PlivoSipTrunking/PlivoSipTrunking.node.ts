import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import * as listSearch from './operations/listSearch';
import { properties, unknownOperation } from './operations';

export class PlivoSipTrunking implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plivo SIP Trunking',
		name: 'plivoSipTrunking',
		icon: { light: 'file:plivo.svg', dark: 'file:plivo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Set up SIP trunks, connect PBXs and voice platforms, and manage phone numbers and calls',
		defaults: { name: 'Plivo SIP Trunking' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'plivoSipTrunkingApi', required: true }],
		requestDefaults: {
			// As documentation: n8n would evaluate an expression for every item, and with the first item's
			// credential. The account's address comes from the item's own.
			baseURL: 'https://api.plivo.com/v1',
		},
		requestOperations: unknownOperation,
		properties,
	};

	methods = { listSearch };
}
