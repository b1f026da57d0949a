import { randomUUID } from 'node:crypto';

import { fromPlivoTime, plivoTime } from './plivoTime.mts';
import { type PlivoRecord, Records, turnTies } from './recordMap.mts';

/** `end_time` from `from` to `to`, both included, as Plivo writes times. */
export interface TimeRange {
	from: string;
	to: string;
}

/**
 * The call records of an account, newest first in listings. Records are frozen: the order by `end_time`
 * is kept between the pages of a listing, so a changed call is one that is set again.
 */
export class CallRecords extends Records {
	#newestFirst: { of: PlivoRecord[]; calls: PlivoRecord[] } | undefined;
	#last: { of: PlivoRecord[]; key: string; found: PlivoRecord[] } | undefined;

	override set(id: string, call: PlivoRecord): this {
		return super.set(id, Object.freeze(call));
	}

	/**
	 * The calls that ended in a range and match, newest first; those that ended in the same second, the one that
	 * was added last first.
	 *
	 * @param key tells `matches` from other conditions: the pages of one listing share one search
	 */
	ended(range: TimeRange, key: string, matches?: (call: PlivoRecord) => boolean): PlivoRecord[] {
		const added = this.all();
		if (this.#newestFirst?.of !== added) {
			const calls = [...added].reverse().sort((one, other) => compare(endOf(other), endOf(one)));
			this.#newestFirst = { of: added, calls };
		}
		const all = this.#newestFirst.calls;
		const start = firstIndex(all, (call) => endOf(call) <= range.to);
		const end = firstIndex(all, (call) => endOf(call) < range.from);
		const fullKey = `${start} ${end} ${key}`;
		if (this.#last?.of !== all || this.#last.key !== fullKey) {
			const inRange = all.slice(start, end);
			this.#last = { of: all, key: fullKey, found: matches ? inRange.filter(matches) : inRange };
		}
		return this.#last.found;
	}
}

/** Calls of which those that ended in the same second are in another order on each page. */
export const turnCalls = (calls: PlivoRecord[], page: number) => turnTies(calls, endOf, page);

const endOf = (call: PlivoRecord) => String(call.end_time);

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));

/** The first index for which `holds`, in a list where it holds from some index on. */
function firstIndex(calls: PlivoRecord[], holds: (call: PlivoRecord) => boolean): number {
	let low = 0;
	let high = calls.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const call = calls[middle];
		if (call && holds(call)) high = middle;
		else low = middle + 1;
	}
	return low;
}

/**
 * A whole call record: an answered outbound call that has just ended, where nothing else is said. `bill_duration` is
 * what is billed, in whole minutes, `call_duration` how long people talked (live); where only the former is given, the
 * latter is the same.
 *
 * @param now milliseconds since 1970
 * @param uuid makes an id
 */
export function withCallDefaults(
	given: PlivoRecord,
	now: number,
	uuid: () => string = randomUUID,
): PlivoRecord {
	const id = String(given.call_uuid ?? uuid());
	const talked = Number(given.call_duration ?? given.bill_duration ?? 32);
	const billed = Math.ceil(Number(given.bill_duration ?? talked) / 60) * 60;
	const end = given.end_time === undefined ? now : fromPlivoTime(String(given.end_time));
	if (Number.isNaN(end)) throw new Error('end_time must be YYYY-MM-DD HH:MM:SS');
	const rate = Number(given.total_rate ?? 0.0065);
	return {
		call_uuid: id,
		call_id: id,
		from_number: '+14155550100',
		to_number: '+442079460100',
		call_direction: 'outbound',
		call_duration: talked,
		bill_duration: billed,
		billed_duration: billed,
		initiation_time: plivoTime(end - (talked + 5) * 1000),
		answer_time: talked > 0 ? plivoTime(end - talked * 1000) : null,
		end_time: plivoTime(end),
		// Not the name of the table of hangup codes (live).
		hangup_cause_name: 'normal_hangup',
		hangup_cause_code: 3000,
		hangup_source: 'carrier',
		total_rate: rate.toFixed(5),
		total_amount: ((billed / 60) * rate).toFixed(5),
		trunk_domain: '21784100000000001.zt.plivo.com',
		from_country: 'US',
		to_country: 'GB',
		transport_protocol: 'tcp',
		srtp: false,
		secure_trunking: false,
		secure_trunking_rate: '0.00000',
		cnam_lookup: false,
		cnam_lookup_rate: '0.00000',
		stir_verification: 'Not Applicable',
		attestation_indicator: null,
		...given,
	};
}

/** How a call went, made up from its id so that it is the same each time; numbers are strings, as Plivo has them. */
export function insightsOf(call: PlivoRecord): PlivoRecord {
	const id = String(call.call_uuid);
	const digit = [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 10;
	const end = (carrier: string, number: unknown, region: unknown) => ({ carrier, number, region });
	return {
		call_uuid: id,
		rtt: (40 + digit * 12.5).toFixed(1),
		jitter: (2 + digit * 3.1).toFixed(1),
		packet_loss: (digit * 0.4).toFixed(1),
		post_dial_delay: String(900 + digit * 150),
		plivo_quality_score: (4.6 - digit * 0.35).toFixed(1),
		from: end('Plivo', call.from_number, call.from_country),
		to: end('Example Telecom', call.to_number, call.to_country),
	};
}
