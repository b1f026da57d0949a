/**
 * `YYYY-MM-DD HH:MM:SS`, UTC: how Plivo writes times.
 *
 * @param milliseconds since 1970
 */
export function plivoTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds since 1970 of a time as Plivo writes it; NaN if it is none. */
export function fromPlivoTime(text: string): number {
	return /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text)
		? Date.parse(`${text.replace(' ', 'T')}Z`)
		: Number.NaN;
}
