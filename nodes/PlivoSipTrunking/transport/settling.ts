/**
 * How long a request without an answer stays open: Plivo may still carry it out seconds later, and a
 * list may show a new record only seconds later. Both together are waited for before a create is sent
 * again, and before it is said that nothing was done.
 *
 * An object, so that tests can shorten the wait together with what they wait for.
 */
export const settling = { ms: 6_000 };

/** When to look, as parts of the whole time, up to its end: most often the first look finds the record. */
export const LOOKS: readonly number[] = [0, 0.08, 0.25, 0.5, 1];
