import type { OnlineRow } from './online-row.js';

/** Clocks that differ by less judge tokens alike: a `Date` is a second long, and answers take their time. */
const CLOCKS_AGREE_MS = 5_000;

/** The clock of one issuer's server against ours. */
export interface ComparedClock {
  readonly id: string;
  /** How far it is ahead of ours, in milliseconds; negative where it is behind. */
  readonly aheadMs: number;
}

/**
 * Compares our clock with those of the issuers: whether a token has expired is judged by ours, and written by theirs. Of two
 * clocks nobody knows which one is wrong; of more, most are right.
 * @returns undefined where no issuer has said what time it is
 */
export function checkClock(clocks: readonly ComparedClock[]): OnlineRow | undefined {
  if (clocks.length === 0) return undefined;
  const middleMs = medianOf(clocks.map(({ aheadMs }) => aheadMs));
  const about = { kind: 'clock', id: '' } as const;
  if (clocks.length >= 3 && Math.abs(middleMs) > CLOCKS_AGREE_MS) {
    const found = `this machine is ${secondsOf(-middleMs)} those of ${clocks.length} issuers`;
    return { ...about, result: 'failed', found, remedy: 'set its clock, for example by NTP', facts: factsOf(middleMs) };
  }
  const apart = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) > CLOCKS_AGREE_MS);
  if (apart.length > 0) {
    const found = apart.map(({ id, aheadMs }) => `that of ${id} is ${secondsOf(aheadMs)} ours`).join('; ');
    const remedy = 'set the one that is wrong: tokens would be refused as expired, or as not valid yet';
    return { ...about, result: 'warning', found, remedy, facts: factsOf(middleMs) };
  }
  const whose = clocks.length === 1 ? 'that of one issuer' : `those of ${clocks.length} issuers`;
  return { ...about, result: 'good', found: `agrees with ${whose}`, facts: factsOf(middleMs) };
}

function factsOf(middleMs: number): Readonly<Record<string, unknown>> {
  return { issuersAheadSeconds: Math.round(middleMs / 100) / 10 };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function secondsOf(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return `${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}
