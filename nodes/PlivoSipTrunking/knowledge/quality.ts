import { toNumber, type PlivoRecord } from './callRecord';

export type Quality = 'excellent' | 'good' | 'fair' | 'poor' | 'unknown';

/** Milliseconds, but for `packet_loss` (percent) and `plivo_quality_score` (1 to 5). */
const METRICS = ['rtt', 'jitter', 'packet_loss', 'post_dial_delay', 'plivo_quality_score'];

/**
 * Plivo's bands of its quality score, each from its lower bound up to the next (a score of exactly 4.0
 * is excellent); "Quality Score Guidelines" of plivo.com/docs/sip-trunking/api/calls (checked 2026-11-24).
 */
const BANDS: ReadonlyArray<{ from: number; quality: Quality }> = [
	{ from: 4, quality: 'excellent' },
	{ from: 3, quality: 'good' },
	{ from: 2, quality: 'fair' },
	{ from: 1, quality: 'poor' },
];
const HIGHEST_SCORE = 5;

/** The band of a quality score; `unknown` for what is no number from 1 to 5. */
export function qualityOf(score: unknown): Quality {
	const value = toNumber(score);
	if (value === undefined || value > HIGHEST_SCORE) return 'unknown';
	return BANDS.find(({ from }) => value >= from)?.quality ?? 'unknown';
}

/**
 * The insights of a call, with measurements as numbers and `quality` added. What is no number stays as it is.
 */
export function withQuality<T extends PlivoRecord>(insights: T): T & { quality: Quality } {
	const measured = METRICS.filter((metric) => toNumber(insights[metric]) !== undefined);
	const numbers = Object.fromEntries(
		measured.map((metric) => [metric, toNumber(insights[metric])]),
	);
	return { ...insights, ...numbers, quality: qualityOf(insights.plivo_quality_score) };
}

/** Plivo describes each end of a call in an object of carrier, number and region. */
const ENDS = ['from', 'to'];

/** The insights with `from_carrier`, `from_number`, … in the place of the objects `from` and `to`. */
export function flatEnds(insights: PlivoRecord): PlivoRecord {
	const fields = Object.entries(insights).flatMap(([field, value]) =>
		ENDS.includes(field) && typeof value === 'object' && value !== null
			? Object.entries(value).map(([name, part]) => [`${field}_${name}`, part] as const)
			: [[field, value] as const],
	);
	return Object.fromEntries(fields);
}
