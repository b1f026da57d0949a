import {
	isReady,
	readinessChecks,
	type ReadinessFacts,
} from '../../nodes/PlivoSipTrunking/provisioning/readinessChecks.ts';
import { routeOf } from '../../nodes/PlivoSipTrunking/records/phoneNumber.ts';
import { first, only } from '../support/elements.mts';

const phoneNumber = {
	number: '14155550100',
	voice_enabled: true,
	application: '/v1/Account/MAXXXX/Zentrunk/Trunk/101/',
};
const trunk = {
	trunk_id: '101',
	name: 'acme in',
	trunk_direction: 'inbound',
	trunk_status: 'enabled',
	secure: false,
	primary_uri_uuid: 'u1',
	fallback_uri_uuid: 'u2',
};
const primaryUri = { uri_uuid: 'u1', uri: 'sip.example.com:5060;transport=tcp' };
const fallbackUri = { uri_uuid: 'u2', uri: 'sip2.example.com:5060;transport=tcp' };
const outbound = {
	trunk_id: '202',
	name: 'acme out',
	trunk_direction: 'outbound',
	trunk_status: 'enabled',
	credential_uuid: null,
	ipacl_uuid: 'i1',
};
const ipAcl = { ipacl_uuid: 'i1', name: 'office', ip_addresses: ['203.0.113.0/28'] };

const good: ReadinessFacts = {
	numberGiven: '+14155550100',
	phoneNumber,
	trunk,
	primaryUri,
	fallbackUri,
	outboundTrunks: [outbound],
	ipAcls: [ipAcl],
};

const found = (facts: ReadinessFacts) =>
	readinessChecks(facts).filter(({ status }) => status !== 'pass');

describe('readinessChecks: what keeps a call from arriving or leaving', () => {
	it('passes everything on a number that is ready, in the order in which a call goes', () => {
		const checks = readinessChecks(good);
		expect(checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
			'pass Phone number',
			'pass Voice',
			'pass Route',
			'pass Trunk',
			'pass Primary URI',
			'pass Primary URI transport',
			'pass Fallback URI',
			'pass Fallback URI transport',
			'pass Outbound trunk',
			'pass IP access control list',
		]);
		expect(isReady(checks)).toBe(true);
	});

	it.each<[string, Partial<ReadinessFacts>, string, string, string]>([
		[
			'number not rented',
			{ phoneNumber: null, trunk: undefined },
			'fail',
			'Phone number',
			'+14155550100 is not on this account',
		],
		[
			'number without voice',
			{ phoneNumber: { ...phoneNumber, voice_enabled: false } },
			'fail',
			'Voice',
			'not enabled for voice',
		],
		[
			'number on an application',
			{
				phoneNumber: { ...phoneNumber, application: '/v1/Account/MA/Application/55/' },
				trunk: undefined,
			},
			'fail',
			'Route',
			'application 55',
		],
		[
			'number on nothing',
			{ phoneNumber: { ...phoneNumber, application: null }, trunk: undefined },
			'fail',
			'Route',
			'not routed to a trunk',
		],
		[
			'number on another trunk',
			{ trunkGiven: '999' },
			'fail',
			'Route',
			'trunk 101, not to trunk 999',
		],
		['trunk gone', { trunk: null }, 'fail', 'Trunk', 'The trunk 101 does not exist'],
		[
			'trunk asked for gone',
			{ phoneNumber: undefined, trunk: null, trunkGiven: '7' },
			'fail',
			'Trunk',
			'The trunk 7 does not exist',
		],
		['trunk outbound', { trunk: outbound }, 'fail', 'Trunk', 'acme out (202) is outbound'],
		[
			'trunk disabled',
			{ trunk: { ...trunk, trunk_status: 'disabled' } },
			'fail',
			'Trunk',
			'is disabled',
		],
		[
			'no primary URI',
			{ trunk: { ...trunk, primary_uri_uuid: null }, primaryUri: undefined },
			'fail',
			'Primary URI',
			'no primary URI',
		],
		['primary URI gone', { primaryUri: null }, 'fail', 'Primary URI', 'does not exist any more'],
		[
			'primary URI malformed',
			{ primaryUri: { uri: 'https://example.com/answer' } },
			'fail',
			'Primary URI',
			'"https://example.com/answer" begins with https:',
		],
		['primary URI empty', { primaryUri: {} }, 'fail', 'Primary URI', 'has no host'],
		[
			'primary URI private',
			{ primaryUri: { uri: '10.0.0.5;transport=udp' } },
			'fail',
			'Primary URI reachable',
			'never reach 10.0.0.5',
		],
		[
			'primary URI without transport',
			{ primaryUri: { uri: 'sip.example.com' } },
			'warn',
			'Primary URI transport',
			'no transport',
		],
		[
			'no fallback URI',
			{ trunk: { ...trunk, fallback_uri_uuid: '' }, fallbackUri: undefined },
			'warn',
			'Fallback URI',
			'no fallback URI',
		],
		['fallback URI gone', { fallbackUri: null }, 'warn', 'Fallback URI', 'does not exist any more'],
		[
			'fallback URI malformed',
			{ fallbackUri: { uri: 'a b' } },
			'warn',
			'Fallback URI',
			'"a b" contains a space',
		],
		[
			'fallback URI private',
			{ fallbackUri: { uri: 'localhost;transport=udp' } },
			'warn',
			'Fallback URI reachable',
			'never reach localhost',
		],
		['no outbound trunk', { outboundTrunks: [] }, 'info', 'Outbound trunk', 'no outbound trunk'],
		[
			'outbound trunk disabled',
			{ outboundTrunks: [{ ...outbound, trunk_status: 'disabled' }] },
			'warn',
			'Outbound trunk',
			'enabled: acme out',
		],
		[
			'outbound trunk open',
			{ outboundTrunks: [{ ...outbound, name: '', ipacl_uuid: null }] },
			'warn',
			'Outbound trunk',
			'attached to 202',
		],
		[
			'wide IP range',
			{ ipAcls: [{ ...ipAcl, ip_addresses: ['203.0.113.1', '0.0.0.0/0', '::/0'] }] },
			'warn',
			'IP access control list',
			'office lets strangers make calls on your account: 0.0.0.0/0, ::/0',
		],
		[
			'IP addresses unknown',
			{ ipAcls: [{ ...ipAcl, ip_addresses: undefined }] },
			'warn',
			'IP access control list',
			'does not show the addresses of the list office',
		],
		[
			'calls elsewhere',
			{ outOfSight: true, trunk: undefined },
			'fail',
			'Route',
			'go to /v1/Account/MAXXXX/Zentrunk/Trunk/101/, where this account cannot look',
		],
		[
			'trunk of another status',
			{ trunk: { ...trunk, trunk_status: 'Suspended' } },
			'fail',
			'Trunk',
			'The inbound trunk acme in (101) is suspended',
		],
		[
			'trunk without a name',
			{ trunk: { ...trunk, name: null, trunk_status: 'disabled' } },
			'fail',
			'Trunk',
			'The inbound trunk 101 is disabled',
		],
		[
			'trunk without a direction',
			{ trunk: { ...trunk, trunk_direction: null } },
			'fail',
			'Trunk',
			'The trunk acme in (101) is of an unknown direction',
		],
	])('%s', (_what, facts, status, name, detail) => {
		const checks = found({ ...good, ...facts });
		expect(checks).toEqual([
			{
				status,
				name,
				detail: expect.stringContaining(detail),
				fix: status === 'info' ? '' : expect.stringMatching(/^[A-Z].*\.$/),
			},
		]);
		expect(only(checks).detail).toMatch(/^[A-Z].*\.$/);
		expect(isReady(readinessChecks({ ...good, ...facts }))).toBe(status !== 'fail');
	});
});

describe('readinessChecks: what is no problem', () => {
	it.each([
		[false, 'sips:sip.example.com'],
		[false, 'sip.example.com:5061;transport=tls'],
		[true, 'sip.example.com:5061;transport=tls'],
		[true, 'sip.example.com:5060;transport=tcp'],
	])('does not judge an inbound trunk by its secure (%p with %s)', (secure, uri) => {
		const checks = readinessChecks({ ...good, trunk: { ...trunk, secure }, primaryUri: { uri } });
		expect(checks.filter(({ status }) => status !== 'pass')).toEqual([]);
		expect(JSON.stringify(checks)).not.toMatch(/encrypt|secure/i);
	});

	it('says nothing of what was not looked at', () => {
		expect(readinessChecks({})).toEqual([]);
		expect(isReady([])).toBe(false);
		const names = readinessChecks({ trunk }).map(({ name }) => name);
		expect(names).toEqual(['Trunk']);
	});

	it('checks an outbound trunk that is asked about, and takes it more seriously', () => {
		const facts = { trunkGiven: '202', trunk: outbound, outboundTrunks: [outbound], ipAcls: [] };
		expect(readinessChecks(facts)).toEqual([
			{
				name: 'Outbound trunk',
				status: 'pass',
				detail: 'Calls can go out over acme out.',
				fix: '',
			},
		]);
		for (const change of [{ trunk_status: 'disabled' }, { ipacl_uuid: null }]) {
			const broken = { ...outbound, ...change };
			expect(isReady(readinessChecks({ ...facts, trunk: broken, outboundTrunks: [broken] }))).toBe(
				false,
			);
		}
	});

	it('counts a credential as authentication, and only the lists that are in use', () => {
		const withCredential = { ...outbound, ipacl_uuid: null, credential_uuid: 'c1' };
		const open = { ipacl_uuid: 'i9', ip_addresses: ['0.0.0.0/0'] };
		expect(found({ ...good, outboundTrunks: [withCredential], ipAcls: [open] })).toEqual([]);
	});

	it('takes lists without name or addresses', () => {
		const checks = readinessChecks({
			outboundTrunks: [outbound],
			ipAcls: [{ ipacl_uuid: 'i1', ip_addresses: null }],
		});
		expect(checks[1]).toMatchObject({
			status: 'pass',
			detail: 'The list i1 has no very wide range.',
		});
	});

	it('names the number as it was given where the record has none', () => {
		const checks = readinessChecks({
			numberGiven: '123',
			phoneNumber: { ...phoneNumber, number: undefined },
		});
		expect(first(checks).detail).toBe('The number 123 is on this account.');
	});
});

describe('routeOf', () => {
	it.each([
		['/v1/Account/MA/Zentrunk/Trunk/101/', { kind: 'trunk', id: '101' }],
		['/v1/Account/MA/Zentrunk/Trunk/101', { kind: 'trunk', id: '101' }],
		['/v1/Account/MA/Application/55/', { kind: 'application', id: '55' }],
		['', undefined],
		[null, undefined],
		[{}, undefined],
		['/v1/Account/MA/Other/55/', undefined],
	])('reads %p', (application, route) => expect(routeOf(application)).toEqual(route));
});
