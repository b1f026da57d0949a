import type { Values } from '../records/kind';
import { movedCalls } from '../records/liveNumbers';
import { ORIGINATION_URI } from '../records/originationUri';
import type { Channel } from '../transport/channel';
import { isReference, type Step } from './plan';

/**
 * Steps with the live numbers whose calls they move. Numbers are listed only where a step changes where calls go.
 *
 * @throws PlivoFailure when it can't be found out
 */
export async function withMoves(channel: Channel, steps: readonly Step[]): Promise<Step[]> {
	const keys = new Map(steps.map(({ key, id }) => [key, id ?? key]));
	const addresses = new Map<string, string>();
	for (const { kind, key, id, fields, record } of steps) {
		const known = addresses.get(id ?? key) ?? record.uri;
		if (kind === ORIGINATION_URI) addresses.set(id ?? key, String(fields.uri ?? known));
	}
	return await Promise.all(
		steps.map(async (step) => {
			if (step.action !== 'change') return step;
			const { kind, record, fields } = step;
			const changes: Values = Object.fromEntries(
				Object.entries(fields).map(([field, value]) => [
					field,
					isReference(value) ? keys.get(value.ref) : value,
				]),
			);
			const moves = await movedCalls(channel, { kind, record, changes, addresses });
			return moves.length === 0 ? step : { ...step, moves };
		}),
	);
}
