import fc from 'fast-check';

import { LONG } from './lane.mts';

/**
 * fast-check with a fixed seed, so that a change is judged by the same examples as the one before it.
 * `FC_SEED=$RANDOM npm run test:long` looks at others, as the nightly run does; a failing one prints its seed.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_126) });

/** So many examples are enough for `npm test`. */
const MOST = 300;

/** How many examples of a property to look at: in the long lane as many as given. */
export const runs = (numRuns: number): number => (LONG ? numRuns : Math.min(numRuns, MOST));

export default fc;
