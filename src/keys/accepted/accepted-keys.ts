import type { Algorithm } from '../../tokens/algorithms.js';
import { readJwk } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import type { KeyTiming } from '../key-timing.js';
import { isAcceptable, type KeyRecord } from '../record/key-record.js';
import type { FreshnessState } from './key-freshness.js';
import { KeySet, type AcceptedKey } from './key-set.js';

/** A compiled set with its age. Immutable: only observations and time change what is accepted. */
export class AcceptedKeys {
  /**
   * @param observedMs monotonic time of the start of the fetch that proved the keys published
   * @param dueAfterMs age at which the next fetch is due, this replica's jitter included
   */
  constructor(
    readonly set: KeySet,
    readonly observedMs: number,
    readonly dueAfterMs: number,
  ) {}

  state(nowMs: number, timing: KeyTiming): Exclude<FreshnessState, 'COLD'> {
    const ageMs = nowMs - this.observedMs;
    if (ageMs >= timing.hardTtlMs) return 'EXPIRED';
    if (ageMs >= timing.degradedAfterMs) return 'STALE';
    return ageMs >= this.dueAfterMs ? 'DUE' : 'FRESH';
  }

  /** Whether the keys may still be trusted. Once they may not, they are not there (invariant I4). */
  areTrusted(nowMs: number, { hardTtlMs }: KeyTiming): boolean {
    return nowMs - this.observedMs < hardTtlMs;
  }
}

/** What a record is compiled with. */
export interface CompileTerms {
  readonly algorithms: ReadonlySet<Algorithm>;
  /** Whether keys without a name answer to any. */
  readonly allowKidless: boolean;
  readonly timing: KeyTiming;
  /** Monotonic time minus the store's time. */
  readonly offsetMs: number;
}

/**
 * The acceptable keys of a record.
 * @param before the set that this one replaces: what was imported for it need not be imported again
 */
export function compileKeySet(record: KeyRecord, terms: CompileTerms, before?: KeySet): KeySet {
  const { algorithms, allowKidless, timing, offsetMs } = terms;
  const accepted: AcceptedKey[] = [];
  for (const recorded of record.keys.filter(isAcceptable)) {
    const { state, lastSeenMs } = recorded;
    const evidenceUntilMs = lastSeenMs + timing.hardTtlMs;
    const untilMs =
      state.name === 'retiring' ? Math.min(state.sinceMs + timing.retireMaxMs, evidenceUntilMs) : evidenceUntilMs;
    for (const jwk of recorded.jwks) {
      const key = readJwk(jwk, algorithms);
      // The identity is computed again: what a store returns is checked, not believed.
      if (key instanceof JwkDefect || key.thumbprint !== recorded.thumbprint) continue;
      accepted.push({ key: before?.sameAs(key) ?? key, untilMs: untilMs + offsetMs });
    }
  }
  return new KeySet(accepted, allowKidless);
}
