/**
 * `YYYY-MM-DD HH:MM:SS`, UTC: how Plivo writes the times of calls.
 *
 * @param milliseconds since 1970
 */
export function plivoTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DDTHH:MM:SSZ`: how Plivo writes the times of trunks (live). */
export function trunkTime(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a time as Plivo writes it; NaN if it is none. */
export function fromPlivoTime(text: string): number {
	return /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text)
		? Date.parse(`${text.replace(' ', 'T')}Z`)
		: Number.NaN;
}
