/** The value in the middle; of an even number of values, the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The median of what each round gives: noise that lasts longer than a round is in both of its measurements. */
export function medianRatio(ones: readonly number[], others: readonly number[]): number {
  return median(ratiosOf(ones, others));
}

/** What each round gives. */
export function ratiosOf(ones: readonly number[], others: readonly number[]): readonly number[] {
  return ones.map((one, i) => one / (others[i] ?? NaN));
}

/** The value below which this share of all values is. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
