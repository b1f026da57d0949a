import fc, { runs } from '../../support/fastCheck.mts';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';

import {
	checkedPhoneNumber,
	checkedPhoneNumbers,
	firstDigits,
	numberOrFirstDigits,
	searchedDigits,
} from '../../../nodes/PlivoSipTrunking/input/phoneNumber.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const one = (value: unknown) => checkedPhoneNumber('Phone Number', value);
const many = (value: unknown) => checkedPhoneNumbers('Phone Numbers', value);

describe('a phone number', () => {
	it.each<[unknown, string]>([
		['14155550123', '14155550123'],
		['+14155550123', '14155550123'],
		[14155550123, '14155550123'],
		[14155550123n, '14155550123'],
		['+1 (415) 555-0123', '14155550123'],
		['1.415.555.0123', '14155550123'],
		['1-415-555-0123', '14155550123'],
		['(+1) 415 555 0123', '14155550123'],
		['+1\u00a0415\u202f555\u20090123', '14155550123'],
		['+1\u2010415\u2011555\u20120123', '14155550123'],
		['+1\u2013415\u2014555\u22120123', '14155550123'],
		['tel:+1-415-555-0123', '14155550123'],
		['TEL:+14155550123', '14155550123'],
		['Tel: +1 415 555 0123', '14155550123'],
		['tel://+14155550123', '14155550123'],
		['0014155550123', '14155550123'],
		['00 44 20 7946 0000', '442079460000'],
		['+44 (0)20 7946 0000', '442079460000'],
		['+44(0)2079460000', '442079460000'],
		['0044 (0) 20 7946 0000', '442079460000'],
		['+49 (0) 30 1234-567', '49301234567'],
		['(+49) (0)30 1234567', '49301234567'],
		['＋１４１５５５５０１２３', '14155550123'],
		['\u202a+14155550123\u202c', '14155550123'],
		['\u200e+1 415\u200b555\u00ad0123\ufeff', '14155550123'],
		['14155550123.0', '14155550123'],
		['+14155550123.00', '14155550123'],
		['442079460000.0', '442079460000'],
		["'+14155550123", '14155550123'],
		['"+1 415 555 0123"', '14155550123'],
		['="+14155550123"', '14155550123'],
		['1.4155550123E+10', '14155550123'],
		['4.42079460000E+11', '442079460000'],
		['/v1/Account/MA123/Number/14155550123/', '14155550123'],
		['https://api.plivo.com/v1/Account/MA123/Number/14155550123/', '14155550123'],
		['/v1/Account/MA123/PhoneNumber/14155550123/', '14155550123'],
		[' 57575 ', '57575'],
		['\t+1 415 555 0123\r\n', '14155550123'],
	])('%p becomes %s', (value, digits) => {
		expect(one(value)).toBe(digits);
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		[undefined, 'is empty'],
		['\u200b', 'is empty'],
		[{}, 'is an object, which is not a phone number'],
		[true, 'is true, which is not a phone number'],
		[['+14155550123'], 'is a list, which is not a phone number'],
		[NaN, 'is NaN, which a program writes where a value is missing'],
		['+', 'is "+", which has no digits'],
		['-', 'is "-", which has no digits'],
		['[]', 'is empty'],
		['1234', 'is "1234", which has fewer than 5 digits'],
		['4423456789012345', 'has more than 15 digits'],
		[1e21, 'may have lost digits'],
		['+1 415 CALL', 'is "+1 415 CALL", which has letters'],
		['../Trunk', 'has letters'],
		['anonymous', 'has letters'],
		['+1 415 555 0123 x123', 'has letters'],
		['+1 415 555 0123 ext. 123', 'has letters'],
		['tel:+14155550123;ext=12', 'has letters'],
		['+1 415 555 0123 #12', 'has "#", which a phone number can’t have'],
		['+1 415 555 0123¹', 'has "¹"'],
		['+14155550123,+14155550124', 'has ","'],
		['+14155550123 +14155550124', 'has "+", which a phone number can’t have'],
		['+١٤١٥٥٥٥٠١٢٣', 'which a phone number can’t have'],
		['-14155550123', 'begins with a minus sign'],
		[-14155550123, 'begins with a minus sign'],
		['14155550123.5', 'has decimals'],
		[14155550123.5, 'has decimals'],
		['1.4155550123e9', 'may have lost digits'],
		['1.4156E+10', 'is "1.4156E+10", which was shortened and may have lost digits'],
		['020 7946 0000', 'begins with 0 instead of a country code'],
		['(0)20 7946 0000', 'begins with 0 instead of a country code'],
		['+1 415 (0) 555 0123', 'has "(0)"'],
		// Within a country code: +20 20301… or +220 301…
		['+2(0)20 301 2345', 'has "(0)"'],
		['+442 (0)07946 0000', 'has "(0)"'],
		['+39 (0)30 1234567', 'has "(0)"'],
		['+225 (0)7 12 34 56 78', 'has "(0)"'],
		['141555501230', 'has more than 11 digits'],
		['{{ $json.phone }}', 'is a placeholder that has not been filled in'],
		['1415\u0000555012', 'which a phone number can’t have'],
	])('%p is refused', (value, message) => {
		const text = refused(() => one(value));
		expect(text).toMatch(/^'Phone Number' /);
		expect(text).toContain(message);
	});

	it('knows every country whose numbers keep a 0 behind the country code', () => {
		for (const country of getCountries()) {
			const example = getExampleNumber(country, examples)!;
			const keepsZero = example.nationalNumber.startsWith('0');
			const shown = `+${example.countryCallingCode} (0)${example.nationalNumber}`;
			if (keepsZero)
				expect([country, refused(() => one(shown))]).toEqual([
					country,
					expect.stringContaining('(0)'),
				]);
		}
	});
});

/** As people and programs write an E.164 number. */
function spellings(digits: string, countryCode: string): unknown[] {
	const national = digits.slice(countryCode.length);
	const groups = national.match(/\d{1,3}/g) ?? [];
	const wide = [...digits].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('');
	const all: unknown[] = [
		digits,
		Number(digits),
		`+${digits}`,
		`00${digits}`,
		`tel:+${digits}`,
		`${digits}.0`,
		`'+${digits}`,
		`＋${wide}`,
		`\u202a+${digits}\u202c`,
		`${digits[0]}.${digits.slice(1)}E+${digits.length - 1}`,
		`+${countryCode} ${groups.join(' ')}`,
		`+${countryCode}-${groups.join('-')}`,
		`+${countryCode}.${groups.join('.')}.`.replace(/\.(?=\d\d?\.$)/, '').replace(/\.$/, ''),
		`(+${countryCode}) ${groups.join('\u2011')}`,
		`+${countryCode} (${groups[0]}) ${groups.slice(1).join('\u00a0')}`,
		`/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/${digits}/`,
	];
	if (!national.startsWith('0') && !/^(39|378|225|229|241|242)$/.test(countryCode)) {
		all.push(`+${countryCode} (0)${national}`);
	}
	return all;
}

describe('example numbers of all countries (libphonenumber)', () => {
	const numbers = getCountries().map((country) => getExampleNumber(country, examples)!);

	it('come out as the same digits, however they are written', () => {
		let tried = 0;
		for (const example of numbers) {
			const digits = example.number.slice(1);
			const written = [
				...spellings(digits, String(example.countryCallingCode)),
				example.formatInternational(),
				example.getURI(),
			];
			for (const spelling of written) {
				tried++;
				expect([spelling, understood(() => one(spelling))]).toEqual([spelling, digits]);
			}
		}
		expect(tried).toBeGreaterThan(4000);
	});

	it('are read as libphonenumber reads them, or refused', () => {
		const noise = fc.string({ unit: fc.constantFrom(...' -.()/x+0123456789'), maxLength: 4 });
		fc.assert(
			fc.property(fc.constantFrom(...numbers), noise, fc.nat(14), (example, inserted, at) => {
				const text = example.formatInternational();
				const changed = text.slice(0, at) + inserted + text.slice(at);
				const digits = understood(() => one(changed));
				const theirs = parsePhoneNumberFromString(changed);
				if (digits === undefined || theirs?.isValid() !== true || theirs.ext) return;
				// libphonenumber takes a national 0 off; ours are the digits as typed, which match no number.
				const asTyped = changed.replace(/\D/g, '').replace(/^00/, '');
				expect([theirs.number.slice(1), asTyped]).toContain(digits);
			}),
			{ numRuns: runs(20_000) },
		);
	});
});

const e164 = fc
	.tuple(
		fc.constantFrom('1', '7', '20', '33', '44', '49', '61', '81', '91', '353', '971'),
		fc.stringMatching(/^[1-9]\d{9}$/),
	)
	.map(([countryCode, national]) => ({ countryCode, digits: countryCode + national }));

describe('two numbers', () => {
	it('never become one, in any spelling', () => {
		fc.assert(
			fc.property(e164, e164, fc.nat(30), fc.nat(30), (first, second, i, j) => {
				const [a, b] = [first, second].map(({ digits, countryCode }) =>
					spellings(digits, countryCode),
				);
				const one_ = one(a![i % a!.length]);
				const other = one(b![j % b!.length]);
				expect(one_ === other).toBe(first.digits === second.digits);
				expect(one_).toBe(first.digits);
			}),
			{ numRuns: runs(5000) },
		);
	});

	it('reading what was read changes nothing, whatever the text', () => {
		const text = fc.string({
			unit: fc.constantFrom(...'0123456789 +-.()\u00a0\u200b０٤eE,;tel:x\'"/'),
			maxLength: 24,
		});
		fc.assert(
			fc.property(text, (given) => {
				const digits = understood(() => one(given));
				if (digits === undefined) return;
				expect(digits).toMatch(/^[1-9]\d{4,14}$/);
				expect(one(digits)).toBe(digits);
				expect(one(`+${digits}`)).toBe(digits);
			}),
			{ numRuns: runs(20_000) },
		);
	});
});

describe('a list of phone numbers', () => {
	const both = ['14155550123', '442079460000'];

	it.each<[string, unknown]>([
		['a list', ['+1 415 555 0123', '+44 20 7946 0000']],
		['JSON numbers', [14155550123, 442079460000]],
		['JSON text', '["+1 415 555 0123", "+44 20 7946 0000"]'],
		['JSON text of numbers', '[14155550123,442079460000]'],
		['records', [{ number: '14155550123' }, { number: 442079460000 }]],
		['JSON text of records', '[{"number":"14155550123"},{"number":"442079460000"}]'],
		['commas', '+1 415 555 0123, +44 20 7946 0000'],
		['semicolons', '+1 415 555 0123;+44 20 7946 0000;'],
		['line ends', '+1 415 555 0123\r\n+44 20 7946 0000\n'],
		['paragraphs', '+1 415 555 0123\u2029+44 20 7946 0000'],
		['tabs', '+1 415 555 0123\t+44 20 7946 0000'],
		['bars', '+1 415 555 0123 | +44 20 7946 0000'],
		['spaces before a +', '+1 415 555 0123 +44 20 7946 0000'],
		['spaces, no room for another reading', '14155550123 442079460000'],
		['quoted cells', '"+14155550123","+442079460000"'],
		['several in one entry', ['+14155550123, +442079460000']],
		['doubles', '+14155550123, 1-415-555-0123, 00442079460000, 442079460000.0'],
		['blank entries', ['', '+14155550123', null, ' ', '442079460000', undefined]],
	])('comes as %s', (_, value) => {
		expect(many(value)).toEqual(both);
	});

	it('can be one number or record', () => {
		expect(many(14155550123)).toEqual(['14155550123']);
		expect(many('1 415 555 0123')).toEqual(['14155550123']);
		expect(many({ number: '+14155550123' })).toEqual(['14155550123']);
		expect(many('{"number":"+14155550123"}')).toEqual(['14155550123']);
	});

	it('keeps the order', () => {
		expect(many([...both].reverse())).toEqual([...both].reverse());
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		[undefined, 'is empty'],
		[[], 'is empty'],
		[[null, ''], 'is empty'],
		['+14155550123, acme', 'contains "acme", which has letters'],
		[['+14155550123', '1.4156E+10'], 'contains "1.4156E+10", which was shortened'],
		['14155550123,0', 'contains "0", which begins with 0'],
		['1,415,555,0123', 'contains "1", which has fewer than 5 digits'],
		['1 415 555 0123 1 415 555 0124', 'which has more than 11 digits'],
		[[['+14155550123']], 'contains a list'],
		[[{ phone: '+14155550123' }], 'contains an object'],
		[{ number: {} }, 'contains an object'],
		['["+1415555012', 'contains '],
	])('%j is refused', (value, message) => {
		expect(refused(() => many(value))).toContain(
			`'Phone Numbers' ${message}`.replace("'Phone Numbers' which", 'which'),
		);
	});

	it('is the same printed in any way', () => {
		const separator = fc.constantFrom(', ', ';', '\n', '\r\n', '\t', ' | ', ' ');
		fc.assert(
			fc.property(
				fc.uniqueArray(e164, { minLength: 1, selector: ({ digits }) => digits }),
				separator,
				(numbers, between) => {
					const digits = numbers.map((number) => number.digits);
					expect(many(digits.map((number) => `+${number}`).join(between))).toEqual(digits);
					expect(many(digits.join(between))).toEqual(digits);
					expect(many(JSON.stringify(digits.map(Number)))).toEqual(digits);
				},
			),
		);
	});
});

describe('the start of a number', () => {
	it.each([
		[' +1 (415) 555-', '1415555'],
		['1', '1'],
		['+44', '44'],
		['0044', '44'],
		['+44 (0)20', '4420'],
		[1415, '1415'],
		['14155550123', '14155550123'],
	])('%p becomes %s', (value, digits) => {
		expect(firstDigits('Number Starts With', value)).toBe(digits);
	});

	it.each(['acme', '+', '1234567890123456', '14*', '020', '', {}, -1, 1.5])(
		'%p is refused',
		(value) => {
			expect(refused(() => firstDigits('Number Starts With', value))).toMatch(
				/^'Number Starts With' is /,
			);
		},
	);
});

describe('a whole number or first digits', () => {
	it.each([
		['+1 (415) 555-0123', '14155550123'],
		[14155550123, '14155550123'],
		['+1 415*', '1415*'],
		[' +44 (0)20 * ', '4420*'],
		['1*\u200b', '1*'],
		['14155550123*', '14155550123*'],
	])('%p becomes %s', (value, filter) => {
		expect(numberOrFirstDigits('To Number', value)).toBe(filter);
	});

	it.each([
		'+1 415',
		'1415',
		1415,
		'*',
		'**',
		'4*15',
		'*415',
		'acme*',
		'',
		{},
		'1234567890123456*',
	])('%p is refused', (value) => {
		expect(refused(() => numberOrFirstDigits('To Number', value))).toMatch(/^'To Number' is /);
	});
});

describe('a search text', () => {
	it.each([
		['+1 (415) 555', '1415555'],
		['0044 20', '4420'],
		['+44 (0)20', '4420'],
		['020 7946', '207946'],
		['４１５', '415'],
		['Acme', ''],
		['Acme 2', ''],
		['', ''],
		['+', ''],
		['tel:+1415', '1415'],
		['555-0123', '5550123'],
	])('%p looks for %p', (text, digits) => {
		expect(searchedDigits(text)).toBe(digits);
	});
});

describe('whatever an expression gives', () => {
	it.each(WEIRD.map((value, index) => [index, value]))(
		'no. %i is read or refused, never anything else',
		(_, value) => {
			for (const check of [checkedPhoneNumber, checkedPhoneNumbers, numberOrFirstDigits]) {
				understood(() => check('Phone Number', value));
			}
		},
	);

	it('of any shape is read or refused', () => {
		fc.assert(
			fc.property(fc.anything(), (anything) => {
				understood(() => one(anything));
				understood(() => many(anything));
			}),
			{ numRuns: runs(2000) },
		);
	});
});
