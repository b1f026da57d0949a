import type { FaultRule } from './faults.mts';
import { statePage } from './page.mts';
import type { PlivoRecord } from './records.mts';
import type { SeedCounts } from './seed.mts';
import type { Site } from './server.mts';
import type { Simulator } from './simulator.mts';
import { setVariants } from './variants.mts';

/**
 * `GET /`: the account as a page. `/_simulator/…`, JSON and no authentication: to look at and change everything from
 * another process. Passwords are in its answers, as they are in the simulator's `state` and `requests`.
 */
export function controlOf(simulator: Simulator): Pick<Site, 'page' | 'control'> {
	const { state, requests, faults, options, variants } = simulator;
	const actions: Record<string, (body: unknown) => unknown> = {
		'GET state': () =>
			Object.fromEntries(Object.entries(state).map(([kind, records]) => [kind, records.all()])),
		'GET requests': () => requests,
		'GET variants': () => variants,
		'GET account': () => simulator.account,
		'GET platforms': () => simulator.platforms.all(),
		'POST faults': (body) => faults.add(ruleFrom(body as JsonRule)),
		'DELETE faults': () => faults.clear(),
		'POST reset': () => simulator.reset(),
		'POST seed': (body) => simulator.seed(body as SeedCounts),
		'POST calls': (body) => [body as PlivoRecord].flat().map((call) => simulator.addCall(call)),
		'POST options': (body) => {
			const { variants: given, refuseWrites, ...rest } = body as JsonOptions;
			setVariants(variants, given ?? {});
			if (refuseWrites !== undefined) simulator.refuseWrites = refuseWrites;
			Object.assign(options, rest);
		},
		'POST variants': (body) => setVariants(variants, body as Record<string, unknown>),
		'POST account': (body) => void Object.assign(simulator.account, body),
		'POST platforms': (body) => {
			const { fault, variants: given } = body as { fault?: JsonRule; variants?: PlivoRecord };
			if (fault) simulator.platforms.faults.add(ruleFrom(fault));
			simulator.platforms.setVariants(given ?? {});
		},
	};

	return {
		page: (_request, reply) => reply.type('text/html').send(statePage(simulator)),
		control({ method, params, body }, reply) {
			const action = actions[`${method} ${(params as { what: string }).what}`];
			if (!action) return reply.code(404).send({ error: 'not found' });
			try {
				return reply.send(action(JSON.parse(String(body || '{}'))) ?? { ok: true });
			} catch (error) {
				return reply.code(400).send({ error: (error as Error).message });
			}
		},
	};
}

/** The options of the simulator, with what else can be set while it runs. */
interface JsonOptions {
	variants?: Record<string, unknown>;
	refuseWrites?: boolean;
}

/** A rule as JSON has it: a pattern is text. */
type JsonRule = Omit<FaultRule, 'path'> & { path?: string; pathPattern?: string };

function ruleFrom({ pathPattern, ...rule }: JsonRule): FaultRule {
	return pathPattern === undefined ? rule : { ...rule, path: new RegExp(pathPattern) };
}
