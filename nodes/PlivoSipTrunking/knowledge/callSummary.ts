import {
	billedSeconds,
	isAnswered,
	type PlivoRecord,
	talkSeconds,
	toNumber,
	toText,
} from './callRecord';
import { explainHangup } from './hangup';

export type CallGrouping = 'trunk' | 'hangupCauseCode' | 'country' | 'day' | '';

/** One group's figures, behind the fields that name the group. */
export type CallSummaryRow = {
	trunk_domain?: string;
	hangup_cause_code?: string;
	/** As records have it; of several names of a code (live) the first in the alphabet. */
	hangup_cause_name?: string;
	/** What the code means; one sentence a direction where it differs. */
	meaning?: string;
	/** Country at the other end of the line: who called, or who was called. */
	country?: string;
	/** Day of the call's end, `YYYY-MM-DD`, UTC. */
	day?: string;
	calls: number;
	answered: number;
	/** Share of calls that were answered, 0 to 1. */
	answered_rate: number;
	faults: number;
	/** Share of calls in which something went wrong, 0 to 1. A busy callee is no fault. */
	fault_rate: number;
	/** How long people talked. */
	talk_minutes: number;
	/** Mean talk time of the answered calls; 0 if there are none. */
	mean_talk_seconds: number;
	/** What Plivo bills: each call rounded up, so more than the talk time. */
	billed_minutes: number;
	/** In the account's currency. */
	cost: number;
};

/** Adds up call records one at a time, in memory that grows with the groups and not with the calls. */
export interface CallSummary {
	add(call: PlivoRecord): void;
	/** Most calls first; days in their order. Without grouping always one row, else none without calls. */
	rows(): CallSummaryRow[];
}

interface Totals {
	/** Of the group, by direction, since the meaning of a code depends on it. */
	meanings: Map<string, string>;
	name: string;
	calls: number;
	answered: number;
	faults: number;
	billedSeconds: number;
	talkedSeconds: number;
	/** Answered calls whose talk time is known. */
	timed: number;
	costUnits: number;
}

/** Plivo's amounts have at most this fraction; whole numbers add up without the noise of binary fractions. */
const COST_UNITS = 1e8;

/** The group of a call that lacks the field. */
const UNKNOWN = 'unknown';

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));
const share = (part: number, whole: number) => (whole === 0 ? 0 : round(part / whole, 4));

function countryOf(call: PlivoRecord): string {
	const inbound = toText(call.call_direction).toLowerCase() === 'inbound';
	return toText(inbound ? call.from_country : call.to_country);
}

const KEY: Record<CallGrouping, (call: PlivoRecord) => string> = {
	trunk: (call) => toText(call.trunk_domain),
	hangupCauseCode: (call) => toText(call.hangup_cause_code),
	country: countryOf,
	day: (call) => /^\d{4}-\d{2}-\d{2}/.exec(toText(call.end_time))?.[0] ?? '',
	'': () => '',
};

const KEY_FIELDS: Record<CallGrouping, (key: string, totals: Totals) => Partial<CallSummaryRow>> = {
	trunk: (trunk_domain) => ({ trunk_domain }),
	hangupCauseCode: (hangup_cause_code, { name, meanings }) => ({
		hangup_cause_code,
		hangup_cause_name: name,
		meaning: [...new Set(meanings.values())].sort().join(' '),
	}),
	country: (country) => ({ country }),
	day: (day) => ({ day }),
	'': () => ({}),
};

function emptyTotals(): Totals {
	return {
		meanings: new Map(),
		name: '',
		calls: 0,
		answered: 0,
		faults: 0,
		billedSeconds: 0,
		talkedSeconds: 0,
		timed: 0,
		costUnits: 0,
	};
}

function addCall(totals: Totals, call: PlivoRecord): void {
	const { is_fault, meaning } = explainHangup(call);
	const name = toText(call.hangup_cause_name);
	totals.meanings.set(toText(call.call_direction), meaning);
	if (name !== '' && (totals.name === '' || name < totals.name)) totals.name = name;
	totals.calls += 1;
	totals.faults += is_fault ? 1 : 0;
	totals.billedSeconds += billedSeconds(call);
	totals.costUnits += Math.round((toNumber(call.total_amount) ?? 0) * COST_UNITS);
	if (!isAnswered(call)) return;
	totals.answered += 1;
	const talked = talkSeconds(call);
	if (talked === undefined) return;
	totals.talkedSeconds += talked;
	totals.timed += 1;
}

function figures(totals: Totals) {
	const { calls, answered, faults, timed, talkedSeconds } = totals;
	return {
		calls,
		answered,
		answered_rate: share(answered, calls),
		faults,
		fault_rate: share(faults, calls),
		talk_minutes: round(talkedSeconds / 60, 2),
		mean_talk_seconds: timed === 0 ? 0 : round(talkedSeconds / timed, 2),
		billed_minutes: round(totals.billedSeconds / 60, 2),
		cost: totals.costUnits / COST_UNITS,
	};
}

/**
 * Starts a summary of call records (fields: plivo.com/docs/sip-trunking/api/calls).
 *
 * @param groupBy what calls are grouped by; empty for one row over all
 */
export function createCallSummary(groupBy: CallGrouping): CallSummary {
	const groups = new Map<string, Totals>(groupBy === '' ? [['', emptyTotals()]] : []);

	return {
		add(call) {
			const key = KEY[groupBy](call) || (groupBy === '' ? '' : UNKNOWN);
			const totals = groups.get(key) ?? emptyTotals();
			groups.set(key, totals);
			addCall(totals, call);
		},
		rows() {
			const byKey = ([a]: [string, Totals], [b]: [string, Totals]) => (a < b ? -1 : 1);
			const sorted = [...groups].sort(byKey);
			if (groupBy !== 'day') sorted.sort(([, a], [, b]) => b.calls - a.calls);
			return sorted.map(([key, totals]) => ({
				...KEY_FIELDS[groupBy](key, totals),
				...figures(totals),
			}));
		},
	};
}
