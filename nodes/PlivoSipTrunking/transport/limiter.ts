import { sleep } from 'n8n-workflow';

import { cancelled } from '../failure';
import { onStop } from './pause';

/** Plivo's limit: 300 requests in any 5 seconds of an account (plivo.com/docs/account/api/overview). */
const WINDOW_MS = 5_000;
const WINDOW_REQUESTS = 300;

/**
 * This part of the allowance is under way at a time for one run alone: it is used up at any sane
 * latency, with few sockets, and a small allowance is spread over the window, where it meets places
 * that get free. Runs share it, and one whose requests hang takes nothing from the others.
 */
const IN_FLIGHT = 1 / 5;

/** Plivo counts a request somewhere between its leaving and its answer, but hardly later than this. */
const COUNTED_WITHIN_MS = 3_000;

/** The burst that meets a 429 has left so long before; its accepted requests are part of the share. */
const BURST_MS = 1_000;

/** However busy other programs keep the account, this many requests a window are tried. */
const MIN_ALLOWANCE = 15;

/** What one window can take of the allowance: coming second in one window says little about the next. */
const GREATEST_LOSS = 1 / 2;

/** What the allowance wins back in the first window without a 429; in each further one twice as much. */
const FIRST_GAIN = 60;

/** One request's place in the window. */
export interface Slot {
	/**
	 * To be called once, when the answer is there or the request has failed.
	 *
	 * @param answered false when no answer came: Plivo may get to the request, and count it, later
	 */
	done(accepted: boolean, answered?: boolean): void;
}

export interface Limiter {
	/**
	 * Waits for a place in the window: first come, first served within an owner; owners take turns,
	 * so that a run of one item doesn't wait behind a run of thousands.
	 *
	 * @param owner what the turn belongs to (a node's run)
	 * @param signal the execution's cancel signal
	 * @param urgent before the owner's requests that are not: for one that was sent before
	 * @throws PlivoFailure of kind `cancelled`
	 */
	acquire(owner: object, signal?: AbortSignal, urgent?: boolean): Promise<Slot>;
	/** How many requests Plivo has answered with anything but 429: whether the account makes progress. */
	accepted(): number;
	/** No request of the account leaves for so many milliseconds: what a `Retry-After` asks for. */
	holdBack(ms: number): void;
	/** Whether requests wait or are under way. */
	isBusy(): boolean;
}

interface Waiting {
	readonly urgent: boolean;
	grant(): void;
}

interface Taken {
	readonly owner: object;
	takenAt: number;
	answeredAt?: number;
	accepted?: boolean;
}

const now = () => performance.now();

/** When a place is free again: a window after the latest moment at which Plivo can have counted it. */
function freeAt(taken: Taken): number {
	const latest = taken.takenAt + COUNTED_WITHIN_MS;
	return Math.min(taken.answeredAt ?? latest, latest) + WINDOW_MS;
}

/**
 * How many requests a window this process may send. Other programs may use the same account unseen. A 429 shows
 * that they do: the allowance then sinks towards the share of this window's requests that Plivo did accept, and
 * wins back more with each window that goes well. The same gain for all and a loss in proportion make equal shares.
 */
function createAllowance() {
	let learnt = { requests: WINDOW_REQUESTS, at: now() };
	let sharing: { since: number; base: number } | undefined;

	function current(): number {
		const windows = (now() - learnt.at) / WINDOW_MS;
		const gain = FIRST_GAIN * (2 ** windows - 1);
		return Math.min(WINDOW_REQUESTS, Math.floor(learnt.requests + gain));
	}

	/** @param taken the places of the window, with the one whose answer has just come */
	function learn(place: Taken, taken: readonly Taken[]) {
		if (place.accepted && !sharing) return;
		if (place.accepted === false && !(sharing && place.takenAt < sharing.since + WINDOW_MS)) {
			sharing = { since: place.takenAt, base: current() };
		}
		if (!sharing || place.takenAt > sharing.since + WINDOW_MS) return;
		const from = sharing.since - BURST_MS;
		const answered = taken.filter((t) => t.accepted !== undefined && t.takenAt >= from);
		const share = answered.filter((t) => t.accepted).length / Math.max(1, answered.length);
		const left = sharing.base * Math.max(1 - GREATEST_LOSS, share);
		learnt = { requests: Math.max(MIN_ALLOWANCE, left), at: now() };
	}

	return { current, learn };
}

/** The places of the window, and those of them that are under way. */
function createPlaces() {
	const allowance = createAllowance();
	let taken: Taken[] = [];
	/** By owner. */
	const inFlight = new Map<object, number>();
	let acceptedCount = 0;

	/** When the next place is free, where none is now. */
	function fullUntil(): number | undefined {
		if (taken.length < allowance.current()) return undefined;
		taken = taken.filter((place) => freeAt(place) > now());
		return taken.length < allowance.current() ? undefined : Math.min(...taken.map(freeAt));
	}

	/** How many requests of each owner may be under way: owners share alike. */
	function shareOfEach(waiting: Iterable<object>): number {
		const owners = new Set([...waiting, ...inFlight.keys()]).size;
		return Math.ceil((allowance.current() * IN_FLIGHT) / Math.max(1, owners));
	}

	function take(owner: object): Taken {
		const place: Taken = { owner, takenAt: now() };
		taken.push(place);
		inFlight.set(owner, (inFlight.get(owner) ?? 0) + 1);
		return place;
	}

	function giveBack(place: Taken, accepted: boolean, answered: boolean) {
		const left = (inFlight.get(place.owner) ?? 1) - 1;
		if (left > 0) inFlight.set(place.owner, left);
		else inFlight.delete(place.owner);
		if (answered) place.answeredAt = now();
		place.accepted = accepted;
		if (accepted) acceptedCount++;
		allowance.learn(place, taken);
	}

	return {
		fullUntil,
		shareOfEach,
		take,
		giveBack,
		inFlightOf: (owner: object) => inFlight.get(owner) ?? 0,
		anyInFlight: () => inFlight.size > 0,
		accepted: () => acceptedCount,
	};
}

/** Those who wait for a place. */
interface Queues {
	readonly places: ReturnType<typeof createPlaces>;
	/** By owner, in the order of their turns. */
	readonly byOwner: Map<object, Waiting[]>;
	/** No request leaves before, by `performance.now()`; nor is the queue looked at again before `nextWake`. */
	heldUntil: number;
	nextWake: number;
}

function wakeAt(queues: Queues, time: number): void {
	if (time >= queues.nextWake) return;
	queues.nextWake = time;
	void sleep(Math.max(1, Math.ceil(time - now()))).then(() => {
		if (queues.nextWake === time) queues.nextWake = Infinity;
		serve(queues);
	});
}

function serve(queues: Queues): void {
	const { places, byOwner } = queues;
	const share = places.shareOfEach(byOwner.keys());
	for (const [owner, queue] of byOwner) {
		if (places.inFlightOf(owner) >= share) continue;
		if (now() < queues.heldUntil) return wakeAt(queues, queues.heldUntil);
		const fullUntil = places.fullUntil();
		if (fullUntil !== undefined) return wakeAt(queues, fullUntil);
		queue.shift()?.grant();
		// Behind the others: a Map is walked in the order of insertion, also in what is added meanwhile.
		byOwner.delete(owner);
		if (queue.length > 0) byOwner.set(owner, queue);
	}
}

async function waitForPlace(
	queues: Queues,
	owner: object,
	signal: AbortSignal | undefined,
	urgent: boolean,
): Promise<Taken> {
	const { places, byOwner } = queues;
	return await new Promise<Taken>((resolve, reject) => {
		if (signal?.aborted) return reject(cancelled());
		const queue = byOwner.get(owner) ?? [];
		const waiting: Waiting = {
			urgent,
			grant() {
				takeBack();
				resolve(places.take(owner));
			},
		};
		const takeBack = onStop(signal, () => {
			queue.splice(queue.indexOf(waiting), 1);
			if (queue.length === 0) byOwner.delete(owner);
			reject(cancelled());
			// Its share is the others' now, once those that are stopped with it are gone.
			void Promise.resolve().then(() => serve(queues));
		});
		const firstOther = urgent ? queue.findIndex((other) => !other.urgent) : -1;
		queue.splice(firstOther < 0 ? queue.length : firstOther, 0, waiting);
		byOwner.set(owner, queue);
		serve(queues);
	});
}

/** The rate limiter of one account: a sliding window over what Plivo has counted. */
export function createLimiter(): Limiter {
	const places = createPlaces();
	const queues: Queues = { places, byOwner: new Map(), heldUntil: 0, nextWake: Infinity };
	return {
		async acquire(owner, signal, urgent = false) {
			const place = await waitForPlace(queues, owner, signal, urgent);
			// The grant may have come in a busy moment, long before this line runs.
			place.takenAt = now();
			return {
				done(accepted, answered = true) {
					places.giveBack(place, accepted, answered);
					serve(queues);
				},
			};
		},
		accepted: places.accepted,
		isBusy: () => queues.byOwner.size > 0 || places.anyInFlight(),
		holdBack(ms) {
			queues.heldUntil = Math.max(queues.heldUntil, now() + ms);
		},
	};
}
