import type { Issuer } from '../../issuers/issuer.js';
import { numberOf } from '../../shared/object-number.js';
import { keyOf } from './digest-table.js';

/** What decisions about a token may be found by; `ofTenant`: where its registration is for many tenants. */
export type DigestName = 'token' | 'session' | 'subject' | 'client' | 'clientOfTenant' | 'issuer' | 'issuerOfTenant';

/** Stands for the digest of a claim that the token does not have: no decision can be found by it. */
const NONE = '';

/** So many bytes may be kept for one token: seven digests, and the object around them. */
export const TOKEN_DIGESTS_BYTES = 512;

/**
 * Kept beside a remembered token, so that checking it again for revocations costs little. It holds the digests under which decisions about
 * the token would be stored, which saves hashing; and the state of the list at which none was found, which saves the search until
 * something new is revoked. It is not a verdict: when anything changes that could matter, the list is searched again.
 */
export class TokenDigests {
  private issuer = 0;
  private keys: Partial<Record<DigestName, string>> = {};
  private clearGeneration = -1;
  private clearSeconds = 0;

  /** From now on this is about a token of `issuer` as it is registered now. Other names of claims, or another tenant, make other digests. */
  belongTo(issuer: Issuer): void {
    const number = numberOf(issuer);
    if (number === this.issuer) return;
    this.issuer = number;
    this.keys = {};
    this.clearGeneration = -1;
  }

  /** Whether this digest was looked for before. */
  has(name: DigestName): boolean {
    return this.keys[name] !== undefined;
  }

  /** @returns `keyOf` the digest; `undefined` where the token does not say what it would be made of */
  get(name: DigestName): string | undefined {
    const key = this.keys[name];
    return key === NONE ? undefined : key;
  }

  set(name: DigestName, digest: Buffer | undefined): void {
    this.keys[name] = digest ? keyOf(digest) : NONE;
  }

  /** Nothing that is revoked now concerns the token. */
  setClear(generation: number, nowSeconds: number): void {
    this.clearGeneration = generation;
    this.clearSeconds = nowSeconds;
  }

  /**
   * Whether nothing concerns the token for certain: nothing was revoked since it was last searched. Time only ends decisions; but a clock
   * that was put back makes them hold again.
   */
  isClear(generation: number, nowSeconds: number): boolean {
    return generation === this.clearGeneration && nowSeconds >= this.clearSeconds;
  }
}
