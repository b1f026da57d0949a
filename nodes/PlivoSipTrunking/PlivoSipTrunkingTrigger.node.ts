import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { searchTrunks } from './operations/listSearch';
import { properties } from './trigger/fields';
import { poll } from './trigger/poll';

export class PlivoSipTrunkingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plivo SIP Trunking Trigger',
		name: 'plivoSipTrunkingTrigger',
		icon: { light: 'file:plivo.svg', dark: 'file:plivo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["event"] }}',
		// n8n's search shows it for both nodes.
		description:
			'Start a workflow when a call on a SIP trunk ends or fails, or a trunk changes; set up trunks with its actions',
		defaults: { name: 'Plivo SIP Trunking Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'plivoSipTrunkingApi', required: true }],
		properties,
	};

	methods = { listSearch: { searchTrunks } };

	poll = poll;
}
