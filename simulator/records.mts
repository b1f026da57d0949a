import { randomUUID } from 'node:crypto';

import { CallRecords, withCallDefaults } from './calls.mts';
import { plivoTime } from './plivoTime.mts';
import { type PlivoRecord, Records } from './recordMap.mts';

export type { PlivoRecord };

/** Everything that one account has, by id, in Plivo's order. */
export interface State {
	trunks: Records;
	uris: Records;
	credentials: Records;
	ipacls: Records;
	numbers: Records;
	calls: CallRecords;
	applications: Records;
}

export type KindName = keyof State;

/** The field that holds a record's id, for each kind. */
export const ID_FIELDS: Record<KindName, string> = {
	trunks: 'trunk_id',
	uris: 'uri_uuid',
	credentials: 'credential_uuid',
	ipacls: 'ipacl_uuid',
	numbers: 'number',
	calls: 'call_uuid',
	applications: 'app_id',
};

export function emptyState(): State {
	return {
		trunks: new Records(),
		uris: new Records(),
		credentials: new Records(),
		ipacls: new Records(),
		numbers: new Records(),
		calls: new CallRecords(),
		applications: new Records(),
	};
}

/** What Plivo shows of a record: never a password. */
export function shown(record: PlivoRecord): PlivoRecord {
	const { password: _password, ...rest } = record;
	return rest;
}

/** The resource path that a number's `application` holds. */
export function routeTo(authId: string, kind: 'trunks' | 'applications', id: string): string {
	return `/v1/Account/${authId}/${kind === 'trunks' ? 'Zentrunk/Trunk' : 'Application'}/${id}/`;
}

let trunkSerial = 0;

/** Trunk ids are strings of digits; 17 of them, none twice, and not in the order of making. */
function nextTrunkId(): string {
	trunkSerial++;
	const random = String(Math.floor(Math.random() * 1000)).padStart(3, '0');
	return `217841${random}${String(trunkSerial).padStart(8, '0')}`;
}

/**
 * A whole record from what is known of it.
 *
 * @param now milliseconds since 1970
 * @param serial tells records of one kind apart in names and numbers
 */
export function withDefaults(
	kind: KindName,
	given: PlivoRecord,
	{ now, serial }: { now: number; serial: number },
): PlivoRecord {
	switch (kind) {
		case 'trunks': {
			const id = String(given.trunk_id ?? nextTrunkId());
			return {
				trunk_id: id,
				trunk_domain: `${id}.zt.plivo.com`,
				name: `Trunk ${serial}`,
				trunk_status: 'enabled',
				trunk_direction: 'outbound',
				secure: false,
				ipacl_uuid: null,
				credential_uuid: null,
				primary_uri_uuid: null,
				fallback_uri_uuid: null,
				created_at: plivoTime(now),
				updated_at: plivoTime(now),
				...given,
			};
		}
		case 'uris':
			return {
				uri_uuid: randomUUID(),
				name: `URI ${serial}`,
				uri: `sip${serial}.example.com:5060;transport=tcp`,
				authentication_needed: false,
				username: null,
				password: '',
				...given,
			};
		case 'credentials':
			return {
				credential_uuid: randomUUID(),
				name: `Credential ${serial}`,
				username: `user${String(serial).padStart(5, '0')}`,
				password: 'Secret#123',
				...given,
			};
		case 'ipacls':
			return {
				ipacl_uuid: randomUUID(),
				name: `List ${serial}`,
				ip_addresses: ['203.0.113.10'],
				...given,
			};
		case 'numbers':
			return {
				number: String(14155550000 + serial),
				alias: `Line ${serial}`,
				application: null,
				carrier: 'Plivo',
				country: 'United States',
				region: 'California',
				number_type: 'local',
				sub_account: null,
				added_on: plivoTime(now).slice(0, 10),
				voice_enabled: true,
				sms_enabled: true,
				mms_enabled: false,
				monthly_rental_rate: '0.80000',
				renewal_date: plivoTime(now + 30 * 86_400_000).slice(0, 10),
				voice_rate: '0.00850',
				sms_rate: '0.00000',
				...given,
			};
		case 'calls':
			return withCallDefaults(given, now);
		case 'applications':
			return {
				// As text: numbers of 17 digits lose their last one.
				app_id: `16638156${String(serial).padStart(9, '0')}`,
				app_name: `Application ${serial}`,
				...given,
			};
	}
}
