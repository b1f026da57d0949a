import { type PlivoRecord, toNumber } from '../knowledge/callRecord';

/** Amounts of money, which Plivo sends as text (live; plivo.com/docs/sip-trunking/api/calls, numbers, account). */
const AMOUNTS = [
	'total_amount',
	'total_rate',
	'secure_trunking_rate',
	'cnam_lookup_rate',
	'setup_rate',
	'monthly_rental_rate',
	'voice_rate',
	'sms_rate',
	'mms_rate',
	'cash_credits',
];

/** A record with its amounts as numbers, to be added and compared. What is no number stays as it is. */
export function withAmounts<R extends PlivoRecord>(record: R): R {
	const numbers: Record<string, number> = {};
	for (const field of AMOUNTS) {
		const amount = typeof record[field] === 'string' ? toNumber(record[field]) : undefined;
		if (amount !== undefined) numbers[field] = amount;
	}
	return { ...record, ...numbers };
}
