import fc, { runs } from '../../support/fastCheck.mts';

import {
	checkedName,
	foldedForSearch,
	normalizedName,
} from '../../../nodes/PlivoSipTrunking/input/name.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const companies = [
	'Acme',
	'Müller & Söhne',
	'Café Noël',
	'Łódź Sp. z o.o.',
	'Ångström AB',
	'Việt Nam Telecom',
	'Ωmega',
	'株式会社アクメ',
	'شركة',
	'대한통신',
	'Naïve Ltd',
	'Çelik A.Ş.',
	'O’Brien',
	'São Paulo 24h',
	'Škoda',
	'Здравствуй',
	'देवनागरी',
	'Größe',
	'Crème Brûlée',
	'Zoë',
];
const disguises: Array<(name: string) => string> = [
	(name) => name,
	(name) => name.normalize('NFD'),
	(name) => ` ${name} `,
	(name) => `\t${name}\r\n`,
	(name) => `\ufeff${name}`,
	(name) => `${name}\u200b`,
	(name) => [...name].join('\u200b').normalize('NFC'),
	(name) => name.replace(/ /g, '\u00a0'),
	(name) => name.replace(/ /g, '  \t '),
	(name) => name.replace(/ /g, '\u3000'),
	(name) => `\u202a${name}\u202c`,
	(name) => `${name[0]}\u00ad${name.slice(1)}`,
	(name) => `\u0007${name}\u0000`,
	(name) => `${name}\u2800`,
];

describe('a name', () => {
	it.each(companies)('%s is the same in every form', (company) => {
		for (const disguise of disguises) {
			expect(checkedName('Name', disguise(company))).toBe(company.normalize('NFC'));
			expect(normalizedName(disguise(company))).toBe(normalizedName(company));
			expect(foldedForSearch(disguise(company))).toBe(foldedForSearch(company));
		}
		expect(normalizedName(`${company}2`)).not.toBe(normalizedName(company));
	});

	it('keeps its case, which counts', () => {
		expect(checkedName('Name', 'ACME corp')).toBe('ACME corp');
		expect(normalizedName('ACME')).not.toBe(normalizedName('Acme'));
	});

	it('can be a number', () => expect(checkedName('Name', 42)).toBe('42'));

	it.each<[unknown, string]>([
		[undefined, "'Name' is empty"],
		[null, "'Name' is empty"],
		['', "'Name' is empty"],
		[' \u200b\u0007 ', "'Name' is empty"],
		[{}, "'Name' is an object, not text"],
		[[], "'Name' is a list, not text"],
		[true, "'Name' is true, not text"],
		[NaN, "'Name' is NaN, not text"],
		['undefined', '\'Name\' is "undefined", which a program writes where a value is missing'],
		['Acme [object Object]', 'a program writes'],
		['-', '\'Name\' is "-", which has no letter or digit'],
		[' ... ', 'has no letter or digit'],
		['—', 'has no letter or digit'],
		['=', 'has no letter or digit'],
	])('may not be %p', (value, message) => {
		expect(refused(() => checkedName('Name', value))).toContain(message);
	});

	it.each([
		'Null',
		'Nolan',
		'Nonesuch Ltd',
		'N/A Group',
		'Undefined Ltd',
		'«Ромашка»',
		'AT&T',
		'Acme, Inc.',
		'Acme <North>',
		'"Acme" Ltd',
		'$100 Club',
		'$vars',
		'$envy Ltd',
		'$(cash) Ltd',
		'+1 Club',
		'🚀',
		'XXXLutz KG',
		'Todos Santos Dental',
		'And So On... GmbH',
		'My Web Host',
	])('can be %j', (name) => expect(checkedName('Name', name)).toBe(name));

	it('normalizing twice changes nothing', () => {
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.string({ unit: 'grapheme' }),
			fc.string({ unit: fc.constantFrom(...' \u0301\u200b\u00adaé\t\u0085\u2800\ud800e') }),
		);
		fc.assert(
			fc.property(text, (name) => {
				const once = normalizedName(name);
				expect(normalizedName(once)).toBe(once);
				const folded = foldedForSearch(name);
				expect(foldedForSearch(folded)).toBe(folded);
			}),
			{ numRuns: runs(20_000) },
		);
	});

	it.each(WEIRD.map((value, index) => [index, value]))('no. %i is read or refused', (_, value) => {
		understood(() => checkedName('Name', value));
	});
});

describe('a search', () => {
	it.each([
		['muller', 'Müller'],
		['STRASSE', 'Straße'],
		['cafe', 'CAFÉ'],
		['istanbul', 'İstanbul'],
		['σας', 'ΣΑΣ'],
		['acme', 'Ａｃｍｅ'],
		['fi', 'ﬁ'],
	])('for %s finds %s', (search, name) => {
		expect(foldedForSearch(name)).toContain(foldedForSearch(search));
	});
});
