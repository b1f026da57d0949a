import type { INodeProperties } from 'n8n-workflow';

import { checkReadiness, checkReadinessFields } from './checkReadiness';
import { connectPlatform, connectPlatformFields } from './connectPlatform';
import { deprovision, deprovisionFields } from './deprovision';
import { provisionInbound, provisionInboundFields } from './provisionInbound';
import { provisionOutbound, provisionOutboundFields } from './provisionOutbound';

export const provisioning: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['provisioning'] } },
		options: [checkReadiness, connectPlatform, deprovision, provisionInbound, provisionOutbound],
		default: 'provisionOutbound',
	},
	...provisionOutboundFields,
	...provisionInboundFields,
	...connectPlatformFields,
	...deprovisionFields,
	...checkReadinessFields,
];
