import { CallRecords, withCallDefaults } from './calls.mts';
import { plivoTime, trunkTime } from './plivoTime.mts';
import { uuidFrom } from './random.mts';
import { type PlivoRecord, Records } from './recordMap.mts';
import type { Variants } from './variants.mts';

export type { PlivoRecord };

/** Everything that one account has, by id, in the order of making; and the numbers that it can rent. */
export interface State {
	trunks: Records;
	uris: Records;
	credentials: Records;
	ipacls: Records;
	numbers: Records;
	calls: CallRecords;
	applications: Records;
	compliance: Records;
	/** Numbers to rent. */
	stock: Records;
	/** One for each number that was rented. */
	rents: Records;
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
	compliance: 'compliance_application_id',
	stock: 'number',
	rents: 'rent_id',
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
		compliance: new Records(),
		stock: new Records(),
		rents: new Records(),
	};
}

/** What Plivo shows of a record: never a password, and the times in one of the ways that it may write them. */
export function shown(record: PlivoRecord, time: Variants['time'] = 'T'): PlivoRecord {
	const { password: _password, ...rest } = record;
	if (time === 'T') return rest;
	for (const field of ['created_at', 'updated_at']) {
		if (typeof rest[field] !== 'string') continue;
		if (time === 'missing') delete rest[field];
		else rest[field] = rest[field].slice(0, 19).replace('T', ' ');
	}
	return rest;
}

/** The resource path that a number's `application` holds. */
export function routeTo(authId: string, kind: 'trunks' | 'applications', id: string): string {
	return `/v1/Account/${authId}/${kind === 'trunks' ? 'Zentrunk/Trunk' : 'Application'}/${id}/`;
}

/** New ids, none of them twice. */
export interface Ids {
	uuid(): string;
	/** A string of 17 digits: more than a JavaScript number holds exactly. Not in the order of making. */
	trunkId(): string;
}

/** @param random numbers from 0 up to 1 */
export function createIds(random: () => number): Ids {
	let trunks = 0;
	return {
		uuid: () => uuidFrom(random),
		trunkId() {
			trunks++;
			const scattered = String(Math.floor(random() * 1000)).padStart(3, '0');
			return `217841${scattered}${String(trunks).padStart(8, '0')}`;
		},
	};
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
	{ now, serial, ids = createIds(Math.random) }: { now: number; serial: number; ids?: Ids },
): PlivoRecord {
	switch (kind) {
		case 'trunks': {
			const id = String(given.trunk_id ?? ids.trunkId());
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
				created_at: trunkTime(now),
				updated_at: trunkTime(now),
				...given,
			};
		}
		case 'uris':
			return {
				uri_uuid: ids.uuid(),
				name: `URI ${serial}`,
				uri: `sip${serial}.example.com:5060;transport=tcp`,
				authentication_needed: false,
				username: null,
				password: '',
				...given,
			};
		case 'credentials':
			return {
				credential_uuid: ids.uuid(),
				name: `Credential ${serial}`,
				username: `user${String(serial).padStart(5, '0')}`,
				password: 'Secret#123',
				...given,
			};
		case 'ipacls':
			return {
				ipacl_uuid: ids.uuid(),
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
				region: 'California, UNITED STATES',
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
				cnam: null,
				cnam_lookup: false,
				compliance_application_id: null,
				compliance_status: null,
				...given,
			};
		case 'calls':
			return withCallDefaults(given, now, ids.uuid);
		case 'applications':
			return {
				// As text: numbers of 17 digits lose their last one.
				app_id: `16638156${String(serial).padStart(9, '0')}`,
				app_name: `Application ${serial}`,
				answer_url: 'https://example.com/answer',
				default_app: false,
				sub_account: null,
				...given,
			};
		case 'compliance':
			return {
				compliance_application_id: ids.uuid(),
				alias: `Compliance ${serial}`,
				country_iso: 'IN',
				number_type: 'local',
				status: 'accepted',
				...given,
			};
		case 'stock':
			return { number: String(14155770000 + serial), ...given };
		case 'rents':
			return { rent_id: String(serial), ...given };
	}
}
