import { TRUNK } from '../plivo/kinds';
import * as provisioning from '../provisioning';
import type { Channel } from '../transport/channel';
import type { Executor, Operation } from './operation';

/**
 * The way to Plivo for several writes as one. Without the item's turn: items of one customer wait for
 * each other, and one that held up the others' turn meanwhile would wait forever.
 */
function channelOf({ channel }: Operation): Channel {
	return { ...channel, turn: undefined };
}

export const provisionOutbound: Executor = async (operation) => [
	await provisioning.provisionOutbound(channelOf(operation), {
		name: operation.parameter('name'),
		sipAuthentication: operation.parameter('sipAuthentication'),
		username: operation.parameter('username', ''),
		password: operation.parameter('password', ''),
		credentialId: operation.parameter('credentialId', ''),
		ipAddresses: operation.parameter('ipAddresses', ''),
		ipAclId: operation.parameter('ipAclId', ''),
		options: operation.options,
	}),
];

export const provisionInbound: Executor = async (operation) => [
	await provisioning.provisionInbound(channelOf(operation), {
		name: operation.parameter('name'),
		primaryUri: operation.parameter('primaryUri'),
		fallbackUri: operation.parameter('fallbackUri', ''),
		phoneNumbers: operation.parameter('phoneNumbers', ''),
		options: operation.options,
	}),
];

export const connectPlatform: Executor = async (operation) => [
	await provisioning.connectPlatform(channelOf(operation), {
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
];

export const deprovision: Executor = async (operation) => [
	await provisioning.deprovision(channelOf(operation), {
		trunkId: operation.id('trunkId', TRUNK),
		options: operation.options,
	}),
];

export const checkReadiness: Executor = async (operation) => [
	await provisioning.checkReadiness(channelOf(operation), {
		phoneNumber: operation.parameter('phoneNumber', ''),
		trunkId: operation.parameter('trunkId', ''),
	}),
];
