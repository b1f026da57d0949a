import {
	fillIn,
	fillJson,
	type Json,
	type View,
} from '../../nodes/PlivoSipTrunking/knowledge/template.ts';

const VIEW: View = {
	name: 'Acme {{secret}}',
	secret: 'x',
	none: '',
	on: true,
	off: false,
	port: 5060,
	unknown: undefined,
	list: ['a', 'b'],
	empty: [],
	side: { port: 5061, tls: true },
	sides: [{ port: 1 }, { port: 2, name: 'own' }],
};

describe('a text', () => {
	it.each([
		['{{port}} {{on}} {{list}}', '5060 true a, b'],
		// A value is never read as a template, in a section either.
		['{{name}}', 'Acme {{secret}}'],
		['{{#on}}{{name}}{{/on}}', 'Acme {{secret}}'],
		['{{#on}}yes{{/on}}{{^on}}no{{/on}}', 'yes'],
		['{{#off}}yes{{/off}}{{^off}}no{{/off}}', 'no'],
		['{{#none}}yes{{/none}}{{#unknown}}yes{{/unknown}}{{^missing}}no{{/missing}}', 'no'],
		['{{#list}}<{{.}}>{{/list}}{{^empty}}none{{/empty}}', '<a><b>none'],
		['{{#side}}{{port}}{{#tls}} {{name}}{{/tls}}{{/side}} {{port}}', '5061 Acme {{secret}} 5060'],
		['{{#sides}}{{port}} {{name}};{{/sides}}', '1 Acme {{secret}};2 own;'],
		// A tag with a line of its own leaves none; line ends within a line stay.
		['a\n{{#on}}\nb\n{{/on}}\nc\n', 'a\nb\nc\n'],
		['a\n{{#off}}\nb\n{{/off}}\nc\n', 'a\nc\n'],
		['a {{#off}}b{{/off}}\nc', 'a \nc'],
		['a\n{{! why }}\nb', 'a\nb'],
		['${EXTEN:1} {name} $& $1', '${EXTEN:1} {name} $& $1'],
	])('%j becomes %j', (template, text) => expect(fillIn(template, VIEW)).toBe(text));

	it('has its values escaped, and nothing else', () => {
		expect(fillIn('<{{#list}}{{.}}{{/list}}>{{name}}', VIEW, (value) => `[${value}]`)).toBe(
			'<[a][b]>[Acme {{secret}}]',
		);
	});

	it.each(['{{unknown}}', '{{missing}}', '{{#on}}{{missing}}{{/on}}'])(
		'%j is an error, and never sent with a gap',
		(template) => expect(() => fillIn(template, VIEW)).toThrow('No value for {{'),
	);
});

describe('JSON', () => {
	it.each<[Json, Json]>([
		[
			{ port: '{{port}}', text: 'port {{port}}' },
			{ port: 5060, text: 'port 5060' },
		],
		[
			{ list: '{{list}}', on: '{{on}}', left: '{{unknown}}' },
			{ list: ['a', 'b'], on: true },
		],
		[
			{ a: 1, '#on': { b: { c: null } }, '#off': { d: 1 } },
			{ a: 1, b: { c: null } },
		],
		[
			['x', { '#off': 'no' }, { '#list': { name: '{{.}}' } }],
			['x', { name: 'a' }, { name: 'b' }],
		],
		[
			[{ '#on': { '#sides': '{{port}}' } }, { '#off': { '#sides': '{{port}}' } }],
			[1, 2],
		],
	])('%j becomes %j', (template, json) => expect(fillJson(template, VIEW)).toEqual(json));
});
