import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';

import { checkedId } from '../input/id';
import { objectOf } from '../input/json';
import { checkedPhoneNumber } from '../input/phoneNumber';
import { type Kind, without } from '../records/kind';
import type { Channel } from '../transport/channel';
import { PlivoFailure } from '../failure';
import { limitsFrom } from '../transport/limits';
import { accountOf, type ChannelAccount, CREDENTIAL_TYPE } from './channel';
import { errorFor, errorItem } from './errors';
import { type Field, givenIn, located } from './given';
import { type Run, runOf } from './run';

/** One operation on one input item: what its fields have declared. */
export interface Operation {
	/** Query parameters by Plivo's names, from the fields' `routing`; those of filters all have a value. */
	readonly qs: IDataObject;
	/** Fields of the record by Plivo's names, from the fields' `routing`; those of collections all have a value. */
	readonly body: IDataObject;
	/** The `options` collection: what is in it has a value; of a resource locator, what it points to. */
	readonly options: IDataObject;
	/** The workflow's time zone. */
	readonly timezone: string;
	/** A parameter's value, expressions resolved; of a resource locator, what it points to. */
	parameter(name: string, fallback?: unknown): unknown;
	/**
	 * The id in a resource locator or a text; of a phone number, its digits.
	 *
	 * @throws PlivoFailure of kind `input`
	 */
	id(name: string, kind: Kind): string;
}

/** What an operation does once its values have been checked; returns the output items' `json`. */
export type Work = (channel: Channel) => Promise<IDataObject[]>;

/**
 * An operation: checks its values, at once and without a request, and returns the work.
 *
 * @throws PlivoFailure of kind `input`, naming the field
 */
export type Executor = (operation: Operation) => Work;

/**
 * The routing of an operation: the executor that does it, once the values of its fields are there.
 *
 * n8n's declarative engine has no retry and no rate limit. Where paging is on, it hands the prepared
 * request to a function instead: that is the seam (see docs/architecture.md).
 */
export const runs = (executor: Executor, fields: readonly Field[]) =>
	({
		send: { paginate: true },
		operations: {
			async pagination(
				this: IExecutePaginationFunctions,
				requestData: DeclarativeRestApiSettings.ResultOptions,
			) {
				// n8n's type leaves the address optional, which no executor reads.
				const prepared = requestData.options as IHttpRequestOptions;
				return await runItem(this, prepared, executor, fields);
			},
		},
	}) satisfies INodePropertyRouting;

async function runItem(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	executor: Executor,
	fields: readonly Field[],
): Promise<INodeExecutionData[]> {
	const item = context.getItemIndex();
	const run = runFor(context);
	const answered = run.begin(item);
	const output = (records: IDataObject[]) =>
		records.map((json) => ({ json, pairedItem: { item } }));
	try {
		let records = answered;
		if (!records) {
			const operation = operationOf(context, prepared, fields);
			const limits = limitsFrom(operation.options);
			const work = executor(operation);
			// An expression in a credential may give each item an account of its own.
			const reading = accountOf(context);
			const isOpen = await run.open(reading);
			const account = await reading;
			if (!isOpen) throw skipped();
			records = await work(channelOf(context, prepared, { ...account, limits }, run));
		}
		run.succeed(item, records);
		return output(records);
	} catch (failure) {
		// n8n shows the error of the item that has failed, whichever comes first.
		if (failure instanceof PlivoFailure && failure.kind === 'skipped') {
			run.skip();
			return [];
		}
		const others = await run.fail(item, failure);
		const error = errorFor(context, failure, item, others);
		if (!goesOn(context) || isCancelled(failure)) throw error;
		return [errorItem(context, error, failure, item)];
	}
}

/**
 * Whether a failure becomes an item: On Error: Continue, or an AI agent's tool. Of an error that is thrown, n8n
 * passes only the message on to the model, and the remedy would be lost (n8n 2.41.1, buildSteps of the agent).
 */
const goesOn = (context: IExecutePaginationFunctions): boolean =>
	context.continueOnFail() || isTool(context);

const isTool = (context: IExecutePaginationFunctions): boolean =>
	context.getNode().type.endsWith('Tool');

const skipped = () => new PlivoFailure('skipped', 'Not carried out', '');

const isCancelled = (failure: unknown) =>
	failure instanceof PlivoFailure && failure.kind === 'cancelled';

function runFor(context: IExecutePaginationFunctions): Run {
	const key = context.getExecuteData();
	const [items] = Object.values(key.data)[0] ?? [];
	const { batching } = objectOf(context.getNodeParameter('requestOptions', {}));
	const { batchInterval } = objectOf(objectOf(batching).batch);
	return runOf(key, {
		// n8n gives a node with Execute Once its first item only.
		items: context.getNode().executeOnce ? 1 : (items?.length ?? 1),
		goesOn: goesOn(context),
		batched: Number(batchInterval ?? 0) > 0,
	});
}

function channelOf(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	account: ChannelAccount & Pick<Channel, 'limits'>,
	run: Run,
): Channel {
	const item = context.getItemIndex();
	// n8n has put its own request options (proxy, certificates, allowed domains) next to ours.
	const { proxy, skipSslCertificateValidation, allowedDomains } =
		prepared as IHttpRequestOptions & { allowedDomains?: string };
	const { hostname } = new URL(account.accountUrl);
	return {
		...account,
		owner: context.getExecuteData(),
		execution: context.getExecutionId(),
		signal: context.getExecutionCancelSignal(),
		send: async (request) =>
			await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL_TYPE, {
				...request,
				...(proxy && { proxy }),
				...(skipSslCertificateValidation && { skipSslCertificateValidation }),
				// The credential's own server is always one of them.
				...(allowedDomains && { allowedDomains: `${allowedDomains}, ${hostname}` }),
			}),
		beforeWrite: () => run.beforeWrite(item),
		wrote: (what) => run.wrote(item, what),
		log: (message) => context.logger.debug(`Plivo SIP Trunking: ${message}`),
	};
}

function operationOf(
	context: IExecutePaginationFunctions,
	prepared: IHttpRequestOptions,
	fields: readonly Field[],
): Operation {
	const parameter = (name: string, fallback?: unknown) =>
		located(context.getNodeParameter(name, fallback));
	const given = fields
		.filter(({ type }) => type === 'collection')
		.map((field) => ({
			name: field.name,
			...givenIn(field, context.getNodeParameter(field.name, {}), isTool(context)),
		}));
	const unsent = given.flatMap(({ leftOut }) =>
		leftOut.map(({ routing }) => String(routing?.send?.property)),
	);
	return {
		qs: without(objectOf(prepared.qs), ...unsent),
		body: without(objectOf(prepared.body), ...unsent),
		options: given.find(({ name }) => name === 'options')?.values ?? {},
		timezone: context.getTimezone(),
		parameter,
		id: (name, kind) =>
			kind.idKind === 'phoneNumber'
				? checkedPhoneNumber(kind.idLabel, parameter(name))
				: checkedId(kind.idLabel, parameter(name), kind.idKind),
	};
}
