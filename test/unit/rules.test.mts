import type { IDataObject } from 'n8n-workflow';

import {
	CREDENTIAL,
	IP_ACL,
	type Kind,
	ORIGINATION_URI,
	TRUNK,
} from '../../nodes/PlivoSipTrunking/plivo/kinds.ts';
import {
	checkedAddresses,
	checkedFields,
	checkedId,
	checkedPhoneNumber,
	newOriginationUri,
	newTrunk,
	originationUriChanges,
	warningsAbout,
} from '../../nodes/PlivoSipTrunking/plivo/rules.ts';
import { PlivoFailure } from '../../nodes/PlivoSipTrunking/transport/failure.ts';

/** Expects a refusal of bad input; answers its message. */
function refused(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		if (!(error instanceof PlivoFailure)) throw error;
		expect(error.kind).toBe('input');
		expect(error.description.length).toBeGreaterThan(10);
		return error.message;
	}
	throw new Error('It was accepted');
}

const field = (kind: Kind, name: string, value: unknown) =>
	checkedFields(kind, { [name]: value } as IDataObject)[name];

describe('an id', () => {
	it.each([
		['letters, digits, dashes and underscores', 'aB-9_z'],
		['a trunk id', '21784177241578123'],
	])('may be %s', (_, id) => {
		expect(checkedId('Trunk', id)).toBe(id);
	});

	it('loses the spaces around it', () => {
		expect(checkedId('Trunk', ' 123\r\n')).toBe('123');
	});

	it.each([
		['a slash', '1/2'],
		['a step up', '..'],
		['an encoded slash', '1%2F2'],
		['a space within', '1 2'],
		['a control character', '1\u00002'],
		['a line end within', '1\n2'],
		['a question mark', '1?limit=1'],
		['a letter that only looks like one', '１２'],
	])('may not have %s', (_, id) => {
		expect(refused(() => checkedId('Trunk', id))).toBe(
			'Trunk is not an ID: it may have only letters, digits, "-" and "_"',
		);
	});

	it.each([
		['undefined', undefined, 'Trunk is empty'],
		['null', null, 'Trunk is empty'],
		['an empty text', '', 'Trunk is empty'],
		['spaces', ' \n', 'Trunk is empty'],
		['a number', 21784177241578124, 'Trunk is no text but a number'],
		['true', true, 'Trunk is no text but a boolean'],
		['an object', { id: '1' }, 'Trunk is no text but an object'],
		['a list', ['1'], 'Trunk is no text but a list'],
	])('may not be %s', (_, value, message) => {
		expect(refused(() => checkedId('Trunk', value))).toBe(message);
	});
});

describe('a phone number', () => {
	it.each([
		['+1 (415) 555-0123', '14155550123'],
		['1.415.555.0123', '14155550123'],
		[14155550123, '14155550123'],
		[' 57575 ', '57575'],
	])('%p becomes digits', (value, digits) => {
		expect(checkedPhoneNumber('Phone Number', value)).toBe(digits);
	});

	it.each([
		['', 'Phone Number is empty'],
		[undefined, 'Phone Number is empty'],
		[{}, 'Phone Number is empty'],
		['1234', 'Phone Number is not a phone number'],
		['1234567890123456', 'Phone Number is not a phone number'],
		['+1 415 CALL', 'Phone Number is not a phone number'],
		['../Trunk', 'Phone Number is not a phone number'],
	])('%p is refused', (value, message) => {
		expect(refused(() => checkedPhoneNumber('Phone Number', value))).toBe(message);
	});
});

describe('a name', () => {
	it('is trimmed; a number counts as text', () => {
		expect(field(TRUNK, 'name', ' Acme ')).toBe('Acme');
		expect(field(TRUNK, 'name', 42)).toBe('42');
	});

	it.each([undefined, null, '', '  ', {}, true])('may not be %p', (value) => {
		expect(refused(() => field(TRUNK, 'name', value))).toBe('Name is empty');
	});
});

describe('a credential', () => {
	it.each(['abcde', 'A1B2C3D4E5F6G7H8I9J0'])('takes the username %p', (username) => {
		expect(field(CREDENTIAL, 'username', username)).toBe(username);
	});

	it.each([
		['abcd', 'Username must have 5 to 20 characters'],
		['a'.repeat(21), 'Username must have 5 to 20 characters'],
		['acme-pbx', 'Username may have only letters and digits'],
		['acme pbx', 'Username may have only letters and digits'],
		['acmé1', 'Username may have only letters and digits'],
		['', 'Username is empty'],
	])('refuses the username %p', (username, message) => {
		expect(refused(() => field(CREDENTIAL, 'username', username))).toBe(message);
	});

	it.each([...'~!@#$%^&*()_+'])('takes a password with %p as its one special', (special) => {
		expect(field(CREDENTIAL, 'password', `aB3x${special}`)).toBe(`aB3x${special}`);
	});

	it.each([
		['abc!', 'Password must have 5 to 20 characters'],
		[`${'a'.repeat(20)}!`, 'Password must have 5 to 20 characters'],
		['abcdef', 'Password has no special character'],
		['abc-def!', 'Password has a character that Plivo does not take'],
		['abc def!', 'Password has a character that Plivo does not take'],
		[' abcdef!', 'Password has a character that Plivo does not take'],
		['äbcdef!', 'Password has a character that Plivo does not take'],
		['', 'Password is empty'],
		[undefined, 'Password is empty'],
		[12345, 'Password is empty'],
	])('refuses the password %p', (password, message) => {
		expect(refused(() => field(CREDENTIAL, 'password', password))).toBe(message);
	});

	it('never repeats a password in the refusal', () => {
		expect(refused(() => field(CREDENTIAL, 'password', 'hunter2hunter2'))).not.toContain('hunter2');
	});
});

describe('IP addresses', () => {
	it.each([
		['a list', ['203.0.113.10', ' 2001:db8::/48 ']],
		['commas', '203.0.113.10, 2001:db8::/48'],
		['line ends', '203.0.113.10\r\n2001:db8::/48\n'],
		['semicolons', '203.0.113.10;2001:db8::/48'],
		['doubles', '203.0.113.10,2001:db8::/48,203.0.113.10'],
	])('come as %s', (_, value) => {
		expect(checkedAddresses('IP Addresses', value)).toEqual(['203.0.113.10', '2001:db8::/48']);
	});

	it.each([
		['', 'IP Addresses is empty'],
		[undefined, 'IP Addresses is empty'],
		[{}, 'IP Addresses is empty'],
		[[], 'IP Addresses is empty'],
		[[' '], 'IP Addresses is empty'],
		[[1], 'IP Addresses has an entry that is no text'],
		[
			'203.0.113.10, pbx.acme.com',
			'IP Addresses contains pbx.acme.com, which is no IP address or CIDR block',
		],
		[
			['10.0.0.0/33'],
			'IP Addresses contains 10.0.0.0/33, whose prefix length is not a number from 0 to 32',
		],
	])('%p are refused', (value, message) => {
		expect(refused(() => checkedAddresses('IP Addresses', value))).toBe(message);
	});

	it('are warned about when strangers or nobody can be in them', () => {
		const warnings = (...addresses: string[]) => warningsAbout(IP_ACL, { ip_addresses: addresses });
		expect(warnings('203.0.113.10')).toEqual([]);
		expect(warnings('0.0.0.0/0')).toEqual([expect.stringContaining('strangers')]);
		expect(warnings('192.168.1.5', '::/0')).toEqual([
			expect.stringContaining('192.168.1.5 is a private address'),
			expect.stringContaining('::/0 is a very wide range'),
		]);
	});
});

describe('an origination URI', () => {
	const plain = { name: 'Acme', uri: 'pbx.acme.com;transport=tcp' };

	it('keeps what was typed but the spaces around it', () => {
		expect(field(ORIGINATION_URI, 'uri', ' PBX.Acme.com:5060;Transport=TCP ')).toBe(
			'PBX.Acme.com:5060;Transport=TCP',
		);
	});

	it.each([
		['http://pbx.acme.com', 'URI is a web address (URL), not a SIP address'],
		['pbx.acme.com/path', 'URI contains a path or a query, which a SIP address never has'],
		['', 'URI is empty'],
	])('%p is refused', (uri, message) => {
		expect(refused(() => field(ORIGINATION_URI, 'uri', uri))).toBe(message);
	});

	it('takes username and password with authentication only', () => {
		const login = { username: 'plivo', password: 'x' };
		expect(newOriginationUri({ ...plain, authentication_needed: false, ...login })).toEqual({
			...plain,
			authentication_needed: false,
		});
		expect(newOriginationUri({ ...plain, authentication_needed: true, ...login })).toEqual({
			...plain,
			authentication_needed: true,
			...login,
		});
	});

	it.each([
		['username', { password: 'x' }, 'Username is empty'],
		['password', { username: 'plivo' }, 'Password is empty'],
	])('needs a %s for authentication', (_, login, message) => {
		const fields = { ...plain, authentication_needed: true, ...login };
		expect(refused(() => newOriginationUri(fields))).toBe(message);
	});

	it('warns about what Plivo can never reach and about a missing transport', () => {
		expect(warningsAbout(ORIGINATION_URI, { uri: '10.0.0.5' })).toEqual([
			expect.stringContaining('can never reach 10.0.0.5'),
			expect.stringContaining('names no transport'),
		]);
		expect(warningsAbout(ORIGINATION_URI, plain)).toEqual([]);
		expect(warningsAbout(ORIGINATION_URI, { name: 'Acme' })).toEqual([]);
	});
});

describe('changes of an origination URI', () => {
	const open = { uri_uuid: 'u', authentication_needed: false, username: null };
	const locked = { uri_uuid: 'u', authentication_needed: true, username: 'plivo' };

	it.each<[string, IDataObject, IDataObject, IDataObject]>([
		['leave the login out where they do not touch it', { name: 'n' }, locked, { name: 'n' }],
		[
			'restate authentication and username with a password',
			{ password: 'x' },
			locked,
			{ password: 'x', authentication_needed: true, username: 'plivo' },
		],
		[
			'switch authentication on with a password',
			{ username: 'acme', password: 'x' },
			open,
			{ username: 'acme', password: 'x', authentication_needed: true },
		],
		[
			'switch authentication off',
			{ authentication_needed: false },
			locked,
			{ authentication_needed: false },
		],
		[
			'leave out a login that stays as it is',
			{ name: 'n', authentication_needed: true, username: 'plivo' },
			locked,
			{ name: 'n' },
		],
		[
			'say that no authentication is needed with a username of an open URI',
			{ username: 'acme' },
			open,
			{ username: 'acme', authentication_needed: false },
		],
	])('%s', (_, changes, current, sent) => {
		expect(originationUriChanges(changes, current)).toEqual(sent);
	});

	it.each<[IDataObject, IDataObject, string]>([
		[{ authentication_needed: true }, open, 'Username is missing'],
		[{ password: 'x' }, open, 'Username is missing'],
		[{ username: 'other' }, locked, 'Password is missing'],
		[{ authentication_needed: true, username: 'acme' }, open, 'Password is missing'],
	])('%j is refused', (changes, current, message) => {
		expect(refused(() => originationUriChanges(changes, current))).toBe(message);
	});
});

describe('a new trunk', () => {
	const outbound = { name: 'Acme', trunk_direction: 'outbound' };
	const inbound = { name: 'Acme', trunk_direction: 'inbound', primary_uri_uuid: 'u' };

	it.each<[string, IDataObject]>([
		['credential', { ...outbound, credential_uuid: 'c' }],
		['ipAcl', { ...outbound, ipacl_uuid: 'i' }],
		['both', { ...outbound, credential_uuid: 'c', ipacl_uuid: 'i' }],
	])('takes what the authentication %p needs, and no more', (authentication, fields) => {
		const all = { ...outbound, credential_uuid: 'c', ipacl_uuid: 'i', primary_uri_uuid: 'u' };
		expect(newTrunk(all, authentication)).toEqual(fields);
	});

	it('takes URIs when it is inbound, and no authentication', () => {
		const fields = { ...inbound, fallback_uri_uuid: 'f', trunk_status: 'disabled', secure: true };
		expect(newTrunk({ ...fields, credential_uuid: 'c', ipacl_uuid: 'i' }, undefined)).toEqual(
			fields,
		);
	});

	it.each<[string, IDataObject, unknown, string]>([
		['no direction', { name: 'Acme' }, 'credential', 'Direction must be inbound or outbound'],
		[
			'an unknown direction',
			{ ...outbound, trunk_direction: 'both' },
			'credential',
			'Direction must be inbound or outbound',
		],
		[
			'an unknown authentication',
			outbound,
			'none',
			'Authentication must be credential or ipAcl or both',
		],
		['no credential', outbound, 'credential', 'SIP Credential is empty'],
		['no list', outbound, 'ipAcl', 'IP Access Control List is empty'],
		[
			'only half of both',
			{ ...outbound, credential_uuid: 'c' },
			'both',
			'IP Access Control List is empty',
		],
		['no URI', { ...inbound, primary_uri_uuid: '' }, undefined, 'Primary URI is empty'],
		[
			'a fallback of an outbound one',
			{ ...outbound, credential_uuid: 'c', fallback_uri_uuid: 'f' },
			'credential',
			'Fallback URI goes with inbound trunks only',
		],
		[
			'an id with a slash',
			{ ...outbound, credential_uuid: '../c' },
			'credential',
			'SIP Credential is not an ID: it may have only letters, digits, "-" and "_"',
		],
		['no name', { ...inbound, name: ' ' }, undefined, 'Name is empty'],
		[
			'an unknown status',
			{ ...inbound, trunk_status: 'on' },
			undefined,
			'Status must be enabled or disabled',
		],
		['a vague secure', { ...inbound, secure: 'maybe' }, undefined, 'Secure must be on or off'],
	])('is refused with %s', (_, fields, authentication, message) => {
		expect(refused(() => newTrunk(fields, authentication))).toBe(message);
	});

	it.each([
		[true, true],
		['true', true],
		[false, false],
		['false', false],
	])('takes %p for secure', (given, sent) => {
		expect(newTrunk({ ...inbound, secure: given }, undefined).secure).toBe(sent);
	});
});
