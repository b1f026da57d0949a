import type { IDataObject } from 'n8n-workflow';

import { cancelled } from '../failure';
import type { Request } from './attempt';
import { attemptsOf } from './attempts';
import type { Channel } from './channel';

/**
 * Reads something of Plivo's: tries again where that may help. Writes go through `settle` alone.
 *
 * @returns the JSON object of the answer
 * @throws PlivoFailure
 */
export async function read(
	channel: Channel,
	question: Omit<Request, 'method' | 'body'>,
): Promise<IDataObject> {
	const attempts = attemptsOf(channel);
	for (;;) {
		const outcome = await attempts.send({ ...question, method: 'GET' });
		if (!outcome.failure) return outcome.body;
		if (channel.signal?.aborted) throw cancelled();
		if (attempts.spent()) throw attempts.described(outcome.failure);
		await attempts.wait();
	}
}
