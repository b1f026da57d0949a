import * as provisioning from '../provisioning';
import { TRUNK } from '../records/trunk';
import type { Executor, Operation } from '../run/operation';

const composite =
	(compositeOf: (operation: Operation) => ReturnType<typeof provisioning.provisionOutbound>) =>
	(operation: Operation): ReturnType<Executor> => {
		const run = compositeOf(operation);
		return async (channel) => [await run(channel, operation.whenOver)];
	};

export const provisionOutbound: Executor = composite((operation) =>
	provisioning.provisionOutbound({
		name: operation.parameter('name'),
		sipAuthentication: operation.parameter('sipAuthentication'),
		username: operation.parameter('username', ''),
		password: operation.parameter('password', ''),
		credentialId: operation.parameter('credentialId', ''),
		ipAddresses: operation.parameter('ipAddresses', ''),
		ipAclId: operation.parameter('ipAclId', ''),
		options: operation.options,
	}),
);

export const provisionInbound: Executor = composite((operation) =>
	provisioning.provisionInbound({
		name: operation.parameter('name'),
		primaryUri: operation.parameter('primaryUri'),
		fallbackUri: operation.parameter('fallbackUri', ''),
		phoneNumbers: operation.parameter('phoneNumbers', ''),
		options: operation.options,
	}),
);

export const connectPlatform: Executor = composite((operation) =>
	provisioning.connectPlatform({
		platform: operation.parameter('platform'),
		name: operation.parameter('name'),
		direction: operation.parameter('direction', 'both'),
		platformHost: operation.parameter('platformHost', ''),
		transport: operation.parameter('transport', ''),
		region: operation.parameter('region', ''),
		phoneNumbers: operation.parameter('phoneNumbers', ''),
		username: operation.parameter('username', ''),
		password: operation.parameter('password', ''),
		options: operation.options,
	}),
);

export const deprovision: Executor = composite((operation) =>
	provisioning.deprovision({
		trunkId: operation.id('trunkId', TRUNK),
		options: operation.options,
	}),
);

export const checkReadiness: Executor = composite((operation) =>
	provisioning.checkReadiness({
		phoneNumber: operation.parameter('phoneNumber', ''),
		trunkId: operation.parameter('trunkId', ''),
	}),
);
