import {
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodePropertyRouting,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Kind } from '../plivo/kinds';
import { checkedId, checkedPhoneNumber } from '../plivo/rules';
import { accountUrl } from '../transport/account';
import { accountAt, type Channel, limitsFrom, type Turn } from '../transport/channel';
import { PlivoFailure } from '../transport/failure';

/** One operation on one input item: what its fields have declared, and the way to Plivo. */
export interface Operation {
	readonly channel: Channel;
	/** Query parameters by Plivo's names, from the fields' `routing`. */
	readonly qs: IDataObject;
	/** Fields of the record by Plivo's names, from the fields' `routing`. */
	readonly body: IDataObject;
	/** The `options` collection. */
	readonly options: IDataObject;
	/** The workflow's time zone. */
	readonly timezone: string;
	/** A parameter's value, expressions resolved; of a resource locator, what it points to. */
	parameter(name: string, fallback?: unknown): unknown;
	/**
	 * The id in a resource locator or a text.
	 *
	 * @throws PlivoFailure of kind `input`
	 */
	id(name: string, kind: Kind): string;
	/** The digits of a phone number; throws as `id` does. */
	phoneNumber(name: string): string;
}

/** Carries an operation out; answers the output items' `json`. */
export type Executor = (operation: Operation) => Promise<IDataObject[]>;

/**
 * The routing of an operation: what it asks of Plivo, and the executor that does it.
 *
 * n8n's declarative engine has no retry and no rate limit. Where paging is on, it hands the prepared
 * request to a function instead: that is the seam (see docs/architecture.md).
 *
 * @param url as documentation of the request; ids are filled in by the executor, checked and encoded
 */
export function runs(
	request: { method: IHttpRequestMethods; url: string },
	executor: Executor,
): INodePropertyRouting {
	return {
		request,
		send: { paginate: true },
		operations: {
			async pagination(
				this: IExecutePaginationFunctions,
				requestData: DeclarativeRestApiSettings.ResultOptions,
			) {
				return await runItem(this, requestData.options as IHttpRequestOptions, executor);
			},
		},
	};
}

const CREDENTIAL_TYPE = 'plivoSipTrunkingApi';

async function runItem(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	executor: Executor,
): Promise<INodeExecutionData[]> {
	const item = context.getItemIndex();
	const run = context.getExecuteData();
	const turn = takeTurn(run);
	try {
		const options = context.getNodeParameter('options', {}) as IDataObject;
		const operation = operationOf(
			context,
			prepared,
			options,
			channelOf(context, prepared, options, run, turn),
		);
		const records = await executor(operation);
		return records.map((json) => ({ json, pairedItem: { item } }));
	} catch (failure) {
		const error = errorFor(context, failure, item);
		if (!context.continueOnFail() || isCancelled(failure)) throw error;
		return [{ json: { error: error.message }, error, pairedItem: { item } }];
	} finally {
		turn.pass();
	}
}

const isCancelled = (failure: unknown) =>
	failure instanceof PlivoFailure && failure.kind === 'cancelled';

/** The last turn that was taken in a run. */
const turnsOfRuns = new WeakMap<object, Promise<unknown>>();

function takeTurn(run: object): Turn {
	const ready = turnsOfRuns.get(run) ?? Promise.resolve();
	let pass!: () => void;
	const passed = new Promise<void>((resolve) => (pass = resolve));
	turnsOfRuns.set(
		run,
		ready.then(async () => await passed),
	);
	return { ready, pass };
}

function channelOf(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	options: IDataObject,
	run: object,
	turn: Turn,
): Channel {
	const [baseUrl, authId] = splitAccountUrl(String(prepared.baseURL));
	const url = accountUrl({ baseUrl, authId });
	// n8n has put its own request options (proxy, certificates, allowed domains) next to ours.
	const { proxy, skipSslCertificateValidation, allowedDomains } =
		prepared as IHttpRequestOptions & {
			allowedDomains?: string;
		};
	return {
		accountUrl: url,
		account: accountAt(url),
		owner: run,
		turn,
		limits: limitsFrom(options),
		signal: context.getExecutionCancelSignal(),
		send: async (request) =>
			await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, {
				...request,
				...(proxy && { proxy }),
				...(skipSslCertificateValidation && { skipSslCertificateValidation }),
				...(allowedDomains && { allowedDomains }),
			}),
		log: (message) => context.logger.debug(`Plivo SIP Trunking: ${message}`),
	};
}

/** `requestDefaults.baseURL` is `<base URL>/Account/<auth id>`. */
function splitAccountUrl(url: string): [string, string] {
	const at = url.lastIndexOf('/Account/');
	return [url.slice(0, at), url.slice(at + '/Account/'.length)];
}

function operationOf(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	options: IDataObject,
	channel: Channel,
): Operation {
	const parameter = (name: string, fallback?: unknown) =>
		located(context.getNodeParameter(name, fallback));
	return {
		channel,
		qs: prepared.qs as IDataObject,
		body: prepared.body as IDataObject,
		options,
		timezone: context.getTimezone(),
		parameter,
		id: (name, kind) => checkedId(kind.idLabel, parameter(name)),
		phoneNumber: (name) => checkedPhoneNumber('Phone Number', parameter(name)),
	};
}

/** What a resource locator points to; any other value as it is. */
export function located(value: unknown): unknown {
	const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
	return isLocator ? (value as unknown as { value: unknown }).value : value;
}

/** The failure as an error of n8n's: for the editor's error panel and the error output. */
export function errorFor(
	context: Pick<IExecutePaginationFunctions, 'getNode'>,
	failure: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const node = context.getNode();
	if (!(failure instanceof PlivoFailure)) {
		return new NodeOperationError(node, failure as Error, { itemIndex });
	}
	const { message, description } = failure;
	const { httpCode, apiId } = failure.details;
	const details: JsonObject = { message, ...(apiId && { api_id: apiId }) };
	const error = new NodeApiError(node, details, {
		itemIndex,
		message,
		description: apiId ? `${description} (API ID ${apiId})` : description,
		...(httpCode !== undefined && { httpCode: String(httpCode) }),
	});
	// n8n puts a text of its own in the place of a message that names a code such as ECONNRESET.
	error.message = message;
	return error;
}
