import fc from '../../support/fastCheck.mts';

import { masked } from '../../../nodes/PlivoSipTrunking/transport/secrets.ts';

const SECRET = 'pa"ss/w&rd +é\\ñ%~!*()';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret', () => {
	it.each([
		['as it is', SECRET],
		['JSON-escaped', JSON.stringify(SECRET)],
		['JSON-escaped twice', JSON.stringify(JSON.stringify(SECRET)).slice(1, -1)],
		[
			'JSON-escaped to ASCII',
			JSON.stringify(SECRET).replace(
				/[^\0-\x7f]/g,
				(c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
			),
		],
		['JSON-escaped with its slashes', JSON.stringify(SECRET).replace(/\//g, '\\/')],
		['URL-encoded', encodeURIComponent(SECRET)],
		[
			'URL-encoded to the letter (RFC 3986)',
			encodeURIComponent(SECRET).replace(
				/[!*'()]/g,
				(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
			),
		],
		[
			'URL-encoded with small letters',
			encodeURIComponent(SECRET).replace(/%../g, (c) => c.toLowerCase()),
		],
		['form-encoded', new URLSearchParams({ v: SECRET }).toString().slice(2)],
		['in base64', base64(SECRET)],
		['in base64 without its padding', base64(SECRET).replace(/=+$/, '')],
		['in capitals', SECRET.toUpperCase()],
		['in small letters', SECRET.toLowerCase()],
	])('is masked %s', (_, spelled) => {
		const text = masked(`refused: {"password": ${spelled}, "name": "Acme"}`, [SECRET]);
		expect(text).toMatch(/^refused: \{"password": ["\\]*\*\*\*["\\]*, "name": "Acme"\}$/);
	});

	it('is masked every time, and none of several is left', () => {
		expect(masked('one1 two2 one1 TWO2', ['one1', 'two2'])).toBe('*** *** *** ***');
	});

	it('is masked as a whole where another is a part of it', () => {
		expect(masked('x=hunter22; y=hunter', ['hunter', 'hunter22'])).toBe('x=***; y=***');
	});

	it('may have characters that mean something in a pattern or a replacement', () => {
		expect(masked('it was $& .*(a|b)', ['.*(a|b)'])).toBe('it was $& ***');
	});

	it.each([
		['{"password":"abc"}', '{"password":"***"}'],
		["password 'abc' is too short", "password '***' is too short"],
		['Password: abc', 'Password: ***'],
		['{\\\\\\"password\\\\\\": \\\\\\"abc\\\\\\"}', '{\\\\\\"password\\\\\\": \\\\\\"***\\\\\\"}'],
		['%22password%22%3A%22abc%22', '%22password%22%3A%22***%22'],
		['the password abcd', 'the password abcd'],
	])('a short one is masked where it is called a password: %s', (text, shown) => {
		expect(masked(text, ['abc'])).toBe(shown);
	});

	it.each(['', 'a', 'abc'])('as short as %p masks nothing: it would blot out words', (short) => {
		expect(masked('a text with abc in it', [short])).toBe('a text with abc in it');
	});

	it('is nowhere in what comes out, whatever is around it', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 5, maxLength: 20 }),
				fc.string(),
				fc.string(),
				(secret, before, after) => {
					// What is masked itself can't tell where it was.
					fc.pre(!secret.includes('***') && !'***'.includes(secret));
					const text = masked(`${before} ${secret} ${JSON.stringify(secret)} ${after}`, [secret]);
					expect(text.split('***').join('\0').includes(secret)).toBe(false);
				},
			),
		);
	});
});

describe('a header that a server repeats', () => {
	const header = base64('MA0123456789:0123456789abcdef');

	it.each([
		[`Authorization: Basic ${header}`, 'Authorization: Basic ***'],
		[`authorization: basic ${header}, Accept: */*`, 'authorization: basic ***, Accept: */*'],
		[`BASIC ${header}`, 'BASIC ***'],
		[`"Basic ${encodeURIComponent(header)}"`, '"Basic ***"'],
		['Bearer stk_0123456789abcdef.x-y_z', 'Bearer ***'],
		['bearer 0123456789abcdef', 'bearer ***'],
		['token stk_0123456789abcdef is unknown', 'token stk_*** is unknown'],
		// Some servers write a header as they like, or all in small letters.
		[`bASIC ${header}`, 'bASIC ***'],
		['bearer abcdefghijklmnopqrstuvwxyz', 'bearer ***'],
		['STK_0123456789ABCDEF', 'STK_***'],
	])('is masked: %s', (text, shown) => {
		expect(masked(text, [])).toBe(shown);
	});

	it('is masked whole where the token is known too', () => {
		const token = '0123456789abcdef';
		const text = masked(`Basic ${header}; ${header}; ${token}`, [token, `MA0123456789:${token}`]);
		expect(text).toBe('Basic ***; ***; ***');
	});
});

describe('any other text', () => {
	it.each([
		'Plivo refused the request as invalid: name already exists',
		'The server wants Basic authentication',
		'basic, bearer and stk_ are words',
		'',
	])('stays as it is: %p', (text) => {
		expect(masked(text, ['hunter2!', 'MA0123456789:hunter2!'])).toBe(text);
	});
});
