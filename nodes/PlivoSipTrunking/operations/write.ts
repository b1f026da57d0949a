import type { IDataObject } from 'n8n-workflow';

import { checkedBoolean } from '../input/boolean';
import { checkedId } from '../input/id';
import { checkedAddresses, withAddresses, withoutAddresses } from '../input/ipAddress';
import { wholeNumber } from '../input/number';
import { CREDENTIAL, generatePassword } from '../records/credential';
import { IP_ACL } from '../records/ipAccessControlList';
import { checkedFields, type Kind, without } from '../records/kind';
import { newOriginationUri, ORIGINATION_URI } from '../records/originationUri';
import { numbersOf } from '../records/references';
import { routePhoneNumber, unroutePhoneNumber } from '../records/route';
import { newTrunk, TRUNK } from '../records/trunk';
import { createRecord, deleteRecord, updateRecord, upsertRecord } from '../records/write';
import type { Executor, Operation } from '../run/operation';
import { badInput, PlivoFailure } from '../failure';
import { pickedId } from './read';

/** The checked fields of a record that an operation wants to exist. */
function newFields(operation: Operation, kind: Kind): IDataObject {
	const { body } = operation;
	// Hidden for an inbound trunk, and then not there at all.
	if (kind === TRUNK) return newTrunk(body, operation.parameter('sipAuthentication', null));
	if (kind === ORIGINATION_URI) return newOriginationUri(body);
	return checkedFields(kind, body);
}

const withWarnings = (record: IDataObject, ...warnings: string[]): IDataObject =>
	warnings.length > 0 ? { ...record, warnings } : record;

/** Makes a record, exactly once. */
export const createOne =
	(kind: Kind): Executor =>
	(operation) => {
		const fields = newFields(operation, kind);
		return async (channel) => {
			const { record, warnings } = await createRecord(channel, kind, fields);
			return [withWarnings(record, ...kind.warningsAbout(fields), ...warnings)];
		};
	};

/** Makes a record unless there is one of its name; brings that in line where it differs. */
export const upsertOne =
	(kind: Kind): Executor =>
	(operation) => {
		const fields = newFields(operation, kind);
		return async (channel) => {
			const { record, created, changed, warnings } = await upsertRecord(channel, kind, fields);
			return [
				withWarnings({ ...record, created, changed }, ...kind.warningsAbout(fields), ...warnings),
			];
		};
	};

/** Changes the fields that are given. */
export const updateOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = pickedId(operation, kind, parameter);
		if (Object.keys(operation.body).length === 0) {
			throw badInput(
				'Update Fields',
				'is empty, so nothing would change',
				'Add at least one field.',
			);
		}
		const changes = checkedFields(kind, operation.body);
		return async (channel) => {
			const warnings = kind.warningsAbout(changes);
			const record = await updateRecord(
				channel,
				kind,
				id,
				async (current) => {
					const { trunk_direction: direction = current.trunk_direction } = changes;
					const turned = direction === 'outbound' && current.trunk_direction === 'inbound';
					if (turned) refuseToTurn(current, await numbersOf(channel, id));
					if (direction !== 'inbound' || changes.secure === undefined) return changes;
					warnings.push(SECURE_IS_OUTBOUND);
					return without(changes, 'secure');
				},
				changes,
			);
			return [withWarnings(record, ...warnings)];
		};
	};

const SECURE_IS_OUTBOUND =
	'Secure was left as it is: it belongs to outbound trunks. Inbound calls are encrypted where their origination URI has ;transport=tls.';

/** A number on an outbound trunk quietly stops answering (live; plivo.com/docs/sip-trunking/api/trunks). */
function refuseToTurn(trunk: IDataObject, numbers: IDataObject[]): void {
	if (numbers.length === 0) return;
	const named = numbers
		.slice(0, 10)
		.map(({ number }) => String(number))
		.join(', ');
	throw new PlivoFailure(
		'conflict',
		`Trunk "${String(trunk.name)}" takes the calls of ${named}, and they would stop answering if it were outbound`,
		'Route these numbers elsewhere first, or make another trunk for outbound calls.',
	);
}

/** Deletes a record unless something depends on it. */
export const deleteOne =
	(kind: Kind, parameter: string): Executor =>
	(operation) => {
		const id = operation.id(parameter, kind);
		const force = checkedBoolean('Force', operation.options.force ?? false);
		return async (channel) => {
			const { warnings } = await deleteRecord(channel, kind, id, force);
			return [withWarnings({ deleted: true, [kind.idField]: id }, ...warnings)];
		};
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
	(operation) => {
		const id = operation.id('trunkId', TRUNK);
		const changes = changesOf(operation);
		return async (channel) => [
			await updateRecord(
				channel,
				TRUNK,
				id,
				(trunk) => {
					if (direction && trunk.trunk_direction !== direction) throw wrongWay(trunk, direction);
					return changes;
				},
				changes,
			),
		];
	};

const wrongWay = (trunk: IDataObject, direction: 'inbound' | 'outbound') =>
	new PlivoFailure(
		'conflict',
		`Trunk "${String(trunk.name)}" is ${String(trunk.trunk_direction)}, and this goes with ${direction} trunks only`,
		direction === 'inbound'
			? 'Choose an inbound trunk: origination URIs tell where incoming calls go.'
			: 'Choose an outbound trunk: credentials and IP access control lists tell who may call out.',
	);

/** The id in a parameter, as the value of a trunk's field. */
export const reference =
	(parameter: string, kind: Kind, field: string) => (operation: Operation) => ({
		[field]: operation.id(parameter, kind),
	});

/** Sets a credential's password; its username goes along, and the name where it changes. */
export const updateCredential: Executor = (operation) => {
	const id = operation.id('credentialId', CREDENTIAL);
	const changes = checkedFields(CREDENTIAL, operation.body);
	return async (channel) => [await updateRecord(channel, CREDENTIAL, id, () => changes, changes)];
};

/** Gives a credential a new password, which is answered this once. */
export const rotatePassword: Executor = (operation) => {
	const id = operation.id('credentialId', CREDENTIAL);
	const password = generatePassword(wholeNumber('Length', operation.options.length ?? 20, 5, 20));
	return async (channel) => {
		const record = await updateRecord(channel, CREDENTIAL, id, () => ({ password })).catch(
			(failure: unknown): never => {
				if (!(failure instanceof PlivoFailure) || !failure.details.maybeDone) throw failure;
				throw new PlivoFailure(
					failure.kind,
					`${failure.message}. The old password may no longer work`,
					`Run Rotate Password again: it sets a new password and returns it. ${failure.description}`,
					failure.details,
				);
			},
		);
		return [{ ...record, password }];
	};
};

/** Adds addresses to an IP access control list, or takes some off it. */
export const changeAddresses =
	(how: 'add' | 'remove'): Executor =>
	(operation) => {
		const id = operation.id('ipAclId', IP_ACL);
		const addresses = checkedAddresses('IP Addresses', operation.parameter('ipAddresses'));
		return async (channel) => {
			const warnings = how === 'add' ? IP_ACL.warningsAbout({ ip_addresses: addresses }) : [];
			const record = await updateRecord(channel, IP_ACL, id, (current): IDataObject => {
				const before = (current.ip_addresses ?? []) as string[];
				if (how === 'add') {
					const after = withAddresses(before, addresses);
					return after.length === before.length ? {} : { ip_addresses: after };
				}
				const { left, removed, notThere } = withoutAddresses(before, addresses);
				if (removed.length > 0 && left.length === 0) throw wouldBeEmpty();
				if (notThere.length > 0) {
					warnings.push(`Not in the list, so nothing to remove: ${notThere.join(', ')}.`);
				}
				return removed.length === 0 ? {} : { ip_addresses: left };
			});
			return [withWarnings(record, ...warnings)];
		};
	};

const wouldBeEmpty = () =>
	new PlivoFailure(
		'conflict',
		'These are all addresses of the list, and an empty list would let nobody call',
		'Leave at least one address, or delete the list.',
	);

/** Routes a phone number to an inbound trunk or to an application; answers what it was routed to. */
export const route =
	(to: 'trunk' | 'application'): Executor =>
	(operation) => {
		const number = operation.phoneNumber('phoneNumber');
		const id =
			to === 'trunk'
				? operation.id('trunkId', TRUNK)
				: checkedId('Application ID', operation.parameter('applicationId'), 'application');
		const { allowDisabledTrunk = false, skipComplianceCheck = false } = operation.options;
		const options = {
			allowDisabledTrunk: checkedBoolean('Allow Disabled Trunk', allowDisabledTrunk),
			skipComplianceCheck: checkedBoolean('Skip Compliance Check', skipComplianceCheck),
		};
		return async (channel) => [await routePhoneNumber(channel, number, { kind: to, id }, options)];
	};

/** Takes a phone number off its trunk or application; answers what it was routed to. */
export const unroute: Executor = (operation) => {
	const number = operation.phoneNumber('phoneNumber');
	return async (channel) => [await unroutePhoneNumber(channel, number)];
};
