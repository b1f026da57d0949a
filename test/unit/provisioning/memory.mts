import { Readable } from 'node:stream';

import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Composite } from '../../../nodes/PlivoSipTrunking/provisioning/outbound.ts';
import type { Channel } from '../../../nodes/PlivoSipTrunking/transport/channel.ts';
import { createLimiter } from '../../../nodes/PlivoSipTrunking/transport/limiter.ts';
import { asText } from '../../../simulator/failures.mts';
import type { ApiRequest, Plivo } from '../../../simulator/plivo.mts';

/** The way to an account in memory, as a process sees it that has never used it before. */
export function channelTo(plivo: Plivo): Channel {
	const accountUrl = `https://api.example.com/v1/Account/${plivo.authId}`;
	return {
		accountUrl,
		account: { limiter: createLimiter(), usedAt: performance.now() },
		owner: {},
		execution: 'in memory',
		limits: { maxRetries: 1, timeoutMs: 2_000 },
		secrets: [],
		send: async (options: IHttpRequestOptions) => {
			await Promise.resolve();
			const { method = 'GET', url, qs = {}, body } = options;
			const query = Object.fromEntries(
				Object.entries(qs as IDataObject).map(([name, value]) => [name, String(value)]),
			);
			const request: ApiRequest = {
				method,
				path: url.slice(accountUrl.length),
				query,
				...(typeof body === 'string' && { body: JSON.parse(body) as unknown }),
			};
			const outcome = plivo.receive(request);
			if (outcome.kind !== 'answer') throw new Error(`The model has no ${outcome.kind}`);
			const { status, body: answered } = outcome.answer;
			const text = status === 204 ? '' : asText({ status, body: answered }).text;
			return {
				statusCode: status,
				headers: { date: new Date(plivo.options.now()).toUTCString() },
				body: Readable.from(text === '' ? [] : [Buffer.from(text)]),
			};
		},
		log: () => {},
	};
}

/** Runs a composite as a process of its own whose output is shown. */
export async function runOn(plivo: Plivo, compositeOf: () => Composite): Promise<IDataObject> {
	return await compositeOf()(channelTo(plivo));
}

/** All that an account has, in no order, without times. */
export const stateOf = ({ state }: Plivo) =>
	Object.fromEntries(
		(['trunks', 'uris', 'credentials', 'ipacls', 'numbers'] as const).map((kind) => [
			kind,
			Object.fromEntries(
				[...state[kind]].map(([id, record]) => [id, { ...record, updated_at: undefined }]),
			),
		]),
	);
