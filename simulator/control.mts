import type { FastifyInstance } from 'fastify';

import type { FaultRule } from './faults.mts';
import { statePage } from './page.mts';
import type { PlivoRecord } from './records.mts';
import type { SeedCounts } from './seed.mts';
import type { Simulator } from './simulator.mts';
import { setVariants } from './variants.mts';

const ADDRESSES = '/_simulator/:what';

/**
 * `GET /`: the account as a page. `/_simulator/…`, JSON and no authentication: to look at and change everything from
 * another process. Passwords are in its answers, as they are in the simulator's `state` and `requests`.
 */
export function addControl(server: FastifyInstance, simulator: Simulator): void {
	const { state, requests, faults, options, variants } = simulator;
	const reads: Record<string, () => unknown> = {
		state: () =>
			Object.fromEntries(Object.entries(state).map(([kind, records]) => [kind, records.all()])),
		requests: () => requests,
		variants: () => variants,
		account: () => simulator.account,
		platforms: () => simulator.platforms.all(),
	};
	const writes: Record<string, (body: unknown) => unknown> = {
		faults: (body) => faults.add(ruleFrom(body as JsonRule)),
		reset: () => simulator.reset(),
		seed: (body) => simulator.seed(body as SeedCounts),
		calls: (body) => [body as PlivoRecord].flat().map((call) => simulator.addCall(call)),
		options: (body) => {
			const { variants: given, refuseWrites, ...rest } = body as JsonOptions;
			setVariants(variants, given ?? {});
			if (refuseWrites !== undefined) simulator.refuseWrites = refuseWrites;
			Object.assign(options, rest);
		},
		variants: (body) => setVariants(variants, body as Record<string, unknown>),
		account: (body) => void Object.assign(simulator.account, body),
		platforms: (body) => {
			const { fault, variants: given } = body as { fault?: JsonRule; variants?: PlivoRecord };
			if (fault) simulator.platforms.faults.add(ruleFrom(fault));
			simulator.platforms.setVariants(given ?? {});
		},
	};

	server.get('/', async (_request, reply) => {
		await reply.type('text/html').send(statePage(simulator));
	});
	server.get(ADDRESSES, async ({ params }, reply) => {
		const read = reads[(params as { what: string }).what];
		return read ? read() : reply.code(404).send({ error: 'not found' });
	});
	server.post(ADDRESSES, async ({ params, body }, reply) => {
		const write = writes[(params as { what: string }).what];
		if (!write) return reply.code(404).send({ error: 'not found' });
		try {
			return write(JSON.parse(String(body || '{}'))) ?? { ok: true };
		} catch (error) {
			return reply.code(400).send({ error: (error as Error).message });
		}
	});
	server.delete('/_simulator/faults', async () => {
		faults.clear();
		return { ok: true };
	});
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
