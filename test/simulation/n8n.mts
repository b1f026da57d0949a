/** What n8n does with a run of the node: starts its items in one go, waits for all, tries again, shows one error. */
import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecuteData,
	IExecutePaginationFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';

import type { Clock } from './clock.mts';
import { type Core, forgetAccount, forgetRun } from './core.mts';
import type { Item, RunAction } from './history.mts';
import type { Actor, Run, Words, World } from './world.mts';

const NODE: INode = {
	id: 'node',
	name: 'Plivo SIP Trunking',
	type: 'n8n-nodes-plivo-sip-trunking.plivoSipTrunking',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Between two tries of Retry On Fail. */
const BETWEEN_TRIES_MS = 1_000;

export interface Runs {
	/** All that have begun. */
	readonly all: Run[];
	start(action: RunAction): void;
}

/** What a judge is told of items. */
export interface RunWitness {
	answered(actor: Actor): void;
	failed(actor: Actor): void;
}

export function createRuns(core: Core, world: World, clock: Clock, witness: RunWitness): Runs {
	const all: Run[] = [];
	const urlOf = ({ process: { baseUrl } }: Run) =>
		core.accountUrl({ authId: world.plivo.authId, baseUrl });

	function start(action: RunAction) {
		const process = world.process(action.process);
		const run: Run = {
			action,
			process,
			abort: new AbortController(),
			requests: 0,
			writes: 0,
			items: [],
		};
		run.items.push(
			...action.items.map((item, index) => ({
				run,
				index,
				item: picked(world, item),
				startedSeq: world.ledger.seq(),
				triedSeq: world.ledger.seq(),
				startedAt: clock.now(),
				endedAt: Infinity,
				sent: 0,
				wrote: false,
			})),
		);
		all.push(run);
		if (action.cancelAfter !== undefined) {
			clock.after(action.cancelAfter, () => {
				if (run.ended) return;
				run.cancelledAt = clock.now();
				world.note(`run ${action.id} is cancelled`);
				run.abort.abort();
			});
		}
		void carryOut(run);
	}

	async function carryOut(run: Run) {
		const { tries = 1 } = run.action;
		// The same object when n8n tries a run again.
		const data = {
			data: { main: [run.items.map(() => ({ json: {} }))] },
			node: NODE,
			source: null,
		} as IExecuteData;
		for (let number = 1; ; number++) {
			const error = await tryOnce(run, data);
			const over = run.cancelledAt !== undefined || run.process.killed;
			if (!error || number >= tries || over) {
				run.ended = { at: clock.now(), ...(error && { error }) };
				world.note(`run ${run.action.id} ends: ${error ? error.text : 'well'}`);
				return;
			}
			world.note(`run ${run.action.id} is tried again: ${error.text}`);
			await clock.sleep(BETWEEN_TRIES_MS);
			if (world.forgetsTries) forgetRun(core, data, urlOf(run));
		}
	}

	/** @returns the error that n8n shows */
	async function tryOnce(run: Run, data: IExecuteData): Promise<Words | undefined> {
		const answers: Array<Promise<Words | undefined>> = [];
		for (const actor of run.items) {
			if (actor.item.badExpression) {
				const told = { message: 'bad expression', text: 'bad expression' };
				// The items before it go on unseen.
				if (!run.action.goesOn) return told;
				continue;
			}
			answers.push(operate(actor, data));
		}
		const errors = await Promise.all(answers);
		return run.action.goesOn ? undefined : errors.find((error) => error !== undefined);
	}

	/** @returns the error of an item that fails its run */
	async function operate(actor: Actor, data: IExecuteData): Promise<Words | undefined> {
		const operate = core.operations.get(actor.item.what);
		if (!operate) throw new Error(`There is no operation ${actor.item.what}`);
		const context = contextFor(actor, data, world, { core, url: urlOf(actor.run) });
		const request = {
			options: { url: '', qs: {}, body: { ...actor.item.body } },
		} as unknown as DeclarativeRestApiSettings.ResultOptions;
		actor.triedSeq = world.ledger.seq();
		actor.output = undefined;
		actor.error = undefined;
		try {
			const items = await operate.call(context, request);
			actor.endedAt = clock.now();
			const [item] = items;
			if (item && typeof item.json.error === 'string') {
				actor.error = wordsOf(item);
				world.note(`${actor.run.action.id}.${actor.index} fails: ${actor.error.text}`);
				witness.failed(actor);
			} else if (items.length > 0) {
				actor.output = items.map(({ json }) => json);
				if (world.log) {
					world.note(
						`${actor.run.action.id}.${actor.index} answers ${JSON.stringify(actor.output).slice(0, 600)}`,
					);
				}
				witness.answered(actor);
			}
			return undefined;
		} catch (failure) {
			actor.endedAt = clock.now();
			const { message, description = '' } = failure as { message: string; description?: string };
			actor.error = { message, text: `${message} | ${description ?? ''}` };
			world.note(`${actor.run.action.id}.${actor.index} fails: ${actor.error.text}`);
			witness.failed(actor);
			return actor.error;
		}
	}

	return { all, start };
}

function wordsOf({ json }: INodeExecutionData): Words {
	const { error, description, fix } = json as Record<string, unknown>;
	return {
		message: String(error),
		text: `${String(error)} | ${String(description ?? '')} | ${String(fix ?? '')}`,
	};
}

/** The item with the ids of the records that it picks. */
function picked(world: World, item: Item): Item {
	const resolved = (fields: Record<string, unknown> = {}) =>
		Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, world.resolve(value)]));
	return { ...item, body: resolved(item.body), parameters: resolved(item.parameters) };
}

function contextFor(
	actor: Actor,
	data: IExecuteData,
	world: World,
	{ core, url }: { core: Core; url: string },
): IExecutePaginationFunctions {
	const { run, index } = actor;
	const parameters: Record<string, unknown> = {
		...actor.item.body,
		...actor.item.parameters,
		options: actor.item.options ?? {},
		requestOptions: {},
	};
	const credential: IDataObject = {
		authId: world.plivo.authId,
		authToken: 'simulatedtoken',
		baseUrl: run.process.baseUrl,
	};
	const context = {
		getItemIndex: () => index,
		getExecuteData: () => data,
		getExecutionId: () => String(run.action.id),
		getInputData: () => data.data.main?.[0] ?? [],
		getNode: () => NODE,
		getTimezone: () => 'UTC',
		continueOnFail: () => run.action.goesOn === true,
		getExecutionCancelSignal: () => run.abort.signal,
		getCredentials: async () => await Promise.resolve(credential),
		getNodeParameter(name: string, fallback?: unknown) {
			if (name in parameters) return parameters[name];
			if (fallback !== undefined) return fallback;
			throw new Error(`Could not get parameter "${name}"`);
		},
		helpers: {
			async httpRequestWithAuthentication(_type: string, options: never) {
				if (world.forgetsBefore(actor)) forgetAccount(core, url);
				return await world.send(actor, options);
			},
		},
		logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
	};
	return context as unknown as IExecutePaginationFunctions;
}
