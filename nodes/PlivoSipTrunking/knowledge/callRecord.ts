/** A record as Plivo sends it: fields may be missing, null, or numbers written as text. */
export type PlivoRecord = Readonly<Record<string, unknown>>;

/** The number that a field holds, as a number or as text; `undefined` for all else. */
export function toNumber(value: unknown): number | undefined {
	if (typeof value === 'string' && value.trim() === '') return undefined;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const number = Number(value);
	return Number.isFinite(number) ? number : undefined;
}

/** The text of a field, without spaces around it; empty for null, missing and what is no text or number. */
export function toText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Whether someone picked up: the record has an answer time, or seconds that count for the bill. */
export function isAnswered(call: PlivoRecord): boolean {
	return toText(call.answer_time) !== '' || (toNumber(call.bill_duration) ?? 0) > 0;
}

/** How long people talked, in seconds: `bill_duration` is what is billed, rounded up (live). */
export const talkSeconds = (call: PlivoRecord): number | undefined => toNumber(call.call_duration);

/** The seconds that are billed. */
export const billedSeconds = (call: PlivoRecord): number =>
	toNumber(call.billed_duration) ?? toNumber(call.bill_duration) ?? 0;
