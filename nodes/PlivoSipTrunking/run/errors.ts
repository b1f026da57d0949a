import {
	type IExecutePaginationFunctions,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { PlivoFailure } from '../failure';

/**
 * The failure as an error of n8n's: for the editor's error panel and the error output.
 *
 * @param others what other items of the run have written, as a sentence
 */
export function errorFor(
	context: Pick<IExecutePaginationFunctions, 'getNode'>,
	failure: unknown,
	itemIndex: number,
	others = '',
): NodeApiError | NodeOperationError {
	const node = context.getNode();
	if (!(failure instanceof PlivoFailure)) {
		// Nothing else is thrown, here or in n8n.
		return new NodeOperationError(node, failure as Error, { itemIndex });
	}
	const { message } = failure;
	const { httpCode, apiId } = failure.details;
	const description = [failure.description, apiId && `(API ID ${apiId})`, others]
		.filter(Boolean)
		.join(' ');
	const details: JsonObject = { message, ...(apiId && { api_id: apiId }) };
	const error = new NodeApiError(node, details, {
		itemIndex,
		message,
		description,
		...(httpCode !== undefined && { httpCode: String(httpCode) }),
	});
	// n8n replaces a message that names a code such as ECONNRESET by its own text.
	error.message = message;
	return error;
}

/**
 * The item in the output of a run that goes on: what happened, and what to do about it.
 *
 * n8n makes `{error}` of every item that carries an error object. In the error output it takes an item only
 * with that, or with no fields but `error`, `message` and `details`.
 */
export function errorItem(
	context: Pick<IExecutePaginationFunctions, 'getNode'>,
	{ message, description }: NodeApiError | NodeOperationError,
	failure: unknown,
	item: number,
): INodeExecutionData {
	const known = failure instanceof PlivoFailure ? failure : undefined;
	const details = {
		description: description ?? '',
		fix: known?.description ?? '',
		http_code: known?.details.httpCode ?? null,
	};
	const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return {
		json: toErrorOutput
			? { error: message, message: details.description || message, details }
			: { error: message, ...details },
		pairedItem: { item },
	};
}
