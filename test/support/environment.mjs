/**
 * jest's environment for these tests. jest gives each test file a world of its own, with its own copy of every module:
 * so every file would load n8n's engine anew (2,000 modules, 2 seconds). Here it and fastify are loaded once a worker;
 * the project's own modules are fresh in each file as ever. For objects of both to be of the same classes (`Error`,
 * `Date`, …), the files run in the worker's own realm, which is cleaned up after each.
 */
import { LegacyFakeTimers, ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import vm from 'node:vm';

const require = createRequire(import.meta.url);

/** What jest takes for a realm of its own; what is compiled for it is compiled for this one. */
const HERE = vm.createContext({});
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, options = {}) =>
	compileFunction(code, parameters, {
		...options,
		...(options.parsingContext === HERE && { parsingContext: undefined }),
	});

/** All that a test file can leave behind. */
function rememberedState() {
	const globals = Object.getOwnPropertyDescriptors(globalThis);
	const variables = { ...process.env };
	const events = process.eventNames();
	const listeners = new Map(events.map((event) => [event, process.rawListeners(event)]));
	const { stackTraceLimit } = Error;
	// jest puts its own in the place of this one, for each file.
	const { exit } = process;
	return () => {
		for (const key of Reflect.ownKeys(globalThis))
			if (!(key in globals)) Reflect.deleteProperty(globalThis, key);
		for (const key of Reflect.ownKeys(globals)) {
			const now = Object.getOwnPropertyDescriptor(globalThis, key);
			const { value, get } = globals[key];
			if (globals[key].configurable && (now?.value !== value || now?.get !== get))
				Object.defineProperty(globalThis, key, globals[key]);
		}
		for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
		Object.assign(process.env, variables);
		for (const event of process.eventNames())
			for (const listener of process.rawListeners(event))
				if (!listeners.get(event)?.includes(listener)) process.off(event, listener);
		Error.stackTraceLimit = stackTraceLimit;
		process.exit = exit;
	};
}

/**
 * Remembers the timers from here on, to clear them: a run that a test has stopped, or that has failed, may still wait to
 * ask again, which the next file would feel and for which the worker would not end.
 */
function rememberedTimers() {
	const timers = new Set();
	for (const name of ['setTimeout', 'setInterval']) {
		const start = globalThis[name];
		const remembered = (...parameters) => {
			const timer = start(...parameters);
			timers.add(timer);
			return timer;
		};
		globalThis[name] = Object.defineProperties(remembered, Object.getOwnPropertyDescriptors(start));
	}
	return () => {
		for (const timer of timers) clearTimeout(timer);
	};
}

/**
 * jest follows each promise to its test, for the sake of errors that nobody waits for; Node.js then looks after each
 * promise, the more slowly the more files a process has run: a tenth of the time where it runs them all. Here such an
 * error fails the file.
 */
function unfollowedPromises() {
	const { run } = AsyncLocalStorage.prototype;
	AsyncLocalStorage.prototype.run = (_store, work, ...parameters) => work(...parameters);
	return () => {
		AsyncLocalStorage.prototype.run = run;
	};
}

export default class Environment {
	constructor({ projectConfig: config }) {
		this.global = globalThis;
		this.cleanUp = rememberedState();
		this.clearTimers = rememberedTimers();
		this.followPromises = unfollowedPromises();
		globalThis.global = globalThis;
		globalThis.loadedOnce = require;
		this.moduleMocker = new ModuleMocker(globalThis);
		const timerConfig = { idToRef: (id) => id, refToId: (ref) => ref };
		this.fakeTimers = new LegacyFakeTimers({
			config,
			global: globalThis,
			moduleMocker: this.moduleMocker,
			timerConfig,
		});
		this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
	}

	async setup() {
		// After the constructor, jest sets 100; each `expect` takes a stack, each error of n8n two.
		Error.stackTraceLimit = 20;
	}

	async teardown() {
		this.fakeTimers.dispose();
		this.fakeTimersModern.dispose();
		this.clearTimers();
		this.followPromises();
		this.cleanUp();
	}

	exportConditions() {
		return ['node', 'node-addons'];
	}

	getVmContext() {
		return HERE;
	}
}
