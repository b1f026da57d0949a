import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../nodes/PlivoSipTrunking/failure.ts';
import { CREDENTIAL } from '../../nodes/PlivoSipTrunking/records/credential.ts';
import { IP_ACL } from '../../nodes/PlivoSipTrunking/records/ipAccessControlList.ts';
import {
	checkedFields,
	type Kind,
	labelled,
	matches,
	referencesOf,
} from '../../nodes/PlivoSipTrunking/records/kind.ts';
import {
	newOriginationUri,
	ORIGINATION_URI,
} from '../../nodes/PlivoSipTrunking/records/originationUri.ts';
import { newTrunk, TRUNK } from '../../nodes/PlivoSipTrunking/records/trunk.ts';

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

describe('the fields of a record', () => {
	it('are those that Plivo has of the kind', () => {
		expect(checkedFields(CREDENTIAL, { name: 'Acme', uri: 'x', trunk_id: '1' })).toEqual({
			name: 'Acme',
		});
	});

	it.each<[Kind, string, unknown, IDataObject[string]]>([
		[TRUNK, 'name', ' Acme ', 'Acme'],
		[TRUNK, 'name', 42, '42'],
		[CREDENTIAL, 'name', 'Cafe\u0301', 'Café'],
		[TRUNK, 'trunk_direction', 'Inbound', 'inbound'],
		[TRUNK, 'trunk_status', 'disabled', 'disabled'],
		[TRUNK, 'secure', 'true', true],
		[TRUNK, 'credential_uuid', ' c-1 ', 'c-1'],
		[TRUNK, 'primary_uri_uuid', '/v1/Account/MA/Zentrunk/URI/u-1/', 'u-1'],
		[CREDENTIAL, 'username', 'sip_user_1', 'sip_user_1'],
		[CREDENTIAL, 'password', 'aB3x!', 'aB3x!'],
		[IP_ACL, 'ip_addresses', '203.0.113.10; 203.0.113.10', ['203.0.113.10']],
		[
			ORIGINATION_URI,
			'uri',
			' PBX.Acme.com:5060;Transport=TCP ',
			'PBX.Acme.com:5060;Transport=TCP',
		],
		[ORIGINATION_URI, 'authentication_needed', 'yes', true],
		[ORIGINATION_URI, 'username', ' plivo ', 'plivo'],
		[ORIGINATION_URI, 'password', ' x ', ' x '],
	])('%# are made fit for Plivo', (kind, name, given, sent) => {
		expect(field(kind, name, given)).toEqual(sent);
	});

	it.each<[Kind, string, unknown, string]>([
		[TRUNK, 'name', undefined, "'Name' is empty"],
		[TRUNK, 'name', ' ', "'Name' is empty"],
		[TRUNK, 'name', {}, "'Name' is an object, not text"],
		[TRUNK, 'trunk_direction', 'both', '\'Direction\' is "both", which is not one of the choices'],
		[TRUNK, 'trunk_status', 'on', '\'Status\' is "on", which is not one of the choices'],
		[TRUNK, 'secure', 'maybe', '\'Secure\' is "maybe", neither true nor false'],
		[TRUNK, 'ipacl_uuid', '', "'IP Access Control List' is empty"],
		[TRUNK, 'credential_uuid', 'a/b', "'SIP Credential' is not an ID"],
		[
			TRUNK,
			'primary_uri_uuid',
			'/v1/Account/MA/Zentrunk/Credential/c-1/',
			"'Primary URI' is the address of a SIP credential, not of an origination URI",
		],
		[TRUNK, 'fallback_uri_uuid', null, "'Fallback URI' is empty"],
		[
			CREDENTIAL,
			'username',
			'acme-pbx',
			"'Username' must be 5 to 20 letters, digits and underscores",
		],
		[CREDENTIAL, 'username', 'abcd', "'Username' must be 5 to 20 letters, digits and underscores"],
		[CREDENTIAL, 'password', 'abcdef', "'Password' has no special character"],
		[CREDENTIAL, 'password', '', "'Password' is empty"],
		[CREDENTIAL, 'password', 12345, "'Password' is a number"],
		[IP_ACL, 'ip_addresses', [], "'IP Addresses' is empty"],
		[
			IP_ACL,
			'ip_addresses',
			'203.0.113.10, pbx.acme.com',
			'\'IP Addresses\' contains "pbx.acme.com", which is not an IP address or CIDR block',
		],
		[
			ORIGINATION_URI,
			'uri',
			'http://pbx.acme.com',
			"'URI' begins with http:, which is not a SIP address",
		],
		[ORIGINATION_URI, 'uri', '', "'URI' is empty"],
	])('%# are refused by their label', (kind, name, value, message) => {
		expect(refused(() => field(kind, name, value))).toContain(message);
	});

	it.each([CREDENTIAL, ORIGINATION_URI])('never repeat a password in a refusal: %#', (kind) => {
		for (const password of ['hunter2hunter2hunter2', 'hunter2', { hunter2: 1 }, ['hunter2'], '']) {
			const say = () => {
				field(kind, 'password', password);
				throw new PlivoFailure('input', 'taken', 'as it is, of course');
			};
			expect(refused(say)).not.toContain('hunter2');
		}
	});
});

describe('warnings', () => {
	const ranges = (...ip_addresses: string[]) => IP_ACL.warningsAbout({ ip_addresses });

	it('are about addresses that strangers or nobody can be in', () => {
		expect(ranges('198.18.0.1')).toEqual([]);
		expect(ranges('0.0.0.0/0')).toEqual([expect.stringContaining('anyone in it')]);
		expect(ranges('192.168.1.5', '::/0')).toEqual([
			expect.stringContaining('192.168.1.5 is a private address'),
			expect.stringContaining('::/0 is a very wide range'),
		]);
	});

	it('are about URIs that Plivo can never reach, or whose transport is missing', () => {
		expect(ORIGINATION_URI.warningsAbout({ uri: '10.0.0.5' })).toEqual([
			expect.stringContaining('can never reach 10.0.0.5'),
			expect.stringContaining('has no transport'),
		]);
		expect(ORIGINATION_URI.warningsAbout({ uri: 'pbx.acme.com;transport=tcp' })).toEqual([]);
	});

	it('are none where the field does not change', () => {
		for (const kind of [TRUNK, CREDENTIAL, IP_ACL, ORIGINATION_URI]) {
			expect(kind.warningsAbout({ name: 'Acme' })).toEqual([]);
		}
	});
});

describe('a new origination URI', () => {
	const plain = { name: 'Acme', uri: 'pbx.acme.com;transport=tcp' };

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
		['username', { password: 'x' }, "'Username' is empty"],
		['password', { username: 'plivo' }, "'Password' is empty"],
	])('needs a %s for authentication', (_, login, message) => {
		const fields = { ...plain, authentication_needed: true, ...login };
		expect(refused(() => newOriginationUri(fields))).toBe(message);
	});
});

describe('an update restates', () => {
	const open = { uri_uuid: 'u', authentication_needed: false, username: null };
	const locked = { uri_uuid: 'u', authentication_needed: true, username: 'plivo' };

	it.each<[string, Kind, IDataObject, IDataObject, IDataObject]>([
		[
			'a trunk’s direction, also where it does not change',
			TRUNK,
			{ name: 'n' },
			{ trunk_id: '1', trunk_direction: 'inbound', trunk_status: 'enabled' },
			{ trunk_direction: 'inbound', name: 'n' },
		],
		[
			'no old direction where another is given',
			TRUNK,
			{ trunk_direction: 'outbound' },
			{ trunk_direction: 'inbound' },
			{ trunk_direction: 'outbound' },
		],
		[
			'a credential’s username with each password',
			CREDENTIAL,
			{ password: 'new!!' },
			{ username: 'acme1', name: 'n' },
			{ username: 'acme1', password: 'new!!' },
		],
		['nothing of an IP list', IP_ACL, { name: 'n' }, { ip_addresses: ['1.1.1.1'] }, { name: 'n' }],
		['no login that is not touched', ORIGINATION_URI, { name: 'n' }, locked, { name: 'n' }],
		[
			'authentication and username with a password',
			ORIGINATION_URI,
			{ password: 'x' },
			locked,
			{ password: 'x', authentication_needed: true, username: 'plivo' },
		],
		[
			'that authentication is on with a password for an open URI',
			ORIGINATION_URI,
			{ username: 'acme', password: 'x' },
			open,
			{ username: 'acme', password: 'x', authentication_needed: true },
		],
		[
			'nothing where authentication goes off',
			ORIGINATION_URI,
			{ authentication_needed: false },
			locked,
			{ authentication_needed: false },
		],
		[
			'no login that stays as it is',
			ORIGINATION_URI,
			{ name: 'n', authentication_needed: true, username: 'plivo' },
			locked,
			{ name: 'n' },
		],
		[
			'that none is needed with the username of an open URI',
			ORIGINATION_URI,
			{ username: 'acme' },
			open,
			{ username: 'acme', authentication_needed: false },
		],
	])('%s', (_, kind, changes, current, sent) => {
		expect(kind.restated(changes, current)).toEqual(sent);
	});

	it.each<[IDataObject, IDataObject, string]>([
		[{ authentication_needed: true }, open, "'Username' is missing"],
		[{ password: 'x' }, open, "'Username' is missing"],
		[{ username: 'other' }, locked, "'Password' is missing"],
		[{ authentication_needed: true, username: 'acme' }, open, "'Password' is missing"],
	])('but not %j, which is refused', (changes, current, message) => {
		expect(refused(() => ORIGINATION_URI.restated(changes, current))).toBe(message);
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

	it('takes URIs when it is inbound; no authentication, and never secure', () => {
		const fields = { ...inbound, fallback_uri_uuid: 'f', trunk_status: 'disabled' };
		for (const secure of [true, false]) {
			const all = { ...fields, secure, credential_uuid: 'c', ipacl_uuid: 'i' };
			expect(newTrunk(all, undefined)).toEqual(fields);
		}
	});

	it.each<[string, IDataObject, unknown, string]>([
		['no direction', { name: 'Acme' }, 'credential', "'Direction' is empty"],
		[
			'an unknown direction',
			{ ...outbound, trunk_direction: 'both' },
			'credential',
			'\'Direction\' is "both", which is not one of the choices',
		],
		[
			'an unknown authentication',
			outbound,
			'none',
			'\'Authentication\' is "none", which is not one of the choices',
		],
		['no credential', outbound, 'credential', "'SIP Credential' is empty"],
		['no list', outbound, 'ipAcl', "'IP Access Control List' is empty"],
		[
			'only half of both',
			{ ...outbound, credential_uuid: 'c' },
			'both',
			"'IP Access Control List' is empty",
		],
		['no URI', { ...inbound, primary_uri_uuid: '' }, undefined, "'Primary URI' is empty"],
		[
			'a fallback of an outbound one',
			{ ...outbound, credential_uuid: 'c', fallback_uri_uuid: 'f' },
			'credential',
			"'Fallback URI' is for inbound trunks only",
		],
		[
			'an id with a slash',
			{ ...outbound, credential_uuid: '../c' },
			'credential',
			'\'SIP Credential\' is not an ID: it may have only letters, digits, "-" and "_"',
		],
		['no name', { ...inbound, name: ' ' }, undefined, "'Name' is empty"],
		[
			'an unknown status',
			{ ...inbound, trunk_status: 'on' },
			undefined,
			'\'Status\' is "on", which is not one of the choices',
		],
		[
			'a vague secure',
			{ ...outbound, credential_uuid: 'c', secure: 'maybe' },
			'credential',
			'\'Secure\' is "maybe", neither true nor false',
		],
	])('is refused with %s', (_, fields, authentication, message) => {
		expect(refused(() => newTrunk(fields, authentication))).toBe(message);
	});

	it.each([
		[true, true],
		['true', true],
		[false, false],
		['false', false],
	])('takes %p for secure when it is outbound', (given, sent) => {
		const fields = { ...outbound, credential_uuid: 'c', secure: given };
		expect(newTrunk(fields, 'credential').secure).toBe(sent);
	});
});

describe('what makes two records one', () => {
	it('is the name, however it is typed; for a trunk with its direction', () => {
		for (const kind of [CREDENTIAL, IP_ACL, ORIGINATION_URI]) {
			expect(kind.identityOf({ name: ' Cafe\u0301\u200b  du   Nord' })).toBe(
				kind.identityOf({ name: 'Café du Nord' }),
			);
			expect(kind.identityOf({ name: 'acme' })).not.toBe(kind.identityOf({ name: 'Acme' }));
		}
		const trunk = (name: string, trunk_direction: string) =>
			TRUNK.identityOf({ name, trunk_direction });
		expect(trunk(' Acme', 'inbound')).toBe(trunk('Acme ', 'inbound'));
		expect(trunk('Acme', 'inbound')).not.toBe(trunk('Acme', 'outbound'));
	});

	it.each<[IDataObject, IDataObject, boolean]>([
		[{ name: 'Cafe\u0301' }, { name: 'Café' }, true],
		[{ name: 'A' }, { name: 'B' }, false],
		[{ name: 'A', username: 'one' }, { name: 'A', password: 'x' }, true],
		[
			{ ip_addresses: ['1.1.1.1/32', '2001:DB8::/48'] },
			{ ip_addresses: ['2001:db8::/48', '1.1.1.1'] },
			true,
		],
		[{ ip_addresses: ['1.1.1.1'] }, { ip_addresses: ['1.1.1.1', '1.1.1.2'] }, false],
		[{ ip_addresses: ['1.1.1.1', '1.1.1.2'] }, { ip_addresses: ['1.1.1.1'] }, false],
		[{ fallback_uri_uuid: null }, { fallback_uri_uuid: '' }, true],
		[{}, { authentication_needed: false }, true],
		[{}, { authentication_needed: true }, false],
		[{ secure: false }, { secure: true }, false],
	])('%j %j', (record, fields, same) => {
		expect(matches(record, fields)).toBe(same);
	});
});

describe('the words for a record', () => {
	it('are its direction, kind, name and id, as far as they are known', () => {
		expect(labelled(TRUNK, { name: 'Acme', trunk_direction: 'inbound' }, '7')).toBe(
			'inbound trunk "Acme" (7)',
		);
		expect(labelled(CREDENTIAL, { name: null })).toBe('SIP credential');
	});
});

describe('what a record refers to', () => {
	it('are the records of its id fields, each once, none for an empty one', () => {
		const trunk = {
			credential_uuid: 'c',
			ipacl_uuid: null,
			primary_uri_uuid: 'u',
			fallback_uri_uuid: 'u',
		};
		expect(referencesOf(TRUNK, trunk)).toEqual([
			{ kind: CREDENTIAL, id: 'c' },
			{ kind: ORIGINATION_URI, id: 'u' },
		]);
		expect(referencesOf(IP_ACL, { name: 'x', ip_addresses: [] })).toEqual([]);
	});

	it('is not mixed up among kinds that share an id', () => {
		expect(referencesOf(TRUNK, { credential_uuid: 'x', ipacl_uuid: 'x' })).toHaveLength(2);
	});
});
