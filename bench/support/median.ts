/** The median of the values; NaN if there are none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** `share` 0.99: the value that 99 % do not exceed. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};
