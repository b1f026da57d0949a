/** The check can't be carried out; the message says in plain words why, and what to do. */
export class CannotRun extends Error {}

/** Ctrl-C, or another signal to stop. */
export class Stopped extends Error {
	constructor() {
		super('stopped');
	}
}
