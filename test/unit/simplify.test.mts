import { CALL } from '../../nodes/PlivoSipTrunking/records/call.ts';
import { CREDENTIAL } from '../../nodes/PlivoSipTrunking/records/credential.ts';
import { IP_ACL } from '../../nodes/PlivoSipTrunking/records/ipAccessControlList.ts';
import { ORIGINATION_URI } from '../../nodes/PlivoSipTrunking/records/originationUri.ts';
import { PHONE_NUMBER } from '../../nodes/PlivoSipTrunking/records/phoneNumber.ts';
import { TRUNK } from '../../nodes/PlivoSipTrunking/records/trunk.ts';
import { type KindName, withDefaults } from '../../simulator/records.mts';

const whole = (kind: KindName) => withDefaults(kind, {}, { now: 0, serial: 1 });

describe('the main fields', () => {
	it.each([
		['a trunk', 10, TRUNK, 'trunks'],
		['a phone number', 10, PHONE_NUMBER, 'numbers'],
		// Talk time beside billed time.
		['a call', 11, CALL, 'calls'],
	] as const)('of %s are %d that it has, with its id', (_, count, kind, name) => {
		const record = whole(name);
		const { mainFields = [] } = kind;
		expect(new Set(mainFields).size).toBe(count);
		expect(mainFields).toHaveLength(count);
		expect(mainFields).toContain(kind.idField);
		for (const field of mainFields) expect(record).toHaveProperty(field);
	});

	it.each([
		['a credential', CREDENTIAL, 'credentials'],
		['an IP access control list', IP_ACL, 'ipacls'],
		['an origination URI', ORIGINATION_URI, 'uris'],
	] as const)('of %s are all: it has few', (_, kind, name) => {
		expect(kind.mainFields).toBeUndefined();
		expect(Object.keys(whole(name)).length).toBeLessThanOrEqual(10);
	});
});
