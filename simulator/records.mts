import { randomUUID } from 'node:crypto';

/** A record as Plivo answers it; a password is kept, never answered. */
export type PlivoRecord = Record<string, unknown>;

export type KindName =
	| 'trunks'
	| 'uris'
	| 'credentials'
	| 'ipacls'
	| 'numbers'
	| 'calls'
	| 'applications';

/** Everything that one account has, by id, in Plivo's order. */
export type State = Record<KindName, Map<string, PlivoRecord>>;

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
		trunks: new Map(),
		uris: new Map(),
		credentials: new Map(),
		ipacls: new Map(),
		numbers: new Map(),
		calls: new Map(),
		applications: new Map(),
	};
}

/** `YYYY-MM-DD HH:MM:SS`, UTC: how Plivo writes times. */
export function plivoTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

let trunkSerial = 0;

/** Trunk ids are digits; 17 of them, none twice. */
function nextTrunkId(): string {
	trunkSerial++;
	return `217841${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}${String(trunkSerial).padStart(8, '0')}`;
}

/** What each kind of record is when nothing more is known of it. */
export function withDefaults(
	kind: KindName,
	given: PlivoRecord,
	context: { now: number; authId: string; serial: number },
): PlivoRecord {
	const { now, serial } = context;
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
				added_on: '2026-01-15',
				voice_enabled: true,
				sms_enabled: true,
				mms_enabled: false,
				monthly_rental_rate: '0.80000',
				renewal_date: '2026-12-15',
				voice_rate: '0.00850',
				sms_rate: '0.00000',
				...given,
			};
		case 'calls':
			return seededCall(given, now, serial);
		case 'applications':
			return {
				app_id: String(16638156000000000 + serial),
				app_name: `Application ${serial}`,
				...given,
			};
	}
}

const SAMPLE_CAUSES: Array<[number, string, string]> = [
	[3000, 'Normal Hangup', 'customer'],
	[3010, 'Normal Hangup', 'carrier'],
	[3000, 'Normal Hangup', 'carrier'],
	[3000, 'Normal Hangup', 'customer'],
	[4410, 'user_busy', 'carrier'],
	[4350, 'temporary_unavailable', 'customer'],
	[5180, 'cps_limit_reached', 'zentrunk'],
	[4120, 'destination_invalid', 'zentrunk'],
	[4030, 'insufficient_plivo_credits', 'zentrunk'],
];

function seededCall(given: PlivoRecord, now: number, serial: number): PlivoRecord {
	const [code, name, source] = SAMPLE_CAUSES[serial % SAMPLE_CAUSES.length];
	const answered = code < 3100;
	const seconds = answered ? 15 + ((serial * 37) % 600) : 0;
	const end = now - serial * 240_000;
	const inbound = serial % 3 === 0;
	const id = randomUUID();
	return {
		call_uuid: id,
		call_id: id,
		from_number: inbound ? '+442079460123' : '+14155550100',
		to_number: inbound
			? '+14155550101'
			: `+${[4420, 4930, 9122, 1212][serial % 4]}9460${String(serial % 1000).padStart(3, '0')}`,
		call_direction: inbound ? 'inbound' : 'outbound',
		call_duration: seconds + 5,
		bill_duration: seconds,
		billed_duration: Math.ceil(seconds / 60) * 60,
		initiation_time: plivoTime(end - (seconds + 5) * 1000),
		answer_time: answered ? plivoTime(end - seconds * 1000) : null,
		end_time: plivoTime(end),
		hangup_cause_name: name,
		hangup_cause_code: code,
		hangup_source: source,
		total_rate: '0.00650',
		total_amount: (Math.ceil(seconds / 60) * 0.0065).toFixed(5),
		trunk_domain: '21784100000000001.zt.plivo.com',
		from_country: inbound ? 'GB' : 'US',
		to_country: inbound ? 'US' : ['GB', 'DE', 'IN', 'US'][serial % 4],
		transport_protocol: 'tcp',
		srtp: false,
		secure_trunking: false,
		secure_trunking_rate: '0.00000',
		cnam_lookup: false,
		cnam_lookup_rate: '0.00000',
		stir_verification: inbound ? 'Verified' : 'Not Applicable',
		attestation_indicator: inbound ? 'A' : null,
		...given,
	};
}
