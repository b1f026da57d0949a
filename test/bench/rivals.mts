import { createRequire } from 'node:module';

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
	type IVersionedNodeType,
	NodeConnectionTypes,
} from 'n8n-workflow';

import type { PlivoAccount } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import type { NodeClass } from '../support/engine.mts';
import { sideBySide } from '../support/sideBySide.mts';

const CREDENTIAL = 'plivoSipTrunkingApi';

/**
 * n8n's own HTTP Request node, of the n8n that `npm test` and the demo install, in its newest version.
 *
 * @returns nothing where that n8n isn't installed
 */
export function httpRequestNode(): NodeClass | undefined {
	const installed = new URL('../../runtimes/n8n-2.41.1/package.json', import.meta.url);
	let versions: IVersionedNodeType;
	try {
		const { HttpRequest } = createRequire(installed)(
			'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js',
		) as { HttpRequest: new () => IVersionedNodeType };
		versions = new HttpRequest();
	} catch {
		return undefined;
	}
	const node = versions.getNodeType();
	const description: INodeTypeDescription = {
		...node.description,
		// n8n lets this node use any credential because of its name; the test engine names it otherwise.
		credentials: [{ name: CREDENTIAL, required: true }],
	};
	return function HttpRequestNode() {
		return Object.assign(Object.create(Object.getPrototypeOf(node)) as INodeType, node, {
			description,
		});
	} as unknown as NodeClass;
}

const accountUrl = ({ baseUrl, authId }: PlivoAccount) => `${baseUrl}/Account/${authId}`;

const authenticated: INodeParameters = {
	authentication: 'predefinedCredentialType',
	nodeCredentialType: CREDENTIAL,
};

/** The HTTP Request node, set to read all trunks with its own paging. */
export const httpRequestList = (account: PlivoAccount): INodeParameters => ({
	...authenticated,
	url: `${accountUrl(account)}/Zentrunk/Trunk/`,
	sendQuery: true,
	queryParameters: { parameters: [{ name: 'limit', value: '20' }] },
	options: {
		pagination: {
			pagination: {
				paginationMode: 'updateAParameterInEachRequest',
				parameters: {
					parameters: [{ type: 'qs', name: 'offset', value: '={{ $pageCount * 20 }}' }],
				},
				paginationCompleteWhen: 'other',
				completeExpression:
					'={{ $response.body.meta.offset + 20 >= $response.body.meta.total_count }}',
			},
		},
	},
});

/** The HTTP Request node, set to create an origination URI for each item. */
export const httpRequestCreate = (account: PlivoAccount): INodeParameters => ({
	...authenticated,
	method: 'POST',
	url: `${accountUrl(account)}/Zentrunk/URI/`,
	sendBody: true,
	specifyBody: 'json',
	jsonBody: '={{ JSON.stringify({ name: $json.name, uri: $json.uri }) }}',
});

const minimal = (name: string): INodeTypeDescription => ({
	displayName: name,
	name,
	group: ['input'],
	version: 1,
	description: 'To compare with',
	defaults: { name },
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	credentials: [{ name: CREDENTIAL, required: true }],
	properties: [],
});

/** A declarative node that reads all trunks with n8n's own paging by offset. */
export class OffsetPagingNode implements INodeType {
	description: INodeTypeDescription = {
		...minimal('offsetPaging'),
		requestDefaults: { baseURL: '={{ $credentials.baseUrl + "/Account/" + $credentials.authId }}' },
		requestOperations: {
			pagination: {
				type: 'offset',
				properties: {
					limitParameter: 'limit',
					offsetParameter: 'offset',
					pageSize: 20,
					rootProperty: 'objects',
					type: 'query',
				},
			},
		},
		properties: [
			{
				displayName: 'Paging',
				name: 'paging',
				type: 'boolean',
				default: true,
				routing: { request: { url: '/Zentrunk/Trunk/' }, send: { paginate: true } },
			},
		],
	};
}

/** Reads pages of trunks with nothing but n8n's helper, eight at a time: what one request costs at least. */
export class PlainPagesNode implements INodeType {
	description: INodeTypeDescription = {
		...minimal('plainPages'),
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Pages', name: 'pages', type: 'number', default: 1 },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const url = this.getNodeParameter('url', 0) as string;
		const pages = this.getNodeParameter('pages', 0) as number;
		const records = await sideBySide([...Array(pages).keys()], 8, async (page) => {
			const { objects } = (await this.helpers.httpRequestWithAuthentication.call(this, CREDENTIAL, {
				url,
				qs: { limit: 20, offset: page * 20 },
				json: true,
			})) as { objects: IDataObject[] };
			return objects;
		});
		return [records.flat().map((json) => ({ json, pairedItem: { item: 0 } }))];
	}
}

/** Parameters of `PlainPagesNode`. */
export const plainPages = (account: PlivoAccount, pages: number): INodeParameters => ({
	url: `${accountUrl(account)}/Zentrunk/Trunk/`,
	pages,
});
