/**
 * A missing value never means yes: an entry of an operation whose expression finds no value is refused by its label,
 * before any request. The table is made from the nodes' descriptions, so a new option is in it by itself.
 */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import {
	activate,
	closeAccounts,
	type Json,
	newAccount,
	run,
	sentTo,
} from '../support/account.mts';
import { there } from '../support/elements.mts';
import { ToolNode } from '../support/loadedNode.mts';

let account: Simulator;
beforeAll(async () => {
	account = await newAccount();
	account.seed({ trunks: 3, numbers: 3 });
});
beforeEach(() => account.clearRequests());
afterAll(closeAccounts);

/** What an expression may find: the first item lacks the key, as after a step that lost it. */
const NOTHING: Json[] = [{}, ...[null, '', ' ', 'undefined'].map((value) => ({ value }))];
const EXPRESSION = '={{ $json.value }}';

/** Valid parameters: with these alone each operation goes to Plivo. */
const VALID: Json = {
	name: 'Acme',
	trunkId: '21784177241578123',
	trunkDirection: 'outbound',
	sipAuthentication: 'credential',
	credentialId: 'c0000000-0000-4000-8000-000000000001',
	ipAclId: 'a0000000-0000-4000-8000-000000000001',
	originationUriId: 'e0000000-0000-4000-8000-000000000001',
	role: 'primary',
	uri: 'sip.example.com;transport=tcp',
	username: 'acmepbx01',
	password: 'pass#12345',
	ipAddresses: '203.0.113.10',
	phoneNumber: '14155550123',
	applicationId: '16638156474000802',
	callId: '5f5fbbfa-7c39-4d8f-9a21-3b1c8f0e6d42',
	country: 'US',
	maxMonthlyRate: 1,
	alias: 'Acme',
	primaryUri: 'sip.example.com;transport=tcp',
	platform: 'custom',
	platformHost: 'sip.example.com',
	transport: 'tcp',
	updateFields: { name: 'Acme 2', alias: 'Acme' },
};
const OF_OPERATION: Record<string, Json> = {
	'provisioning provisionOutbound': { sipAuthentication: 'newCredential' },
	'originationUri create': { authenticationNeeded: true },
};

/** The exceptions: an empty text is one of the choices. */
const EMPTY_CHOICES = ['call summarize options.groupBy'];

/** What an AI agent can't leave empty either. A login needs both of its parts. */
const NEVER_EMPTY =
	/^provisioning \w+ options\.(planOnly|planDigest|routeNumbers|uriLogin\.\w+)$|^phoneNumber rent filters\./;

/** One entry: its label, and the parameters that give it a value. */
interface Entry {
	readonly resource: string;
	readonly operation: string;
	readonly path: string;
	readonly label: string;
	readonly parametersWith: (value: unknown) => Json;
}

const named = (name: string) => (value: unknown) => ({ [name]: value });

/** The entries of a collection, those within entries too. */
function entriesOf({
	name,
	options = [],
}: INodeProperties): Array<Pick<Entry, 'path' | 'label' | 'parametersWith'>> {
	return (options as INodeProperties[]).flatMap((entry) => [
		{
			path: `${name}.${entry.name}`,
			label: entry.displayName,
			parametersWith: (value) => ({ [name]: { [entry.name]: value } }),
		},
		...(entry.type === 'fixedCollection'
			? (entry.options as INodePropertyCollection[]).flatMap((group) =>
					group.values.map((part) => ({
						path: `${name}.${entry.name}.${part.name}`,
						label: `${entry.displayName}: ${part.displayName}`,
						parametersWith: (value: unknown) => ({
							[name]: {
								[entry.name]: {
									[group.name]: {
										...Object.fromEntries(group.values.map((other) => [other.name, 'secret#1'])),
										[part.name]: value,
									},
								},
							},
						}),
					})),
				)
			: []),
	]);
}

/** What an operation must be told: a switch, and a choice that it can't do without. */
const isDecision = ({ type, required }: INodeProperties) =>
	type === 'boolean' || (type === 'options' && required === true);

const { properties } = new PlivoSipTrunking().description;
const operations = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ displayOptions, options }) =>
		(options as INodePropertyOptions[]).map(({ value }) => ({
			resource: String(displayOptions?.show?.resource),
			operation: String(value),
		})),
	);

const entries: Entry[] = operations.flatMap(({ resource, operation }) =>
	properties
		.filter(
			({ displayOptions: { show } = {} }) =>
				show?.resource?.includes(resource) && show.operation?.includes(operation),
		)
		.filter(({ displayOptions }) => displayOptions?.show?.['@tool'] === undefined)
		.flatMap((field) => {
			if (field.type === 'collection') return entriesOf(field);
			if (!isDecision(field)) return [];
			const { name, displayName } = field;
			return [{ path: name, label: displayName, parametersWith: named(name) }];
		})
		.map((entry) => ({ resource, operation, ...entry })),
);
const idOf = ({ resource, operation, path }: Entry) => `${resource} ${operation} ${path}`;

const validFor = (resource: string, operation: string): Json => ({
	...VALID,
	...OF_OPERATION[`${resource} ${operation}`],
});

it('the table has every operation and every collection', () => {
	expect(operations.length).toBeGreaterThan(40);
	const collections = properties.filter(({ type }) => type === 'collection');
	expect(new Set(entries.map(({ path }) => path.split('.')[0]))).toEqual(
		new Set(
			[...collections.map(({ name }) => name), ...entries.map(({ path }) => path)].filter(
				(path) => !path.includes('.'),
			),
		),
	);
});

it.each(operations)('$resource $operation goes to Plivo with what it needs', async (given) => {
	const { resource, operation } = given;
	const own = await newAccount();
	await run(own, resource, operation, validFor(resource, operation));
	expect(sentTo(own).length).toBeGreaterThan(0);
});

it.each(entries.map((entry) => [idOf(entry), entry] as const))('%s', async (id, entry) => {
	const { resource, operation, label, parametersWith } = entry;
	const parameters = { ...validFor(resource, operation), ...parametersWith(EXPRESSION) };
	const items = NOTHING.filter(({ value }) => value !== '' || !EMPTY_CHOICES.includes(id));
	const { json } = await run(account, resource, operation, parameters, {
		items,
		continueOnFail: true,
	});
	expect(json.map(({ error }) => error)).toEqual(
		items.map(() => expect.stringMatching(`^'${label}' (is|has|contains|stands for) `) as unknown),
	);
	expect(sentTo(account)).toEqual([]);
});

/** What a tool has: all but Simplify, in the place of which it has Output. */
const ofTools = entries.filter(({ path }) => path !== 'simplify');

it.each(ofTools.map((entry) => [idOf(entry), entry] as const))(
	"%s, left empty in an AI agent's tool",
	async (id, { resource, operation, label, path, parametersWith }) => {
		const empty = { ...validFor(resource, operation), ...parametersWith('={{ "" }}') };
		const { json } = await run(account, resource, operation, empty, { node: ToolNode });
		const errors = json.map(({ error }) => error);
		const refusal = expect.stringMatching(`^'${label}' is empty`) as unknown;
		const isOptional = path.includes('.') && !NEVER_EMPTY.test(id);
		if (isOptional || EMPTY_CHOICES.includes(id)) expect(errors).not.toContainEqual(refusal);
		else expect(errors).toEqual([refusal]);
		if (!isOptional) expect(sentTo(account)).toEqual([]);
	},
);

it('an AI agent that leaves the subaccount empty changes the alias alone', async () => {
	const [number] = account.state.numbers.keys();
	const updateFields = { alias: 'Front desk', subaccount: '' };
	const parameters = { phoneNumber: number, updateFields };
	const { json } = await run(account, 'phoneNumber', 'update', parameters, { node: ToolNode });
	expect(json).toEqual([expect.objectContaining({ alias: 'Front desk' })]);
	expect(sentTo(account)).toContainEqual([
		`POST /Number/${String(number)}/`,
		{ alias: 'Front desk' },
	]);
});

describe('the trigger', () => {
	const trigger = new PlivoSipTrunkingTrigger().description.properties;
	const events = there(trigger.find(({ name }) => name === 'event'))
		.options as INodePropertyOptions[];
	const ofEvents = events.flatMap(({ value }) =>
		trigger
			.filter(({ displayOptions }) => displayOptions?.show?.event?.includes(value))
			.flatMap((field) =>
				field.type === 'collection'
					? entriesOf(field)
					: [{ path: field.name, label: field.displayName, parametersWith: named(field.name) }],
			)
			.flatMap((entry) =>
				['undefined', 'null', '""', '" "', '"undefined"'].map(
					(nothing) => [String(value), entry.path, nothing, entry] as const,
				),
			),
	);

	it.each(ofEvents)('%s with %s %s', async (event, _path, nothing, { label, parametersWith }) => {
		const activated = activate(account, event, parametersWith(`={{ ${nothing} }}`));
		await expect(activated).rejects.toThrow(
			new RegExp(`^'${label}' (is|has|contains|stands for) `),
		);
		expect(sentTo(account)).toEqual([]);
	});
});
