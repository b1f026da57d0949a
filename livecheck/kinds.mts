import {
	anything,
	bool,
	date,
	decimal,
	either,
	type Format,
	isoTime,
	listOfText,
	object,
	oneOf,
	orNull,
	path,
	phoneNumber,
	plusNumber,
	spaceTime,
	text,
	trunkDomain,
	trunkId,
	uuid,
	wholeNumber,
} from './formats.mts';

/** A record as Plivo answers it. */
export type PlivoRecord = Record<string, unknown>;

/** What the fields of a record are expected to be. */
export interface Shape {
	fields: Record<string, Format>;
	/** May be missing. */
	optional?: Record<string, Format>;
	/** More fields than these are no surprise: the documentation has them, or says that there are more. */
	open?: boolean;
	/** Must never be answered. */
	secret?: string[];
}

export interface Kind extends Shape {
	/** As it is said in the report, of several and of one. */
	plural: string;
	noun: string;
	path: string;
	idField: string;
	/** What the fields of its answer to GET are under, if they are. */
	nestedUnder?: string;
	/** What tells when a record was made, in lists. */
	timeField?: string;
	/** An id that no record has. */
	madeUpId: string;
}

/** Both are only documented for trunks; the table of variants has how they may be written. */
const TIMES = {
	created_at: either(isoTime, spaceTime),
	updated_at: either(isoTime, spaceTime),
};

const NO_UUID = '00000000-0000-4000-8000-000000000000';

/** plivo.com/docs/sip-trunking/api/trunks, and the changelog of plivo/plivo-cli 1.1.0 to 1.1.3. */
export const TRUNKS: Kind = {
	plural: 'trunks',
	noun: 'trunk',
	path: 'Zentrunk/Trunk/',
	idField: 'trunk_id',
	nestedUnder: 'object',
	timeField: 'created_at',
	madeUpId: '99999999999999999',
	fields: {
		trunk_id: trunkId,
		trunk_domain: trunkDomain,
		name: text,
		trunk_status: oneOf('enabled', 'disabled'),
		trunk_direction: oneOf('inbound', 'outbound'),
		secure: bool,
		ipacl_uuid: orNull(uuid),
		credential_uuid: orNull(uuid),
		primary_uri_uuid: orNull(uuid),
		fallback_uri_uuid: orNull(uuid),
	},
	optional: TIMES,
};

/** plivo.com/docs/sip-trunking/api/origination-uris */
export const URIS: Kind = {
	plural: 'origination URIs',
	noun: 'origination URI',
	path: 'Zentrunk/URI/',
	idField: 'uri_uuid',
	timeField: 'created_at',
	madeUpId: NO_UUID,
	fields: {
		uri_uuid: uuid,
		name: text,
		uri: text,
		authentication_needed: bool,
		username: orNull(text),
	},
	optional: TIMES,
	secret: ['password'],
};

/** plivo.com/docs/sip-trunking/api/credentials */
export const CREDENTIALS: Kind = {
	plural: 'credentials',
	noun: 'credential',
	path: 'Zentrunk/Credential/',
	idField: 'credential_uuid',
	timeField: 'created_at',
	madeUpId: NO_UUID,
	fields: { credential_uuid: uuid, name: text, username: text },
	optional: TIMES,
	secret: ['password'],
};

/** plivo.com/docs/sip-trunking/api/ip-access-control-lists */
export const IP_LISTS: Kind = {
	plural: 'IP access control lists',
	noun: 'IP access control list',
	path: 'Zentrunk/IPAccessControlList/',
	idField: 'ipacl_uuid',
	timeField: 'created_at',
	madeUpId: NO_UUID,
	fields: { ipacl_uuid: uuid, name: text, ip_addresses: listOfText },
	optional: TIMES,
};

/** plivo.com/docs/numbers/api/account-phone-number */
export const NUMBERS: Kind = {
	plural: 'numbers',
	noun: 'number',
	path: 'Number/',
	idField: 'number',
	timeField: 'added_on',
	madeUpId: '19999999999',
	fields: {
		number: phoneNumber,
		alias: orNull(text),
		application: orNull(path),
		number_type: text,
		region: orNull(text),
		voice_enabled: bool,
		sms_enabled: bool,
		monthly_rental_rate: decimal,
		renewal_date: orNull(date),
		compliance_application_id: orNull(text),
		compliance_status: orNull(text),
		sub_account: orNull(text),
		cnam_lookup: anything,
		added_on: date,
	},
	open: true,
};

/** plivo.com/docs/sip-trunking/api/calls */
export const CALLS: Kind = {
	plural: 'calls',
	noun: 'call',
	path: 'Zentrunk/Call/',
	idField: 'call_uuid',
	timeField: 'end_time',
	madeUpId: NO_UUID,
	fields: {
		call_uuid: uuid,
		call_id: text,
		from_number: plusNumber,
		to_number: plusNumber,
		call_direction: oneOf('inbound', 'outbound'),
		call_duration: wholeNumber,
		bill_duration: wholeNumber,
		billed_duration: wholeNumber,
		initiation_time: spaceTime,
		answer_time: orNull(spaceTime),
		end_time: spaceTime,
		hangup_cause_name: text,
		hangup_cause_code: wholeNumber,
		hangup_source: oneOf('customer', 'carrier', 'zentrunk'),
		total_rate: decimal,
		total_amount: decimal,
		trunk_domain: orNull(trunkDomain),
		from_country: orNull(text),
		to_country: orNull(text),
		transport_protocol: orNull(text),
		srtp: bool,
		secure_trunking: bool,
		secure_trunking_rate: decimal,
		cnam_lookup: anything,
		cnam_lookup_rate: decimal,
		stir_verification: orNull(oneOf('Verified', 'Not Verified', 'Not Applicable')),
		attestation_indicator: orNull(text),
	},
};

/** plivo.com/docs/voice/api/application: what a number may route to besides a trunk. */
const APPLICATIONS: Kind = {
	plural: 'applications',
	noun: 'application',
	path: 'Application/',
	idField: 'app_id',
	madeUpId: '99999999999999999',
	fields: { app_id: phoneNumber, app_name: text },
	open: true,
};

/** What numbers in India need: the changelog of plivo/plivo-cli 1.1.0 to 1.1.3. */
export const COMPLIANCE: Kind = {
	plural: 'compliance applications',
	noun: 'compliance application',
	path: 'PhoneNumber/Compliance/',
	idField: 'compliance_application_id',
	madeUpId: NO_UUID,
	fields: { compliance_application_id: text, status: text },
	open: true,
};

/** What the check makes with `--write`; what refers to others comes first, as it is removed first. */
export const OWN_KINDS = [TRUNKS, URIS, CREDENTIALS, IP_LISTS];

export const ALL_KINDS = [...OWN_KINDS, NUMBERS, CALLS, APPLICATIONS, COMPLIANCE];

/** plivo.com/docs/account/api/overview */
export const ACCOUNT: Shape = {
	fields: {
		name: text,
		account_type: text,
		billing_mode: text,
		cash_credits: decimal,
		auto_recharge: bool,
		timezone: text,
	},
	open: true,
};

const END: Format = {
	name: 'object of carrier, number, region',
	matches: (value) =>
		object.matches(value) &&
		['carrier', 'number', 'region'].every((field) => field in (value as PlivoRecord)),
};

/** plivo.com/docs/sip-trunking/api/calls */
export const INSIGHTS: Shape = {
	fields: {
		rtt: decimal,
		jitter: decimal,
		packet_loss: decimal,
		post_dial_delay: decimal,
		plivo_quality_score: decimal,
		from: END,
		to: END,
	},
	optional: { call_uuid: uuid },
};

/** plivo.com/docs/sip-trunking/api/overview: the part of a list that isn't its records. */
export const META: Shape = {
	fields: {
		limit: wholeNumber,
		offset: wholeNumber,
		total_count: wholeNumber,
		previous: orNull(text),
		next: orNull(text),
	},
};
