import type { IDataObject } from 'n8n-workflow';

import { CALL, type Kind, PHONE_NUMBER, TRUNK } from './kinds';

/** What most workflows go on with, of the records that have more than ten fields. */
const MAIN_FIELDS = new Map<Kind, readonly string[]>([
	[
		TRUNK,
		[
			'trunk_id',
			'trunk_domain',
			'name',
			'trunk_status',
			'trunk_direction',
			'secure',
			'ipacl_uuid',
			'credential_uuid',
			'primary_uri_uuid',
			'fallback_uri_uuid',
		],
	],
	[
		PHONE_NUMBER,
		[
			'number',
			'alias',
			'application',
			'number_type',
			'country',
			'region',
			'voice_enabled',
			'sms_enabled',
			'monthly_rental_rate',
			'renewal_date',
		],
	],
	[
		CALL,
		[
			'call_uuid',
			'from_number',
			'to_number',
			'call_direction',
			'bill_duration',
			'end_time',
			'hangup_cause_code',
			'hangup_cause_name',
			'total_amount',
			'trunk_domain',
		],
	],
]);

/** The record with its main fields only; one of a kind with few fields stays as it is. */
export function simplified(kind: Kind, record: IDataObject): IDataObject {
	const fields = MAIN_FIELDS.get(kind);
	if (!fields) return record;
	return Object.fromEntries(
		fields.filter((field) => field in record).map((field) => [field, record[field]]),
	);
}
