import fc, { runs } from '../../support/fastCheck.mts';

import { checkedId, type IdKind } from '../../../nodes/PlivoSipTrunking/input/id.ts';
import { refused, understood, WEIRD } from './refusal.mts';

const TRUNK = '21784177241578123';
const account = '/v1/Account/MAXXXXXXXXXXXXXXXXXX';
const paths: Record<string, IdKind> = {
	'Zentrunk/Trunk': 'trunk',
	'Zentrunk/URI': 'originationUri',
	'Zentrunk/Credential': 'credential',
	'Zentrunk/IPAccessControlList': 'ipAccessControlList',
	'Zentrunk/Call': 'call',
	Application: 'application',
	Number: 'phoneNumber',
	'PhoneNumber/Compliance': 'compliance',
	Subaccount: 'subaccount',
};

describe('an id', () => {
	it.each<[unknown, string]>([
		['aB-9_z', 'aB-9_z'],
		[TRUNK, TRUNK],
		[' 123\r\n', '123'],
		[`\u200b${TRUNK}\ufeff`, TRUNK],
		[`"${TRUNK}"`, TRUNK],
		[`'${TRUNK}`, TRUNK],
		[12345, '12345'],
		[`${TRUNK}.zt.plivo.com`, TRUNK],
		[`sip:${TRUNK}.zt.plivo.com:5061;transport=tls`, TRUNK],
	])('%p is %s', (value, id) => expect(checkedId('Trunk', value, 'trunk')).toBe(id));

	it('is found in every path, and never taken for another kind', () => {
		const id = fc
			.oneof(fc.uuid(), fc.stringMatching(/^\d{17}$/), fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/))
			.filter(
				(text) =>
					!/^\d+e\d+$/i.test(text) && !/^(?:undefined|null|NULL|nil|NaN|nan|none|None)$/.test(text),
			);
		fc.assert(
			fc.property(
				id,
				fc.constantFrom(...Object.entries(paths)),
				fc.constantFrom(...Object.values(paths)),
				fc.constantFrom('', 'https://api.plivo.com'),
				fc.constantFrom('', '/'),
				(text, [path, kind], wanted, server, end) => {
					const address = `${server}${account}/${path}/${text}${end}`;
					expect(checkedId('ID', text, wanted)).toBe(text);
					expect(checkedId('ID', address)).toBe(text);
					if (kind === wanted) expect(checkedId('ID', address, wanted)).toBe(text);
					else
						expect(refused(() => checkedId('ID', address, wanted))).toMatch(
							/^'ID' is the address of /,
						);
				},
			),
			{ numRuns: runs(3000) },
		);
		expect(checkedId('Call', `${account}/Zentrunk/Call/abc-1/Insights/`, 'call')).toBe('abc-1');
	});

	it.each<[unknown, string]>([
		[undefined, 'is empty'],
		['', 'is empty'],
		['undefined', 'a program writes where a value is missing'],
		['{{ $json.id }}', 'is a placeholder'],
		[21784177241578124, 'is 21784177241578124: it was turned into a number and lost digits'],
		[1.5, 'lost digits'],
		[-1, 'lost digits'],
		['21784177241578124.0', 'lost digits'],
		['2.1784177241578E+16', 'lost digits'],
		[true, 'is true, not text'],
		[{ id: '1' }, 'is an object, not an ID'],
		[['1'], 'is a list, not an ID'],
		['1/2', 'is not an ID'],
		['..', 'is not an ID'],
		['1%2F2', 'is not an ID'],
		['1 2', 'is not an ID'],
		['1\u00002', 'is not an ID'],
		['1\n2', 'is not an ID'],
		['1?limit=1', 'is not an ID'],
		['１２', 'is not an ID'],
		['https://console.plivo.com/trunks/', 'is not an ID'],
		[`${account}/Zentrunk/Trunk/../`, 'is not an ID'],
		[`${account}/Application/123/`, 'is the address of an application, not of a trunk'],
	])('%p is refused', (value, message) =>
		expect(refused(() => checkedId('Trunk', value, 'trunk'))).toContain(message),
	);

	it('refuses a trunk’s domain where another record is wanted', () => {
		expect(refused(() => checkedId('Application', `${TRUNK}.zt.plivo.com`, 'application'))).toBe(
			"'Application' is the address of a trunk, not of an application",
		);
	});

	it.each(WEIRD.map((value, index) => [index, value]))('no. %i is read or refused', (_, value) => {
		understood(() => checkedId('Trunk', value, 'trunk'));
	});
});
