import fc from 'fast-check';

/**
 * fast-check with a fixed seed, so that a change is judged by the same examples as the one before it.
 * `FC_SEED=$RANDOM npm test` looks at others, as the nightly run does; a failing one prints its seed.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_126) });

export default fc;
