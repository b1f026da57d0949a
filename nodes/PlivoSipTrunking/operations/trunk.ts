import { PlivoFailure } from '../failure';
import { checkedChoice } from '../input/choice';
import { normalizedName } from '../input/name';
import { checkedText } from '../input/text';
import { CREDENTIAL } from '../records/credential';
import { IP_ACL } from '../records/ipAccessControlList';
import { nameAndId, type Values, without } from '../records/kind';
import type { Listing } from '../records/list';
import { ORIGINATION_URI } from '../records/originationUri';
import type { PhoneNumber } from '../records/phoneNumber';
import { numbersOf, phoneNumbersOf } from '../records/references';
import { directionLabel, newTrunk, TRUNK, type Trunk, trunkFilters } from '../records/trunk';
import type { Executor, Operation } from '../run/operation';
import { crud } from './crud';
import {
	body,
	booleanField,
	collection,
	credentialId,
	type Field,
	inboundTrunkId,
	ipAclId,
	listOptions,
	moveRoutedNumbers,
	nameField,
	newNameField,
	optional,
	options,
	optionsWith,
	originationUriId,
	outboundTrunkId,
	query,
	returnAllOrLimit,
	simplifyOption,
	textField,
	trunkId,
	updateFields,
	viewFields,
	writeOptions,
} from './fields';
import { operation, resource } from './operation';
import { getMany, writtenView } from './read';
import { changeByHand, changesOf, createOne, upsertOne, withWarnings } from './write';

const trunkDirection: Field = {
	displayName: 'Direction',
	name: 'trunkDirection',
	type: 'options',
	options: [
		{
			name: 'Inbound',
			value: 'inbound',
			description: 'Calls to your phone numbers: from Plivo to your PBX or voice platform',
		},
		{
			name: 'Outbound',
			value: 'outbound',
			description: 'Calls that you make: from your PBX or voice platform to Plivo',
		},
	],
	default: 'outbound',
	required: true,
	description: 'Which way calls go. For both directions, create two trunks.',
	routing: body('trunk_direction'),
};

const trunkStatus: Field = {
	displayName: 'Status',
	name: 'trunkStatus',
	type: 'options',
	options: [
		{ name: 'Disabled', value: 'disabled', description: 'The trunk carries no calls' },
		{ name: 'Enabled', value: 'enabled', description: 'The trunk carries calls' },
	],
	default: 'enabled',
	description: 'Whether the trunk carries calls',
	routing: body('trunk_status'),
};

const secure = booleanField({
	displayName: 'Secure',
	name: 'secure',
	description:
		'Whether calls are encrypted (TLS and SRTP). Plivo bills it per minute, and your PBX or platform must support it.',
	routing: body('secure'),
});

// None of these is `required`: with an expression for the direction n8n shows them all, and would want
// them all filled in. The item itself refuses what is missing.

const credential: Field = {
	...optional(credentialId),
	description: 'The username and password that your PBX authenticates with',
	routing: body('credential_uuid'),
};

const ipAcl: Field = {
	...optional(ipAclId),
	description: 'The addresses that your PBX calls from',
	routing: body('ipacl_uuid'),
};

const primaryUri: Field = {
	...optional(originationUriId),
	displayName: 'Primary URI',
	name: 'primaryUriId',
	description: 'The origination URI that incoming calls go to: the address of your PBX or platform',
	routing: body('primary_uri_uuid'),
};

const fallbackUri: Field = {
	...optional(originationUriId),
	displayName: 'Fallback URI',
	name: 'fallbackUriId',
	description: 'Where incoming calls go when the primary URI does not answer. For inbound trunks.',
	routing: body('fallback_uri_uuid'),
};

const shownWith = (show: { [parameter: string]: string[] }) => ({ displayOptions: { show } });

/** How much of a trunk is returned. */
const trunkView = viewFields([...(TRUNK.mainFields ?? []), 'created_at', 'updated_at']);

const newTrunkFields: Field[] = [
	nameField,
	trunkDirection,
	{
		displayName: 'Authentication',
		name: 'sipAuthentication',
		type: 'options',
		options: [
			{
				name: 'Both',
				value: 'both',
				description: 'Plivo accepts calls only with the right password and from the right address',
			},
			{
				name: 'IP Access Control List',
				value: 'ipAcl',
				description:
					'Plivo accepts calls from certain addresses only. For a PBX with a static address.',
			},
			{
				name: 'SIP Credential',
				value: 'credential',
				description:
					'Your PBX authenticates with a username and password. Recommended for most setups.',
			},
		],
		default: 'credential',
		required: true,
		description: 'How outbound calls are authenticated',
		...shownWith({ trunkDirection: ['outbound'] }),
	},
	{
		...credential,
		...shownWith({ trunkDirection: ['outbound'], sipAuthentication: ['credential', 'both'] }),
	},
	{
		...ipAcl,
		...shownWith({ trunkDirection: ['outbound'], sipAuthentication: ['ipAcl', 'both'] }),
	},
	{ ...primaryUri, ...shownWith({ trunkDirection: ['inbound'] }) },
	collection('Additional Fields', 'additionalFields', 'Add Field', [
		fallbackUri,
		secure,
		trunkStatus,
	]),
];

/** What these fields make: the fields of the new trunk, checked. */
const newTrunkOf = (operation: Operation): Values =>
	// Hidden for an inbound trunk, and then not there at all.
	newTrunk(operation.body, operation.parameter('sipAuthentication', null));

const filters = collection('Filters', 'filters', 'Add Filter', [
	{ ...optional(trunkDirection), routing: query('trunk_direction') },
	{
		...optional(originationUriId),
		displayName: 'Fallback URI',
		name: 'fallbackUriId',
		routing: query('fallback_uri_uuid'),
	},
	{ ...optional(ipAclId), routing: query('ipacl_uuid') },
	textField({
		displayName: 'Name Contains',
		name: 'name',
		placeholder: 'e.g. Acme',
		description: 'Part of the name, not case-sensitive',
		routing: query('name'),
	}),
	{
		...optional(originationUriId),
		displayName: 'Primary URI',
		name: 'primaryUriId',
		routing: query('primary_uri_uuid'),
	},
	{ ...secure, description: 'Whether calls are encrypted', routing: query('secure') },
	{ ...optional(credentialId), routing: query('credential_uuid') },
	{ ...trunkStatus, routing: query('trunk_status') },
]);

/** Plivo can't filter by a part of the name. */
function listing({ qs }: Operation): Listing<Trunk> {
	const filters = trunkFilters(qs);
	if (qs.name === undefined) return { filters };
	const part = normalizedName(checkedText('Name Contains', qs.name)).toLowerCase();
	const accept = ({ name }: Trunk) =>
		normalizedName(name ?? '')
			.toLowerCase()
			.includes(part);
	return { filters, accept };
}

/**
 * Changes one thing about a trunk.
 *
 * @param changesOf Plivo's fields to set, checked
 * @param direction the only direction that it makes sense for
 */
const changeTrunk =
	(changesOf: (operation: Operation) => Values, direction?: 'inbound' | 'outbound'): Executor =>
	(operation) => {
		const id = operation.id('trunkId', TRUNK);
		const changes = changesOf(operation);
		const fitting = (trunk: Trunk) => {
			if (direction && trunk.trunk_direction !== direction) throw wrongWay(trunk, direction);
			return changes;
		};
		const shown = writtenView(operation, TRUNK);
		return async (channel) => {
			const update = { changesOf: fitting, known: changes };
			const { record, warnings } = await changeByHand(channel, { kind: TRUNK, id }, update);
			return [withWarnings(shown(record), warnings)];
		};
	};

const wrongWay = (trunk: Trunk, direction: 'inbound' | 'outbound') =>
	new PlivoFailure(
		'conflict',
		`Trunk ${nameAndId(TRUNK, trunk)} is ${directionLabel(trunk)}, and this works with ${direction} trunks only`,
		direction === 'inbound'
			? 'Choose an inbound trunk: origination URIs set where incoming calls go.'
			: 'Choose an outbound trunk: credentials and IP access control lists decide who may call out.',
	);

const attachIpAcl = operation({
	name: 'Attach IP Access Control List',
	value: 'attachIpAcl',
	action: 'Attach IP access control list to trunk',
	description: 'Let an outbound trunk accept calls from the addresses of an IP access control list',
	fields: [outboundTrunkId, ipAclId, writeOptions],
	run: changeTrunk((operation) => ({ ipacl_uuid: operation.id('ipAclId', IP_ACL) }), 'outbound'),
});

const role: Field = {
	displayName: 'Role',
	name: 'role',
	type: 'options',
	options: [
		{
			name: 'Fallback',
			value: 'fallback',
			description: 'Receives calls when the primary URI does not answer',
		},
		{ name: 'Primary', value: 'primary', description: 'Receives calls first' },
	],
	default: 'primary',
	required: true,
	description: 'Whether the URI receives calls first, or only when the primary URI does not answer',
};

const ROLES = { primary: 'primary_uri_uuid', fallback: 'fallback_uri_uuid' } as const;

const attachOriginationUri = operation({
	name: 'Attach Origination URI',
	value: 'attachOriginationUri',
	action: 'Attach origination URI to trunk',
	description: 'Set where an inbound trunk sends its calls',
	fields: [inboundTrunkId, originationUriId, role, writeOptions],
	run: changeTrunk((operation) => {
		const chosen = checkedChoice('Role', operation.parameter('role'), ['primary', 'fallback']);
		return { [ROLES[chosen]]: operation.id('originationUriId', ORIGINATION_URI) };
	}, 'inbound'),
});

const attachCredential = operation({
	name: 'Attach SIP Credential',
	value: 'attachCredential',
	action: 'Attach SIP credential to trunk',
	description: 'Let an outbound trunk accept calls that authenticate with a SIP credential',
	fields: [outboundTrunkId, credentialId, writeOptions],
	run: changeTrunk(
		(operation) => ({ credential_uuid: operation.id('credentialId', CREDENTIAL) }),
		'outbound',
	),
});

const disable = operation({
	name: 'Disable',
	value: 'disable',
	action: 'Disable trunk',
	description: 'Stop a trunk from carrying calls, without deleting it',
	fields: [trunkId, writeOptions],
	run: changeTrunk(() => ({ trunk_status: 'disabled' })),
});

const enable = operation({
	name: 'Enable',
	value: 'enable',
	action: 'Enable trunk',
	description: 'Let a trunk carry calls',
	fields: [trunkId, writeOptions],
	run: changeTrunk(() => ({ trunk_status: 'enabled' })),
});

const SECURE_IS_OUTBOUND =
	"'Secure' was not changed: it applies to outbound trunks only. Inbound calls are encrypted where their origination URI ends in ;transport=tls.";

/** A number on an outbound trunk quietly stops answering (live; plivo.com/docs/sip-trunking/api/trunks). */
function objectionToTurning(trunk: Trunk, numbers: PhoneNumber[]): PlivoFailure | undefined {
	if (numbers.length === 0) return undefined;
	return new PlivoFailure(
		'conflict',
		`Trunk ${nameAndId(TRUNK, trunk)} takes the calls of ${phoneNumbersOf(numbers)}, and they would stop answering if it were outbound`,
		'Route every number of this trunk elsewhere first, or create another trunk for outbound calls.',
	);
}

/** Changes the fields that are given, where they make sense for the trunk's direction. */
const updateTrunk: Executor = (operation) => {
	const id = operation.id('trunkId', TRUNK);
	const shown = writtenView(operation, TRUNK);
	const changes = changesOf(operation, TRUNK);
	const isDropped = (direction: unknown) =>
		(changes.trunk_direction ?? direction) === 'inbound' && changes.secure !== undefined;
	return async (channel) => {
		const { record, warnings } = await changeByHand(
			channel,
			{ kind: TRUNK, id },
			{
				changesOf: (current) =>
					isDropped(current.trunk_direction) ? without(changes, 'secure') : changes,
				known: changes,
				async guard(holding, current) {
					const isTurned =
						changes.trunk_direction === 'outbound' && current.trunk_direction !== 'outbound';
					if (!isTurned) return {};
					return { objection: objectionToTurning(current, await numbersOf(holding, id)) };
				},
			},
		);
		const dropped = isDropped(record.trunk_direction) ? [SECURE_IS_OUTBOUND] : [];
		return [withWarnings(shown(record), [...dropped, ...warnings])];
	};
};

const { create, upsert, del, get, getAll, update } = crud(TRUNK, trunkId, 'trunk');

export const trunk = resource({ name: 'Trunk', value: 'trunk' }, 'create', [
	attachIpAcl,
	attachOriginationUri,
	attachCredential,
	create({ fields: [...newTrunkFields, writeOptions], run: createOne(TRUNK, newTrunkOf) }),
	upsert({
		fields: [...newTrunkFields, optionsWith(moveRoutedNumbers, simplifyOption)],
		run: upsertOne(TRUNK, newTrunkOf),
	}),
	del({ description: 'Delete a trunk unless phone numbers are routed to it' }),
	disable,
	enable,
	get({ fields: [trunkId, ...trunkView, options] }),
	getAll({
		description: 'Retrieve a list of trunks, optionally filtered',
		fields: [...returnAllOrLimit, ...trunkView, filters, listOptions],
		run: getMany(TRUNK, listing),
	}),
	update({
		fields: [
			trunkId,
			updateFields(
				optional(trunkDirection),
				fallbackUri,
				ipAcl,
				newNameField,
				primaryUri,
				secure,
				credential,
				trunkStatus,
			),
			writeOptions,
		],
		run: updateTrunk,
	}),
]);
