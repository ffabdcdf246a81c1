import type { Algorithm } from '../../tokens/algorithms.js';
import { readJwk } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { MAX_CANDIDATE_KEYS } from '../../tokens/verify-signature.js';
import { isAcceptable, type KeyRecord } from '../record/key-record.js';
import type { KeyTiming } from '../key-timing.js';

/** A key with the end of its acceptance, on this process's monotonic clock. */
export interface AcceptedKey {
  readonly key: VerificationKey;
  readonly untilMs: number;
}

/** The keys of one issuer. Immutable: a newer set replaces it as a whole. */
export class KeySet {
  private readonly byKid: ReadonlyMap<string | undefined, readonly AcceptedKey[]>;

  /** @param allowKidless whether a key without `kid` answers to a token that names one; only PEM needs it */
  constructor(
    private readonly keys: readonly AcceptedKey[],
    private readonly allowKidless = false,
  ) {
    this.byKid = Map.groupBy(keys, ({ key }) => key.kid);
  }

  get size(): number {
    return this.keys.length;
  }

  /**
   * Keys that may have signed a token with this header, at most four. A token that names a key never falls back to
   * another one; a token that names none fits only where the choice is small (R7517-08).
   * @param nowMs monotonic time
   */
  candidates({ kid, alg }: JwtHeader, nowMs: number): readonly VerificationKey[] {
    const named = kid === undefined ? this.keys : (this.byKid.get(kid) ?? this.kidless());
    const fitting = named.filter(({ key, untilMs }) => nowMs < untilMs && key.verifiers.has(alg)).map(({ key }) => key);
    if (kid === undefined && fitting.length > MAX_CANDIDATE_KEYS) return [];
    return fitting.slice(0, MAX_CANDIDATE_KEYS);
  }

  /** Whether the token names a key that is there, so that another fetch from the issuer could not help it. */
  names({ kid }: JwtHeader, nowMs: number): boolean {
    return kid !== undefined && (this.byKid.get(kid) ?? []).some(({ untilMs }) => nowMs < untilMs);
  }

  /** The key of this set that is no other than `key`, by its identity, its name and its algorithms. */
  sameAs({ kid, thumbprint, verifiers }: VerificationKey): VerificationKey | undefined {
    const named = this.byKid.get(kid) ?? [];
    return named.find(({ key }) => key.thumbprint === thumbprint && hasSameNames(key.verifiers, verifiers))?.key;
  }

  private kidless(): readonly AcceptedKey[] {
    return this.allowKidless ? (this.byKid.get(undefined) ?? []) : [];
  }
}

function hasSameNames(ones: ReadonlyMap<Algorithm, unknown>, others: ReadonlyMap<Algorithm, unknown>): boolean {
  return ones.size === others.size && [...ones.keys()].every((name) => others.has(name));
}

/** What a record is compiled with. */
export interface CompileTerms {
  readonly algorithms: ReadonlySet<Algorithm>;
  readonly timing: KeyTiming;
  /** Monotonic time minus the store's time. */
  readonly offsetMs: number;
}

/**
 * The acceptable keys of a record.
 * @param before the set that this one replaces: what was imported for it need not be imported again
 */
export function compileKeySet(record: KeyRecord, terms: CompileTerms, before?: KeySet): KeySet {
  const { algorithms, timing, offsetMs } = terms;
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
  return new KeySet(accepted);
}
