import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import * as listSearch from './listSearch';
import { account } from './operations/account';
import { call } from './operations/call';
import { credential } from './operations/credential';
import { ipAccessControlList } from './operations/ipAccessControlList';
import { joined } from './operations/joined';
import { originationUri } from './operations/originationUri';
import { phoneNumber } from './operations/phoneNumber';
import { provisioning } from './operations/provisioning';
import { trunk } from './operations/trunk';

export class PlivoSipTrunking implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plivo SIP Trunking',
		name: 'plivoSipTrunking',
		icon: { light: 'file:plivo.svg', dark: 'file:plivo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Provision SIP trunks (Zentrunk), route phone numbers and read call records',
		defaults: { name: 'Plivo SIP Trunking' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'plivoSipTrunkingApi', required: true }],
		requestDefaults: {
			// As documentation: n8n would evaluate an expression for every item. The account's address is
			// read from the credential once a run.
			baseURL: 'https://api.plivo.com/v1',
		},
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Call', value: 'call' },
					{ name: 'Credential', value: 'credential' },
					{ name: 'IP Access Control List', value: 'ipAccessControlList' },
					{ name: 'Origination URI', value: 'originationUri' },
					{ name: 'Phone Number', value: 'phoneNumber' },
					{ name: 'Provisioning', value: 'provisioning' },
					{ name: 'Trunk', value: 'trunk' },
				],
				default: 'trunk',
			},
			...joined(
				[
					account,
					call,
					credential,
					ipAccessControlList,
					originationUri,
					phoneNumber,
					provisioning,
					trunk,
				].flat(),
			),
		],
	};

	methods = { listSearch };
}
