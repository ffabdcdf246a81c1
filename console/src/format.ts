// How times and quantities read: short, and the same everywhere.

/** `4 s`, `12 min`, `3 h`, `5 d`. */
export function duration(seconds: number): string {
  const steps = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const;
  for (const [unit, size] of steps) if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${Math.max(0, Math.round(seconds))} s`;
}

/** Seconds from `at` to `nowMs`. */
export function secondsSince(at: string, nowMs = Date.now()): number {
  return (nowMs - Date.parse(at)) / 1_000;
}

/** `12 min ago`. */
export function ago(at: string): string {
  return `${duration(secondsSince(at))} ago`;
}

/** `in 12 min`, or `now`. */
export function ahead(at: string): string {
  const seconds = -secondsSince(at);
  return seconds <= 1 ? 'now' : `in ${duration(seconds)}`;
}

/** The date and the time of day in UTC, which everybody in an incident shares. */
export function clockTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** Of two clocks, where it is worth a word. @param aheadMs how far the other one is ahead, at least */
export function clockDifference(aheadMs: number): string {
  if (Math.abs(aheadMs) < 1_000) return 'clocks agree';
  return `its clock is ${duration(Math.abs(aheadMs) / 1_000)} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}

/** The first characters of a digest: enough to see that two differ. */
export function short(digest: string): string {
  return digest.slice(0, 10);
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}

/** `3 FRESH, 1 STALE`: how many are in which state. */
export function inStates(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([state, n]) => `${n.toLocaleString('en')} ${state}`)
    .join(', ');
}

/** `1 replica`, `2 replicas`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
