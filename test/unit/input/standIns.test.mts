import { checkedId } from '../../../nodes/PlivoSipTrunking/input/id.ts';
import { checkedName } from '../../../nodes/PlivoSipTrunking/input/name.ts';
import {
	checkedPassword,
	checkedUriPassword,
} from '../../../nodes/PlivoSipTrunking/input/password.ts';
import {
	checkedPhoneNumber,
	checkedPhoneNumbers,
} from '../../../nodes/PlivoSipTrunking/input/phoneNumber.ts';
import { checkedRate, wholeNumber } from '../../../nodes/PlivoSipTrunking/input/number.ts';
import { checkedUri } from '../../../nodes/PlivoSipTrunking/input/sipAddress.ts';
import { checkedText } from '../../../nodes/PlivoSipTrunking/input/text.ts';
import { refused } from './refusal.mts';

/** What stands in a cell, a form or a field in the place of a value: two customers without a name are not one. */

const LEFTOVERS = [
	'undefined',
	'null',
	'NULL',
	'None',
	'none',
	'nil',
	'NaN',
	'N/A',
	'n/a',
	'(null)',
	'\\N',
].concat(
	['#N/A', '#REF!', 'undefined undefined', ' null ', 'null null'],
	['#SPILL!', '#CALC!', '#BUSY!', '#GETTING_DATA', 'Invalid date', '[null]', 'Loading...'],
);

const PLACEHOLDERS = [
	'{{ $json.name }}',
	'={{ $json.name }}',
	'{{contact.company}}',
	'Acme {{ $json.site }}',
	'${name}',
	'$json.name',
	'$node["Row"].json.name',
	'$json',
	"$('Form').item.json.name",
	'=$("Form").first().json.name',
	"$fromAI('name')",
	'$vars.customer',
	'$env.CUSTOMER',
	'<%= name %>',
	'Acme {% site %}',
	'*|COMPANY|*',
];

it.each(LEFTOVERS)('%j is no value of any kind', (text) => {
	expect(refused(() => checkedName('Name', text))).toContain('stands for a missing value');
	expect(refused(() => checkedText('City', text))).toContain("'City' is ");
	refused(() => checkedUri('URI', text));
	refused(() => checkedId('Trunk', text));
	refused(() => checkedPhoneNumber('Phone Number', text));
	if (text.trim() === text) {
		const words = refused(() => checkedUriPassword('URI Password', text));
		expect(words).toBe("'URI Password' stands for a missing value");
	}
});

it.each(PLACEHOLDERS)('%j has not been filled in', (text) => {
	const problem = 'is a placeholder that has not been filled in';
	expect(refused(() => checkedName('Name', text))).toContain(problem);
	expect(refused(() => checkedText('City', text))).toContain(problem);
	refused(() => checkedUri('URI', text));
	refused(() => checkedId('Trunk', text));
	expect(refused(() => checkedPhoneNumber('Phone Number', text))).toContain(problem);
});

it.each(['{{ $json.password }}', '={{ $json.password }}', '${PASSWORD}', '$json.password'])(
	'%j is no password, and is not repeated',
	(text) => {
		for (const checked of [checkedPassword, checkedUriPassword]) {
			const words = refused(() => checked('Password', text));
			expect(words).toBe("'Password' is a placeholder that has not been filled in");
		}
	},
);

it.each([
	'a{{b}}c!',
	'Qz7${x}Qz7',
	'nullnull#1',
	'-',
	'#',
	'None_1!',
	'$json!2026',
	'$node#1',
	'$env_1',
])('%j can be a password', (text) => {
	expect(checkedUriPassword('URI Password', text)).toBe(text);
});

it.each([
	'Null',
	'Nolan',
	'Nonesuch Ltd',
	'Nil by Mouth',
	'N/A Group',
	'Nullarbor',
	'{Acme}',
	'$100 Club',
	'Undefined Ltd',
	'«Ромашка»',
	'„Zum Löwen“',
	'Sales&Support; North',
	'Rock&Amp; Roll',
	'$vars',
	'$envy Ltd',
	'$json5 Ltd',
	'$(cash) Ltd',
	'50% off',
	'C++',
	'+1 Club',
	'= Equals',
	'Loading Dock',
	'Invalid Datelines',
	'XXXLutz KG',
	'Todos Santos Dental',
	'And So On... GmbH',
	'My Web Host',
])('%j is a name', (name) => expect(checkedName('Name', name)).toBe(name));

it.each<[string, string]>([
	['Acme &amp; Sons', 'contains "&amp;"'],
	['M&uuml;ller', 'contains "&uuml;"'],
	['O&#39;Brien', 'contains "&#39;"'],
	['Acme&#x27;s', 'contains "&#x27;"'],
	['&nbsp;', 'contains "&nbsp;"'],
	['Acme&reg;', 'contains "&reg;"'],
	['Acme &copy; Sons', 'contains "&copy;"'],
	['&Scaron;koda', 'contains "&Scaron;"'],
	['C&oelig;ur', 'contains "&oelig;"'],
	['&laquo;Acme&raquo;', 'contains "&laquo;"'],
	['&sbquo;Acme&lsquo;', 'contains "&sbquo;"'],
	['Acme&hellip;', 'contains "&hellip;"'],
	['<b>Acme</b>', 'contains "<b>"'],
	['Acme<br/>', 'contains "<br/>"'],
	['"Acme"', 'quotation marks'],
	['Acme,', 'ends in a separator'],
	['Acme; ', 'ends in a separator'],
	['-', 'stands for a missing value'],
	['—', 'stands for a missing value'],
	[' ? ', 'stands for a missing value'],
	['...', 'stands for a missing value'],
	['=', 'stands for a missing value'],
	['<>', 'stands for a missing value'],
	['$', 'stands for a missing value'],
	['~', 'stands for a missing value'],
])('%j would be another customer than without what is around it', (name, problem) => {
	expect(refused(() => checkedName('Name', name))).toContain(problem);
});

it.each([
	'AT&T',
	'A & B; C & D',
	'Smith & Co.',
	'R&D;',
	'"Acme" Ltd',
	'Acme "West" and "East"',
	'Acme, Inc.',
	'Acme <North>',
	'🚀',
	'3 < 4',
])('%j is a name as it is', (name) => {
	if (name === 'R&D;') refused(() => checkedName('Name', name));
	else expect(checkedName('Name', name)).toBe(name);
});

it.each(['2026-11-26', '2026.1.5', '26.11.2026', '26-11-2026', '11-26-2026', ' 2026-11-26 '])(
	'%j is a date, not a phone number',
	(text) => {
		expect(refused(() => checkedPhoneNumber('Phone Number', text))).toContain('which is a date');
	},
);

it.each(['20-2611-2026', '+20 26 11 26', '202-611-2026', '2026-1126'])('%j is no date', (text) => {
	expect(checkedPhoneNumber('Phone Number', text)).toBe(text.replace(/\D/g, ''));
});

it.each<[string, string]>([
	['“sip.example.com;transport=tcp”', 'sip.example.com;transport=tcp'],
	['"sip.example.com;transport=tcp"', 'sip.example.com;transport=tcp'],
	["'sip:me@sip.example.com'", 'sip:me@sip.example.com'],
	['«sip.example.com»', 'sip.example.com'],
	['"Acme" <sip:sip.example.com>;transport=tls', 'sip:sip.example.com;transport=tls'],
])('%j is an address in quotation marks', (text, uri) => {
	expect(checkedUri('URI', text)).toBe(uri);
});

it.each([
	'“sip.example.com',
	'sip.“example”.com',
	'🚀.example.com',
	'sip.example.com…',
	'sip…example.com',
	'€.example',
])('%j has no host name', (text) =>
	expect(refused(() => checkedUri('URI', text))).toContain('which is not a host name'),
);

it.each(['1.000', '25.000', ' 1.000 ', '1.500'])('%j can be thousands or decimals', (text) => {
	expect(refused(() => wholeNumber('Limit', text, 1, 10_000))).toContain("'Limit' is \"");
	const words = refused(() => checkedRate('Max Monthly Rate', text));
	expect(words).toContain('whose point can mean decimals or thousands');
});

it.each<[unknown, number]>([
	['5.0', 5],
	['5.0000', 5],
	['1000', 1000],
	[1.0, 1],
])('%j is certain', (value, number) => {
	expect(wholeNumber('Limit', value, 1, 10_000)).toBe(number);
	expect(checkedRate('Max Monthly Rate', value)).toBe(number);
});

it.each<[unknown, number]>([
	['0.500', 0.5],
	['0.50000', 0.5],
	['$1.25', 1.25],
	[1.125, 1.125],
])('%j is certainly an amount', (value, rate) =>
	expect(checkedRate('Max Monthly Rate', value)).toBe(rate),
);

it('an email address is told as what it is, and objects where their numbers belong', () => {
	expect(refused(() => checkedUri('URI', 'mailto:a@example.com'))).toContain('is an email address');
	const given = [{ phone: '+14155550123' }];
	expect(() => checkedPhoneNumbers('Phone Numbers', given)).toThrow(
		expect.objectContaining({
			description: expect.stringContaining('a field "number"') as unknown,
		}),
	);
});
