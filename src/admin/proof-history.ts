import type { KeyFreshness } from '../keys/accepted/key-freshness.js';
import type { Clock } from '../shared/clock.js';

/** Proofs of one issuer that are remembered besides the latest: an hour, where keys are fetched every five minutes. */
export const MOST_PROOFS = 12;

/** Two times of the same proof may differ by so much, in milliseconds: those of shared records are read on two clocks. */
const SAME_MS = 2_000;

/**
 * When the keys of each issuer were proven published, as far back as a few fetches. That is the age of the keys at every moment since
 * then, whoever asks for it, and however late.
 */
export class ProofHistory {
  /** Monotonic times, the latest first, by issuer. */
  private provenAtMs = new Map<string, readonly number[]>();

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {}

  /** Takes the present state of all issuers; those that are not among them are forgotten. */
  note(all: readonly Pick<KeyFreshness, 'issuerId' | 'ageMs'>[]): void {
    const nowMs = this.clock.monoMs();
    this.provenAtMs = new Map(
      all.map(({ issuerId, ageMs }) => [issuerId, withProof(this.provenAtMs.get(issuerId) ?? [], nowMs, ageMs)]),
    );
  }

  /** How long ago its keys were proven before the latest proof, in whole seconds, the latest first. */
  earlierAgoS(issuerId: string): readonly number[] {
    const nowMs = this.clock.monoMs();
    return (this.provenAtMs.get(issuerId) ?? []).slice(1).map((atMs) => Math.round((nowMs - atMs) / 1_000));
  }
}

/** Keys of the configuration are never proven, and never older than nothing. */
function withProof(known: readonly number[], nowMs: number, ageMs: number | undefined): readonly number[] {
  if (ageMs === undefined || ageMs === 0) return known;
  const atMs = nowMs - ageMs;
  const [latest = -Infinity] = known;
  return atMs <= latest + SAME_MS ? known : [atMs, ...known].slice(0, MOST_PROOFS + 1);
}
