import type { IDataObject } from 'n8n-workflow';

import { guardDelete } from '../plivo/dependents';
import {
	CREDENTIAL,
	IP_ACL,
	type Kind,
	ORIGINATION_URI,
	PHONE_NUMBER,
	TRUNK,
} from '../plivo/kinds';
import { generatePassword } from '../plivo/passwords';
import { getRecord } from '../plivo/read';
import { routeOf } from '../plivo/route';
import {
	checkedAddresses,
	checkedFields,
	checkedId,
	newOriginationUri,
	newTrunk,
	originationUriChanges,
	warningsAbout,
} from '../plivo/rules';
import {
	createRecord,
	deleteRecord,
	holdRecord,
	routeNumber,
	updateRecord,
	upsertRecord,
} from '../plivo/write';
import { wholeNumber } from '../transport/channel';
import { badInput, PlivoFailure } from '../transport/failure';
import type { Executor, Operation } from './operation';

/** The checked fields of a record that an operation wants to exist. */
function newFields(operation: Operation, kind: Kind): IDataObject {
	const { body } = operation;
	// Hidden for an inbound trunk, and then not there at all.
	if (kind === TRUNK) return newTrunk(body, operation.parameter('sipAuthentication', null));
	if (kind === ORIGINATION_URI) return newOriginationUri(body);
	return checkedFields(kind, body);
}

function withWarnings(kind: Kind, fields: IDataObject, record: IDataObject): IDataObject {
	const warnings = warningsAbout(kind, fields);
	return warnings.length > 0 ? { ...record, warnings } : record;
}

/** Makes a record, exactly once. */
export const createOne =
	(kind: Kind): Executor =>
	async (operation) => {
		const fields = newFields(operation, kind);
		return [withWarnings(kind, fields, await createRecord(operation.channel, kind, fields))];
	};

/** Makes a record unless there is one of its name; brings that in line where it differs. */
export const upsertOne =
	(kind: Kind): Executor =>
	async (operation) => {
		const fields = newFields(operation, kind);
		const { record, created, changed } = await upsertRecord(operation.channel, kind, fields);
		return [withWarnings(kind, fields, { ...record, created, changed })];
	};

/** Changes the fields that are given. */
export const updateOne =
	(kind: Kind, parameter: string): Executor =>
	async (operation) => {
		const id = operation.id(parameter, kind);
		if (Object.keys(operation.body).length === 0) {
			throw badInput(
				'Update Fields',
				'is empty, so nothing would change',
				'Add at least one field.',
			);
		}
		const changes = checkedFields(kind, operation.body);
		const record = await holdRecord(operation.channel, kind, id, async () =>
			kind === TRUNK
				? await updateTrunk(operation, id, changes)
				: await updateOther(operation, kind, id, changes),
		);
		return [withWarnings(kind, changes, record)];
	};

async function updateTrunk(
	{ channel }: Operation,
	id: string,
	changes: IDataObject,
): Promise<IDataObject> {
	// Every update states the direction (live; plivo-cli 1.1.1): where it is given, nothing is to be read.
	const { trunk_direction } = changes;
	return await updateRecord(
		channel,
		TRUNK,
		id,
		changes,
		trunk_direction ? { trunk_direction } : undefined,
	);
}

async function updateOther(
	{ channel }: Operation,
	kind: Kind,
	id: string,
	changes: IDataObject,
): Promise<IDataObject> {
	const current = await getRecord(channel, kind, id);
	return await updateRecord(channel, kind, id, completed(kind, changes, current), current);
}

/** The changes with what Plivo wants to be said again. */
function completed(kind: Kind, changes: IDataObject, current: IDataObject): IDataObject {
	if (kind === ORIGINATION_URI) return originationUriChanges(changes, current);
	// A password without its username is refused (live; plivo-cli 1.1.1).
	return kind === CREDENTIAL ? { username: current.username, ...changes } : changes;
}

/** Deletes a record unless something depends on it. */
export const deleteOne =
	(kind: Kind, parameter: string): Executor =>
	async (operation) => {
		const id = operation.id(parameter, kind);
		await guardDelete(operation.channel, kind, id, operation.options.force === true);
		await deleteRecord(operation.channel, kind, id);
		return [{ deleted: true, [kind.idField]: id }];
	};

/**
 * Changes one thing about a trunk.
 *
 * @param changesOf Plivo's fields to set, from the operation's parameters
 * @param direction the only direction that it makes sense for
 */
export const changeTrunk =
	(
		changesOf: (operation: Operation) => IDataObject,
		direction?: 'inbound' | 'outbound',
	): Executor =>
	async (operation) => {
		const { channel } = operation;
		const id = operation.id('trunkId', TRUNK);
		const changes = changesOf(operation);
		return [
			await holdRecord(channel, TRUNK, id, async () => {
				const trunk = await getRecord(channel, TRUNK, id);
				if (direction && trunk.trunk_direction !== direction) {
					throw new PlivoFailure(
						'conflict',
						`Trunk "${String(trunk.name)}" is ${String(trunk.trunk_direction)}, and this goes with ${direction} trunks only`,
						direction === 'inbound'
							? 'Choose an inbound trunk: origination URIs tell where incoming calls go.'
							: 'Choose an outbound trunk: credentials and IP access control lists tell who may call out.',
					);
				}
				return await updateRecord(channel, TRUNK, id, changes, trunk);
			}),
		];
	};

/** The id in a parameter, as the value of a trunk's field. */
export const reference =
	(parameter: string, kind: Kind, field: string) => (operation: Operation) => ({
		[field]: operation.id(parameter, kind),
	});

/** Sets a credential's password; its username goes along, and the name where it changes. */
export const updateCredential: Executor = async (operation) => {
	const { channel } = operation;
	const id = operation.id('credentialId', CREDENTIAL);
	const changes = checkedFields(CREDENTIAL, operation.body);
	return [
		await holdRecord(
			channel,
			CREDENTIAL,
			id,
			async () => await updateOther(operation, CREDENTIAL, id, changes),
		),
	];
};

/** Gives a credential a new password, which is answered this once. */
export const rotatePassword: Executor = async (operation) => {
	const { channel } = operation;
	const id = operation.id('credentialId', CREDENTIAL);
	const password = generatePassword(wholeNumber('Length', operation.options.length ?? 20, 5, 20));
	const record = await holdRecord(
		channel,
		CREDENTIAL,
		id,
		async () => await updateOther(operation, CREDENTIAL, id, { password }),
	);
	return [{ ...record, password }];
};

/** Adds addresses to an IP access control list, or takes some off it. */
export const changeAddresses =
	(how: 'add' | 'remove'): Executor =>
	async (operation) => {
		const { channel } = operation;
		const id = operation.id('ipAclId', IP_ACL);
		const addresses = checkedAddresses('IP Addresses', operation.parameter('ipAddresses'));
		const record = await holdRecord(channel, IP_ACL, id, async () => {
			const current = await getRecord(channel, IP_ACL, id);
			const before = (current.ip_addresses ?? []) as string[];
			const after =
				how === 'add'
					? [...new Set([...before, ...addresses])]
					: before.filter((address) => !addresses.includes(address));
			if (after.length === before.length) return current;
			if (after.length === 0) {
				throw new PlivoFailure(
					'conflict',
					'These are all addresses of the list, and an empty list would let nobody call',
					'Leave at least one address, or delete the list.',
				);
			}
			return await updateRecord(channel, IP_ACL, id, { ip_addresses: after }, current);
		});
		return [how === 'add' ? withWarnings(IP_ACL, { ip_addresses: addresses }, record) : record];
	};

/** Routes a phone number to an inbound trunk or to an application; answers what it was routed to. */
export const routePhoneNumber =
	(to: 'trunk' | 'application'): Executor =>
	async (operation) => {
		const { channel } = operation;
		const digits = operation.phoneNumber('phoneNumber');
		const target =
			to === 'trunk'
				? operation.id('trunkId', TRUNK)
				: checkedId('Application ID', operation.parameter('applicationId'));
		return [
			await holdRecord(channel, PHONE_NUMBER, digits, async () => {
				if (to === 'trunk') await requireInbound(operation, target);
				const number = await getRecord(channel, PHONE_NUMBER, digits);
				const previous = number.application ?? null;
				const route = routeOf(previous);
				if (route?.kind !== to || route.id !== target) {
					await routeNumber(channel, digits, target);
				}
				const path = to === 'trunk' ? 'Zentrunk/Trunk' : 'Application';
				const account = new URL(channel.accountUrl).pathname;
				return {
					...number,
					application: `${account}/${path}/${target}/`,
					previous_application: previous,
				};
			}),
		];
	};

/** A number on an outbound trunk quietly stops answering (live; plivo.com/docs/sip-trunking/api/trunks). */
async function requireInbound({ channel }: Operation, trunkId: string): Promise<void> {
	const trunk = await getRecord(channel, TRUNK, trunkId);
	if (trunk.trunk_direction === 'inbound') return;
	throw new PlivoFailure(
		'conflict',
		`Trunk "${String(trunk.name)}" is outbound, and a number routed to it would stop answering`,
		'Choose an inbound trunk.',
	);
}
