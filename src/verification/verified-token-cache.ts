import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { freezeJson } from '../shared/freeze-json.js';
import { MAX_TOKEN_LENGTH } from '../tokens/parse-jwt.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { bytesOf } from './bytes-of-token.js';
import { RememberedJwt } from './remembered-jwt.js';

/** How much use the cache is. Counts since the start of the process. */
export interface CacheUsage {
  /** Tokens that were remembered. */
  readonly hits: number;
  /** Tokens that were not. Nothing is counted while the cache is off. */
  readonly misses: number;
  /** Tokens that are remembered now. */
  readonly entries: number;
  /** What they occupy, in bytes, estimated from above. */
  readonly bytes: number;
  /** What they may occupy, in bytes; 0 = off. */
  readonly limitBytes: number;
}

/**
 * Remembers which key signed which token, so that a token that comes again costs no cryptography. What is remembered is
 * arithmetic: that these octets carry a good signature by the key with this thumbprint. It is true for ever, whoever asks and
 * whatever is configured, and it is no verdict. So nothing here is ever invalidated, and everything that can change is asked
 * again each time: the issuer's registration, whether the key is accepted and not denied, the claims and the time.
 *
 * An entry is found by SHA-256 of the whole token, never of a part of it such as its signature, and holds neither the token nor
 * its signature. Only tokens that were found good get in, so that no stream of bad ones can push them out.
 */
export class VerifiedTokenCache {
  private entries: LRUCache<string, VerifiedJwt> | undefined;
  private limitBytes = 0;
  private hits = 0;
  private misses = 0;

  /** @param limitBytes 0 = remember nothing */
  constructor(limitBytes: number) {
    this.limit(limitBytes);
  }

  /** From now on no more than this is held. A new bound begins with nothing. */
  limit(limitBytes: number): void {
    if (limitBytes === this.limitBytes) return;
    this.limitBytes = limitBytes;
    this.entries = limitBytes > 0 ? new LRUCache({ maxSize: limitBytes }) : undefined;
  }

  /** @returns `undefined` where this very token, octet for octet, is not remembered */
  find(token: string): RememberedJwt | undefined {
    // A longer one is refused unread: not even a digest is spent on it.
    if (!this.entries || token.length > MAX_TOKEN_LENGTH) return undefined;
    const verified = this.entries.get(keyOf(token));
    if (verified) this.hits++;
    else this.misses++;
    return verified && new RememberedJwt(token, verified);
  }

  /** @param verified what the signature check made of `token`; from now on nobody can change it */
  remember(token: string, verified: VerifiedJwt): void {
    if (!this.entries) return;
    freezeJson(verified.claims);
    Object.freeze(verified.header);
    this.entries.set(keyOf(token), Object.freeze(verified), { size: bytesOf(token, verified) });
  }

  usage(): CacheUsage {
    const { hits, misses, limitBytes, entries } = this;
    return { hits, misses, entries: entries?.size ?? 0, bytes: entries?.calculatedSize ?? 0, limitBytes };
  }
}

/**
 * Of the text as UTF-8. A text that is no UTF-8 shares its digest with another one that is not ASCII either, and so with no
 * token that was ever verified.
 */
function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
