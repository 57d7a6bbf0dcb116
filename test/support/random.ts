/**
 * Numbers in [0, 1), reproducible for a seed: a linear congruential generator with the constants of Numerical
 * Recipes.
 */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
};
