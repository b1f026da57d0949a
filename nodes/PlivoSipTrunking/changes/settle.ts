import type { IDataObject } from 'n8n-workflow';

import { asData, type Open, PlivoFailure } from '../failure';
import { hold, keepClaims } from '../records/accountState';
import type { Claim } from '../records/locks';
import type { Request } from '../transport/attempt';
import { type Attempts, attemptsOf } from '../transport/attempts';
import type { Channel } from '../transport/channel';
import { pause } from '../transport/pause';
import { LOOKS, settling } from '../transport/settling';

/** One write to the account: what to look at, and what to do in view of it. */
export interface Change<Seen, Result> {
	/** Held from the first look to the last; kept longer while an attempt may still be carried out. */
	readonly claims: readonly Claim[];
	/** What an error says of an attempt that stays in doubt: `Phone number 1 may have been released`. */
	readonly maybe: string;
	/** What to do about that, a sentence. */
	readonly remedy?: string;
	/** Reads what the decision needs: records as they are, and what speaks against the write, as data. */
	look(channel: Channel, history: History<Seen>): Promise<Seen>;
	/**
	 * What to do next. Pure: no request, no clock.
	 *
	 * @param seen the last look; nothing before the first one, and after an attempt that made it out of date
	 */
	decide(seen: Seen | undefined, history: History<Seen>): Decision<Result>;
	/** An attempt of an earlier try of this run, which stayed in doubt. */
	readonly open?: Open;
	/** Tells the readings and the run what was written, while the claims are held. */
	note?(channel: Channel, result: Result): void;
}

/**
 * `send`: an attempt is right; whether one is left is the loop's business. `look`: now; when the next look is due; or
 * when the last one is, because nothing can change any more; `waitingFor` names what else than an open attempt is
 * waited for, and restarts the clock where it changes.
 * `refuse`: with `isOver` where an open attempt has certainly not been carried out.
 */
export type Decision<Result> =
	| { readonly done: Result }
	| { readonly send: Request }
	| { readonly look: 'now' }
	| { readonly look: 'later' | 'last'; readonly waitingFor?: string }
	| { readonly refuse: PlivoFailure; readonly isOver?: true };

/** What is known of a change so far. */
export interface History<Seen> {
	/** What the first look has shown, where there was one before the first attempt. */
	readonly before?: Seen;
	/** Plivo's certain success. */
	readonly answer?: IDataObject;
	/** What the last attempt failed with. */
	readonly failure?: PlivoFailure;
	/** An attempt that may have been carried out, or may yet be. */
	readonly open?: Open;
	/** An attempt that was open before has had all its time, and another one was made. */
	readonly repeated?: Open;
	/** What the looks are waiting for, besides an open attempt. */
	readonly waitingFor?: string;
	/** Whatever was waited for has had all its time, and was looked at after that. */
	readonly settled: boolean;
	/** No attempt is left. */
	readonly spent: boolean;
	/** Why there is nothing to see although Plivo has said yes. */
	readonly unseen?: PlivoFailure;
}

/** What was seen so short a time before an attempt that was put off still holds, unless an attempt is open. */
const HOLDS_MS = 1_000;

/** The failure of a change that was certainly not carried out and has no attempt left; else nothing. */
export const finalFailure = <Seen>({ spent, open, failure }: History<Seen>) =>
	spent && !open ? failure : undefined;

/**
 * The one way to write: looks, decides, makes one attempt, and looks and decides again, until it is done or refused.
 *
 * Nothing is sent after a look that failed. After a success, a look that fails is data (`unseen`). Where an attempt is
 * open and none is left, the account is looked at until that attempt can't be carried out any more.
 *
 * @throws PlivoFailure; with `open` where an attempt may have been carried out
 */
export async function settle<Seen, Result>(
	channel: Channel,
	change: Change<Seen, Result>,
): Promise<Result> {
	return await hold(channel, change.claims, async (holding) => {
		const state = begin(holding, change);
		try {
			for (;;) {
				const decision = change.decide(state.seen, state.history);
				if ('done' in decision) {
					change.note?.(holding, decision.done);
					return decision.done;
				}
				if ('refuse' in decision) throw refused(state, decision.refuse, decision.isOver);
				const { spent, open, settled } = state.history;
				if ('look' in decision) await look(state, change, decision);
				else if (!spent) await send(state, decision.send);
				else if (open && !settled) await look(state, change, { look: 'later' });
				else throw inDoubt(state, change);
			}
		} catch (failure) {
			throw failure instanceof PlivoFailure ? withDoubt(failure, change, state.history) : failure;
		} finally {
			const { open } = state.history;
			// A repeated attempt may have succeeded: the one before it may still be carried out.
			if (open) keepClaims(channel, change.claims, open.since + settling.ms);
		}
	});
}

/** A change under way. */
interface State<Seen> {
	readonly channel: Channel;
	readonly attempts: Attempts;
	history: History<Seen>;
	seen?: Seen;
	seenAt: number;
	/** From when the looks are counted, and how many have been taken. */
	waits: { from: number; taken: number };
}

const begin = <Seen, Result>(channel: Channel, { open }: Change<Seen, Result>): State<Seen> => ({
	channel,
	attempts: attemptsOf(channel),
	history: { open, settled: false, spent: false },
	seenAt: 0,
	// What an earlier try has left in doubt takes one look, when it can't be carried out any more.
	waits: { from: open?.since ?? performance.now(), taken: open ? LOOKS.length - 1 : 0 },
});

async function send<Seen>(state: State<Seen>, request: Request): Promise<void> {
	const { attempts } = state;
	const sentAt = Date.now();
	const { settled, open: earlier } = state.history;
	// Whether it was carried out has been seen by now.
	if (earlier && settled) state.history = { ...state.history, open: undefined, repeated: earlier };
	const outcome = await attempts.send(request);
	const { failure } = outcome;
	if (!failure) {
		state.history = { ...state.history, answer: outcome.body, failure: undefined };
		state.seen = undefined;
		restart(state, undefined);
		return;
	}
	const maybe = outcome.certainty === 'maybe';
	const { open: before } = state.history;
	const open = maybe ? { firstAt: before?.firstAt ?? sentAt, since: performance.now() } : before;
	state.history = { ...state.history, failure, open, spent: attempts.spent() };
	if (maybe) restart(state, undefined);
	await attempts.wait();
	const isOld = performance.now() - state.seenAt > HOLDS_MS;
	if (open || isOld || attempts.spent()) state.seen = undefined;
}

/** Restarts the clock of what is waited for. */
function restart<Seen>(state: State<Seen>, waitingFor: string | undefined): void {
	state.waits = { from: performance.now(), taken: 0 };
	state.history = { ...state.history, settled: false, waitingFor };
}

async function look<Seen, Result>(
	state: State<Seen>,
	change: Change<Seen, Result>,
	due: Extract<Decision<Result>, { look: unknown }>,
): Promise<void> {
	const isNow = due.look === 'now';
	const waitingFor = isNow ? undefined : due.waitingFor;
	if (waitingFor !== state.history.waitingFor && !isNow) restart(state, waitingFor);
	// A pure decision would be the same for ever.
	if (state.seen && (isNow || state.history.settled)) {
		throw new Error('A change waits for what no look can show');
	}
	if (!isNow && !state.history.settled) await untilDue(state, due.look === 'last');
	state.seen = undefined;
	const seen = await change.look(state.channel, state.history).catch(asData);
	const { before, answer, failure, open, settled } = state.history;
	if (!(seen instanceof PlivoFailure)) {
		state.seen = seen;
		state.seenAt = performance.now();
		const isFirst = !before && !answer && !failure && !open;
		if (isFirst) state.history = { ...state.history, before: seen };
	} else if (answer) state.history = { ...state.history, unseen: seen };
	else if (!open) throw seen;
	else if (settled) throw inDoubt(state, change);
	else await look(state, change, { look: 'later', waitingFor });
}

async function untilDue<Seen>(state: State<Seen>, isLast: boolean): Promise<void> {
	const { from } = state.waits;
	const taken = isLast ? LOOKS.length - 1 : state.waits.taken;
	const dueAt = from + (LOOKS[taken] ?? 1) * settling.ms;
	await pause(Math.max(0, dueAt - performance.now()), state.channel.signal);
	state.waits = { from, taken: taken + 1 };
	state.history = { ...state.history, settled: taken + 1 >= LOOKS.length };
}

function refused<Seen>(state: State<Seen>, failure: PlivoFailure, isOver = false): PlivoFailure {
	if (isOver) state.history = { ...state.history, open: undefined };
	return failure === state.history.failure ? state.attempts.described(failure) : failure;
}

function inDoubt<Seen, Result>(
	{ attempts, history }: State<Seen>,
	{ maybe, remedy = '' }: Change<Seen, Result>,
): PlivoFailure {
	const { failure } = history;
	if (failure && !history.open) return attempts.described(failure);
	const words = failure ? `${failure.message}. ${maybe}` : maybe;
	const { kind = 'conflict', description = '', details = {} } = failure ?? {};
	const advice = [remedy, description].filter(Boolean).join(' ');
	return attempts.described(new PlivoFailure(kind, words, advice, details));
}

/** The failure with what may have been carried out all the same; a stopped execution looks no further. */
function withDoubt<Seen, Result>(
	{ kind, message, description, details }: PlivoFailure,
	{ maybe }: Change<Seen, Result>,
	{ open, answer }: History<Seen>,
): PlivoFailure {
	const isStopped = kind === 'cancelled' && (open ?? answer) !== undefined;
	const words = isStopped ? `${message}. ${maybe}` : message;
	return new PlivoFailure(kind, words, description, { ...details, open });
}
