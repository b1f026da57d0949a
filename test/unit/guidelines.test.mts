/** What docs/n8n-guidelines.md says of the node's texts and n8n's lint does not check. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { badInput } from '../../nodes/PlivoSipTrunking/failure.ts';
import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import { PlivoSipTrunkingTrigger } from '../../nodes/PlivoSipTrunking/PlivoSipTrunkingTrigger.node.ts';

/** A field with those that it holds. */
const withNested = (field: INodeProperties): INodeProperties[] => [
	field,
	...(field.type === 'collection' ? (field.options as INodeProperties[]).flatMap(withNested) : []),
];

const FIELDS = [new PlivoSipTrunking(), new PlivoSipTrunkingTrigger()].flatMap(({ description }) =>
	description.properties.flatMap(withNested),
);

const OPERATIONS = FIELDS.filter(({ name }) => name === 'operation').flatMap(
	({ options }) => options as INodePropertyOptions[],
);

it('choices are in the order of the alphabet, but for the resources', () => {
	const unsorted = FIELDS.filter(({ type }) => /ptions$|^collection$/.test(type)).filter(
		({ options = [] }) => {
			const names = options.map((one) => ('displayName' in one ? one.displayName : one.name));
			const sorted = [...names].sort((one, other) => one.localeCompare(other));
			return names.join() !== sorted.join();
		},
	);
	expect(unsorted.map(({ name }) => name)).toEqual(['resource']);
});

it('actions have no articles, but where a person is to be asked', () => {
	expect(OPERATIONS.length).toBeGreaterThan(40);
	const withArticle = OPERATIONS.flatMap(({ action = '' }) =>
		/\b(an?|the)\b/.test(action) ? [action] : [],
	);
	expect(withArticle).toEqual([
		'Release phone number for good after asking a person',
		'Rent phone number for money after asking a person',
	]);
});

it('a refusal names the field in single quotes', () => {
	expect(badInput('Phone Numbers', 'is empty', 'Enter one.').message).toBe(
		"'Phone Numbers' is empty",
	);
});

const LABELS = [...new Set(FIELDS.map(({ displayName }) => displayName))].filter((label) =>
	/^(?:Max|Min|Plan|Route|Move|Allow|Skip|Keep|Roll|Reroute|Create or)\b.* /.test(label),
);

it('a description names another field in single quotes', () => {
	expect(LABELS.length).toBeGreaterThan(8);
	const bare = FIELDS.flatMap(({ description = '' }) =>
		LABELS.filter((label) => new RegExp(`(?<!')\\b${label}\\b(?!')`).test(description)),
	);
	expect(bare).toEqual([]);
});
