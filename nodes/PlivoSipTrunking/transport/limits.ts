import type { IDataObject } from 'n8n-workflow';

import { wholeNumber } from '../input/number';
import type { Limits } from './channel';

/**
 * Checks the two options that every operation has.
 *
 * @param options `maxRetries` 0–10 (default 5), `timeout` 1–300 seconds (default 30)
 * @throws PlivoFailure of kind `input`, naming the option
 */
export function limitsFrom(options: IDataObject): Limits {
	return {
		maxRetries: wholeNumber('Max Retries', options.maxRetries ?? 5, 0, 10),
		timeoutMs: wholeNumber('Timeout', options.timeout ?? 30, 1, 300) * 1000,
	};
}
