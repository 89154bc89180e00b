/** The quantile of the values for a share from 0 to 1 (nearest rank); 0 if there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** The median of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Rounds a number to two decimals. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
