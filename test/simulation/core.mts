/** The core as a simulation runs it: whole, or with rules taken out of its source. */
import { transformSync } from '@swc/core';
import * as crypto from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import * as n8nWorkflow from 'n8n-workflow';
import type { DeclarativeRestApiSettings, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { normalizedName } from '../../nodes/PlivoSipTrunking/input/name.ts';
import type { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { stateOf } from '../../nodes/PlivoSipTrunking/records/accountState.ts';
import type { Recent } from '../../nodes/PlivoSipTrunking/records/recent.ts';
import type { memoryOf } from '../../nodes/PlivoSipTrunking/run/memory.ts';
import type { accountUrl } from '../../nodes/PlivoSipTrunking/transport/account.ts';
import type { accountAt } from '../../nodes/PlivoSipTrunking/transport/channel.ts';

/** What n8n's declarative engine calls for each item of an operation. */
export type Operate = (
	this: n8nWorkflow.IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
) => Promise<INodeExecutionData[]>;

export interface Core {
	/** By resource and operation: `trunk.create`. */
	readonly operations: ReadonlyMap<string, Operate>;
	readonly accountAt: typeof accountAt;
	readonly stateOf: typeof stateOf;
	readonly memoryOf: typeof memoryOf;
	readonly accountUrl: typeof accountUrl;
}

export { normalizedName };

/** An edit of one source file, under nodes/PlivoSipTrunking. */
export interface Edit {
	readonly file: string;
	/** Must be there exactly once. */
	readonly from: string;
	readonly to: string;
}

function operationsOf(properties: readonly INodeProperties[]): Map<string, Operate> {
	const operations = new Map<string, Operate>();
	for (const { name, options = [], displayOptions } of properties) {
		if (name !== 'operation') continue;
		for (const resource of displayOptions?.show?.resource ?? []) {
			for (const option of options) {
				if (!('routing' in option)) continue;
				const operate = option.routing?.operations?.pagination;
				const { value } = option as { value: string };
				if (typeof operate === 'function') {
					operations.set(`${String(resource)}.${value}`, operate as Operate);
				}
			}
		}
	}
	return operations;
}

/**
 * What a process holds rather than remembers; and what a run has to know of its own writes, since n8n shows the error of
 * the last try alone: what it has made, creates in doubt, and numbers that it has rented.
 */
const HELD = new Set(['locks', 'openWrites', 'made', 'inDoubt', 'rented']);

function empty(memory: object): void {
	for (const [name, part] of Object.entries(memory)) {
		if (HELD.has(name)) continue;
		if (part instanceof Map) part.clear();
		else
			for (const [key] of (part as Recent<unknown>).entries())
				(part as Recent<unknown>).delete(key);
	}
}

/** A process loses what it remembers of an account: all but locks that are held, and the rate limiter. */
export function forgetAccount(core: Core, url: string): void {
	const account = core.accountAt(url);
	empty(core.stateOf({ account }));
	account.clockOffset = undefined;
}

/** A run loses what its items remember of their deletions; what finished items have answered is kept elsewhere. */
export function forgetRun(core: Core, owner: object, url: string): void {
	empty(core.memoryOf({ owner, accountUrl: url } as Parameters<typeof memoryOf>[0]));
}

const ROOT = resolve('nodes/PlivoSipTrunking');

const compiled = new Map<string, string>();

function compile(source: string, filename: string): string {
	let code = compiled.get(source);
	if (code === undefined) {
		({ code } = transformSync(source, {
			filename,
			jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
			module: { type: 'commonjs' },
		}));
		compiled.set(source, code);
	}
	return code;
}

/** What the nodes import from outside. */
const OUTSIDE: Record<string, unknown> = { 'n8n-workflow': n8nWorkflow, crypto };

/**
 * The core with edits of its source, as modules of its own.
 *
 * @throws when a file hasn't exactly one place that fits an edit: the rule is written otherwise by now
 */
export function editedCore(edits: readonly Edit[]): Core {
	const modules = new Map<string, { exports: Record<string, unknown> }>();
	const sourceOf = (path: string) => {
		let source = readFileSync(path, 'utf8');
		for (const { file, from, to } of edits) {
			if (join(ROOT, file) !== path) continue;
			if (source.split(from).length !== 2) {
				throw new Error(`${file} has not exactly one place for the edit of "${from}"`);
			}
			source = source.replace(from, () => to);
		}
		return source;
	};
	const load = (path: string): Record<string, unknown> => {
		const known = modules.get(path);
		if (known) return known.exports;
		const module = { exports: {} };
		modules.set(path, module);
		const require = (name: string) => {
			if (!name.startsWith('.')) {
				if (name in OUTSIDE) return OUTSIDE[name];
				throw new Error(`${path} imports ${name}`);
			}
			const target = join(dirname(path), name);
			const found = [`${target}.ts`, join(target, 'index.ts')].find((file) => existsSync(file));
			if (!found) throw new Error(`${path} imports ${name}, which is not there`);
			return load(found);
		};
		const code = compile(sourceOf(path), path);
		new Function('require', 'module', 'exports', code)(require, module, module.exports);
		return module.exports;
	};
	const from = (file: string) => load(join(ROOT, file));
	const node = from('PlivoSipTrunking.node.ts') as {
		PlivoSipTrunking: typeof PlivoSipTrunking;
	};
	return {
		operations: operationsOf(new node.PlivoSipTrunking().description.properties),
		...(from('records/accountState.ts') as Pick<Core, 'stateOf'>),
		...(from('run/memory.ts') as Pick<Core, 'memoryOf'>),
		...(from('transport/channel.ts') as Pick<Core, 'accountAt'>),
		...(from('transport/account.ts') as Pick<Core, 'accountUrl'>),
	};
}

/** The core as it is; loaded likewise, since a module that a loader has twice would have two memories. */
export const wholeCore: Core = editedCore([]);
