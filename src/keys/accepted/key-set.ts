import type { Algorithm } from '../../tokens/algorithms.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { MAX_CANDIDATE_KEYS } from '../../tokens/verify-signature.js';

/** A key with the end of its acceptance, on this process's monotonic clock. */
export interface AcceptedKey {
  readonly key: VerificationKey;
  readonly untilMs: number;
}

/** The keys of one issuer. Immutable: a newer set replaces it as a whole. */
export class KeySet {
  private readonly byKid: ReadonlyMap<string | undefined, readonly AcceptedKey[]>;

  /** @param allowKidless whether a key without `kid` answers to a token that names one; PEM files need it, and some libraries */
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
    const live = named.filter(({ key, untilMs }) => nowMs < untilMs && key.verifiers.has(alg)).map(({ key }) => key);
    const fitting = live.length > 1 ? withoutRepeated(live) : live;
    if (fitting.length <= MAX_CANDIDATE_KEYS) return fitting;
    return kid === undefined ? [] : fitting.slice(0, MAX_CANDIDATE_KEYS);
  }

  /** Whether a key of this thumbprint is accepted, under whatever name. */
  holds(thumbprint: string, nowMs: number): boolean {
    return this.keys.some(({ key, untilMs }) => key.thumbprint === thumbprint && nowMs < untilMs);
  }

  /** Whether the token names a key that is there, so that another fetch from the issuer could not help it. */
  names({ kid }: JwtHeader, nowMs: number): boolean {
    return kid !== undefined && (this.byKid.get(kid) ?? []).some(({ untilMs }) => nowMs < untilMs);
  }

  /** The key of this set that is no other than `key`, by its identity, its name, its scope and its algorithms. */
  sameAs(other: VerificationKey): VerificationKey | undefined {
    const named = this.byKid.get(other.kid) ?? [];
    return named.find(({ key }) => isSameKey(key, other) && hasSameNames(key.verifiers, other.verifiers))?.key;
  }

  private kidless(): readonly AcceptedKey[] {
    return this.allowKidless ? (this.byKid.get(undefined) ?? []) : [];
  }
}

/**
 * Issuers may publish one key several times, under other names or none: it is one candidate, and costs one attempt.
 * @returns as many as decide something: one more than there may be candidates
 */
function withoutRepeated(keys: readonly VerificationKey[]): readonly VerificationKey[] {
  const different: VerificationKey[] = [];
  for (const key of keys) {
    if (!different.some((earlier) => isSameKey(earlier, key))) different.push(key);
    if (different.length > MAX_CANDIDATE_KEYS) break;
  }
  return different;
}

function isSameKey(one: VerificationKey, other: VerificationKey): boolean {
  return one.thumbprint === other.thumbprint && one.issuer === other.issuer;
}

function hasSameNames(ones: ReadonlyMap<Algorithm, unknown>, others: ReadonlyMap<Algorithm, unknown>): boolean {
  return ones.size === others.size && [...ones.keys()].every((name) => others.has(name));
}
