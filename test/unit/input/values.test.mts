import fc from '../../support/fastCheck.mts';

import { checkedBoolean } from '../../../nodes/PlivoSipTrunking/input/boolean.ts';
import { checkedChoice, checkedChoices } from '../../../nodes/PlivoSipTrunking/input/choice.ts';
import {
	checkedAuthId,
	checkedAuthToken,
	checkedBaseUrl,
} from '../../../nodes/PlivoSipTrunking/input/credential.ts';
import { checkedRate, wholeNumber } from '../../../nodes/PlivoSipTrunking/input/number.ts';
import {
	checkedPassword,
	checkedUriPassword,
	checkedUsername,
} from '../../../nodes/PlivoSipTrunking/input/login.ts';
import {
	checkedText,
	isBlank,
	narrow,
	standInProblem,
} from '../../../nodes/PlivoSipTrunking/input/text.ts';
import { NOTHING, refused, understood, WEIRD } from './refusal.mts';

const directions = ['inbound', 'outbound', 'both'] as const;
const services = ['voice', 'sms', 'mms'] as const;

describe('true and false', () => {
	it.each([true, 'true', 'TRUE', ' yes ', 'On', '1', 1])('%p is true', (value) =>
		expect(checkedBoolean('Secure', value)).toBe(true),
	);
	it.each([false, 'false', 'FALSE', ' no\n', 'OFF', '0', 0])('%p is false', (value) =>
		expect(checkedBoolean('Secure', value)).toBe(false),
	);
	it.each([2, 'maybe', {}, [], NaN, 'null', -1])('%p is refused', (value) =>
		expect(refused(() => checkedBoolean('Secure', value))).toMatch(
			/^'Secure' is .*, neither true nor false$/,
		),
	);
	it.each(NOTHING)('%j is empty', (value) =>
		expect(refused(() => checkedBoolean('Secure', value))).toBe("'Secure' is empty"),
	);
});

describe('a choice', () => {
	it.each([
		['Outbound', 'outbound'],
		[' BOTH ', 'both'],
		['in-bound', 'inbound'],
	])('%p is %s', (value, choice) =>
		expect(checkedChoice('Direction', value, directions)).toBe(choice),
	);
	it('knows its label', () => {
		expect(checkedChoice('A', 'New Credential', ['newCredential', 'ipAcl'])).toBe('newCredential');
		expect(checkedChoice('A', 'not verified', ['Verified', 'Not Verified'])).toBe('Not Verified');
	});
	it.each([['sideways'], [5], [{}], [['both']], [true]])('%p is refused', (value) =>
		expect(refused(() => checkedChoice('Direction', value, directions))).toMatch(
			/^'Direction' is .*, which is not one of the choices$/,
		),
	);
	it.each(NOTHING)('%j is empty', (value) =>
		expect(refused(() => checkedChoice('Direction', value, directions))).toBe(
			"'Direction' is empty",
		),
	);

	it.each([
		[['sms', 'Voice']],
		['voice, sms'],
		['VOICE;SMS'],
		['voice sms'],
		['voice+sms'],
		['["voice","sms"]'],
		[['voice,sms']],
	])('%j are voice and sms', (value) =>
		expect(checkedChoices('Services', value, services)).toEqual(['voice', 'sms']),
	);
	it.each<[unknown, string]>([
		['voice, fax', 'contains "fax"'],
		[[42], 'contains 42'],
		[[], 'is empty'],
		['', 'is empty'],
	])('%j are refused', (value, message) =>
		expect(refused(() => checkedChoices('Services', value, services))).toContain(message),
	);
});

describe('a number', () => {
	it.each([5, '5', ' 5 ', '5.0', '5.00', '+5', '５'])('%p is 5', (value) =>
		expect(wholeNumber('Limit', value, 0, 10)).toBe(5),
	);
	it.each([
		[1.5],
		['1.5'],
		['5 s'],
		['1e1'],
		[11],
		['-1'],
		['1,000'],
		['1.000'],
		['٥'],
		[{}],
		[[5]],
		[true],
		[NaN],
		[2 ** 53],
	])('%p is refused', (value) =>
		expect(refused(() => wholeNumber('Limit', value, 0, 10))).toContain(
			'must be a whole number from 0 to 10',
		),
	);
	it('of any size', () => {
		expect(wholeNumber('Duration', '86400', 0, Infinity)).toBe(86_400);
		expect(Object.is(wholeNumber('Duration', -0, 0, 5), 0)).toBe(true);
		expect(refused(() => wholeNumber('Duration', '', 0, Infinity))).toBe(
			"'Duration' is empty, but must be a whole number of 0 or more",
		);
	});

	it.each([
		[1.5, 1.5],
		['1.50', 1.5],
		['$1.50', 1.5],
		['US$ 1.50', 1.5],
		['1.50 USD', 1.5],
		['0.80000', 0.8],
		[0, 0],
	])('%p are %d dollars', (value, rate) => expect(checkedRate('Rate', value)).toBe(rate));
	it.each<[unknown, string]>([
		['1,50', 'not an amount'],
		['1.500', 'not an amount'],
		['1,500', 'not an amount'],
		['€1.50', 'not an amount'],
		[-1, 'not an amount'],
		['-1.50', 'not an amount'],
		['', 'is empty'],
		[{}, 'not an amount'],
		[Infinity, 'not an amount'],
	])('%p are refused', (value, message) =>
		expect(refused(() => checkedRate('Rate', value))).toContain(message),
	);
});

describe('a username', () => {
	it.each(['abcde', 'A1B2C3D4E5F6G7H8I9J0', 'livekit_trunk', ' sip_user_1 ', 12345])(
		'may be %p',
		(value) => expect(checkedUsername('Username', value)).toBe(String(value).trim()),
	);
	it.each<[unknown, string]>([
		['abcd', '5 to 20'],
		['a'.repeat(21), '5 to 20'],
		['acme-pbx', 'letters, digits and underscores'],
		['acmé1', 'letters, digits and underscores'],
		['', 'empty'],
		[{}, 'not text'],
	])('may not be %p', (value, message) =>
		expect(refused(() => checkedUsername('Username', value))).toContain(message),
	);
});

describe('a password', () => {
	it.each([...'~!@#$%^&*()_+'])('may have %p as its one special', (special) =>
		expect(checkedPassword('Password', `aB3x${special}`)).toBe(`aB3x${special}`),
	);
	it.each<[unknown, string]>([
		['abc!', '5 to 20'],
		[`${'a'.repeat(20)}!`, '5 to 20'],
		['abcdef', 'no special'],
		['abc-def!', 'character that Plivo does not take'],
		['äbcdef!', 'character that Plivo does not take'],
		['', 'is empty'],
		[undefined, 'is empty'],
		[12345, 'is a number'],
		[{}, 'is not text'],
	])('may not be %p', (value, message) =>
		expect(refused(() => checkedPassword('Password', value))).toContain(message),
	);
	it('is never shown and never changed', () => {
		let refusals = 0;
		const text = fc.string({ minLength: 4 }).filter((any) => !standInProblem(any));
		fc.assert(
			fc.property(text, (given) => {
				const password = `Qz7${given}Qz7`;
				if (understood(() => checkedPassword('Password', password)) === undefined) {
					refusals++;
					expect(refused(() => checkedPassword('Password', password))).not.toContain('Qz7');
				}
				expect(checkedUriPassword('URI Password', password)).toBe(password);
			}),
		);
		expect(refusals).toBeGreaterThan(0);
		expect(refused(() => checkedUriPassword('URI Password', 5))).toContain('is a number');
	});
});

describe('the credential', () => {
	const id = 'MAXXXXXXXXXXXXXXXXXX';
	const token = 'NotARealTokenNotARealTokenNotARealToken1';

	it.each([id, ` ${id}\n`, `\u200b${id}`])('understands the Auth ID %p', (value) =>
		expect(checkedAuthId(value)).toBe(id),
	);
	it.each([token, ` ${token}\n`])('understands the Auth Token %p', (value) =>
		expect(checkedAuthToken(value)).toBe(token),
	);
	it.each([
		['https://api.plivo.com/v1', 'https://api.plivo.com/v1'],
		['https://api.plivo.com/v1/', 'https://api.plivo.com/v1'],
		['http://127.0.0.1:4000/v1', 'http://127.0.0.1:4000/v1'],
		['http://localhost:4000', 'http://localhost:4000'],
		['https://proxy.example.com/plivo/v1/', 'https://proxy.example.com/plivo/v1'],
	])('understands the Base URL %s', (value, base) => expect(checkedBaseUrl(value)).toBe(base));
	it.each<[unknown, string, (value: unknown) => string]>([
		[token, "'Auth ID' holds what looks like an Auth Token", checkedAuthId],
		['', "'Auth ID' is empty", checkedAuthId],
		['a b', "'Auth ID' has characters", checkedAuthId],
		[id, "'Auth Token' holds what looks like an Auth ID", checkedAuthToken],
		['', "'Auth Token' is empty", checkedAuthToken],
		['a b', "'Auth Token' has characters", checkedAuthToken],
		[`AUTH_TOKEN=${token}`, "'Auth Token' has characters", checkedAuthToken],
		[`Auth ID: ${id}`, "'Auth ID' has characters", checkedAuthId],
		['api.plivo.com/v1', "'Base URL' is not an https address", checkedBaseUrl],
		['http://api.plivo.com/v1', "'Base URL' is not an https address", checkedBaseUrl],
		['https://user:pass@api.plivo.com/v1', "'Base URL' is not an https address", checkedBaseUrl],
		['https://api.plivo.com/v1?x=1', "'Base URL' is not an https address", checkedBaseUrl],
		[{}, "'Base URL' is empty", checkedBaseUrl],
	])('%p: %s', (value, message, check) => {
		const text = refused(() => check(value));
		expect(text).toContain(message);
		expect(text).not.toContain(token);
	});
});

describe('text', () => {
	it('is blank or not', () => {
		expect(NOTHING.every(isBlank)).toBe(true);
		expect(isBlank([null, ' '])).toBe(true);
		expect([[], '[]', ' [ ] '].every(isBlank)).toBe(true);
		expect([0, false, 'x', {}, ['x']].some(isBlank)).toBe(false);
	});
	it('is ASCII where it has full-width forms', () => {
		expect(narrow(' ＋８１（３）１２－３４ ')).toBe('+81(3)12-34');
		expect(narrow('¹①٣')).toBe('¹①٣');
	});

	it.each(
		'undefined|null|NULL|None|none|nil|NaN|nan|N/A|n/a|(null)|#N/A|#REF!|#DIV/0!|#SPILL!|#NAME?|Invalid date|Invalid DateTime'.split(
			'|',
		),
	)('%j is no value', (text) =>
		expect(standInProblem(text)?.problem).toBe('a program writes where a value is missing'),
	);

	it.each([
		'{{ $json.name }}',
		'={{ $json.name }}',
		'Acme {{ $json.site }}',
		'${name}',
		'$json.name',
		'$json["name"]',
		'$node["Row"].json.name',
		"$('Form').item.json.name",
		'=$("Form").first().json.name',
		"$fromAI('name')",
		'$vars.customer',
		'$env.CUSTOMER',
	])('%j has not been filled in', (text) => {
		expect(standInProblem(text)?.problem).toBe('is a placeholder that has not been filled in');
		for (const checked of [checkedPassword, checkedUriPassword]) {
			expect(refused(() => checked('Password', text))).toBe(
				"'Password' is text that is a placeholder that has not been filled in",
			);
		}
	});

	it.each(['nullnull#1', '-', '#', 'None_1!', '$json!2026', '$node#1', '$env_1'])(
		'%j can be a password',
		(text) => expect(checkedUriPassword('URI Password', text)).toBe(text),
	);
	it.each(WEIRD.map((value, index) => [index, value]))(
		'no. %i is read or refused by every check',
		(_, value) => {
			for (const work of [
				() => checkedText('X', value),
				() => checkedBoolean('X', value),
				() => checkedChoice('X', value, services),
				() => checkedChoices('X', value, services),
				() => wholeNumber('X', value, 0, 9),
				() => checkedRate('X', value),
				() => checkedUsername('X', value),
				() => checkedPassword('X', value),
				() => checkedUriPassword('X', value),
				() => checkedAuthId(value),
				() => checkedAuthToken(value),
				() => checkedBaseUrl(value),
			])
				understood<unknown>(work);
		},
	);
});
