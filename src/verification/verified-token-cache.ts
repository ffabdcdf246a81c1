import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { TOKEN_DIGESTS_BYTES, TokenDigests } from '../revocation/tokens/token-digests.js';
import { freezeJson, isJsonArray, isJsonObject, type JsonValue } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { PassedChecks } from './passed-checks.js';
import { RememberedJwt, type Remembered } from './remembered-jwt.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

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
 * again each time: the issuer's registration, whether the key is accepted and not denied, and the time. What the token has passed that
 * cannot change is kept beside that (passed-checks.ts).
 *
 * The last answer about a token may be kept, too (prepared-answer.ts). It is given only after all of this was asked.
 *
 * An entry is found by SHA-256 of the whole token, never of a part of it such as its signature, and holds neither the token nor
 * its signature. Only tokens that were found good get in, so that no stream of bad ones can push them out.
 */
export class VerifiedTokenCache {
  private entries: LRUCache<string, Remembered> | undefined;
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
    if (!this.entries) return undefined;
    const key = keyOf(token);
    const remembered = this.entries.get(key);
    if (remembered) this.hits++;
    else this.misses++;
    if (!remembered) return undefined;
    return new RememberedJwt(token, remembered, (answer) => {
      this.hold(key, { ...remembered, answer });
    });
  }

  /**
   * @param verified what the signature check made of `token`; from now on nobody can change it
   * @param digests what decisions about the token are found by
   */
  remember(token: string, verified: VerifiedJwt, digests = new TokenDigests()): void {
    if (!this.entries) return;
    freezeJson(verified.claims);
    Object.freeze(verified.header);
    const bytes = bytesOf(token, verified);
    const passed = new PassedChecks();
    this.hold(keyOf(token), { verified: Object.freeze(verified), digests, passed, bytes, answer: undefined });
  }

  /** Always another object than before: that of which the size has changed would keep its old one. */
  private hold(key: string, remembered: Remembered): void {
    const { bytes, answer } = remembered;
    this.entries?.set(key, remembered, { size: bytes + (answer?.bytes ?? 0) });
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

const names = [
  'assay_verified_token_cache_lookups_total',
  'assay_verified_token_cache_entries',
  'assay_verified_token_cache_bytes',
  'assay_verified_token_cache_limit_bytes',
] as const;

/** Shows in the metrics how well tokens are remembered, and what that occupies. */
export function observeCache(metrics: Metrics, cache: VerifiedTokenCache): void {
  metrics.watch(names, (observe) => {
    const { hits, misses, entries, bytes, limitBytes } = cache.usage();
    observe('assay_verified_token_cache_lookups_total', hits, { result: 'hit' });
    observe('assay_verified_token_cache_lookups_total', misses, { result: 'miss' });
    observe('assay_verified_token_cache_entries', entries, {});
    observe('assay_verified_token_cache_bytes', bytes, {});
    observe('assay_verified_token_cache_limit_bytes', limitBytes, {});
  });
}

/** The digest, the list and the map that lead to an entry, the objects around its claims, and what revocations are found by. */
const ENTRY_BYTES = 704 + TOKEN_DIGESTS_BYTES;

/** One value: its slot, and its box or its head. */
const VALUE_BYTES = 48;

/** One member: its place in its object, and its part of the shape of that object, which no other object need have. */
const MEMBER_BYTES = 140;

/** An array, empty. */
const ARRAY_BYTES = 64;

/** An object, empty, and its shape. */
const OBJECT_BYTES = 128;

/** What it costs to remember a token, in bytes: rather too much than too little. Values are those of V8 on 64 bits. */
export function bytesOf(token: string, { claims }: VerifiedJwt): number {
  // Strings are cut out of the decoded payload and keep it alive; three octets of it are four characters of the token, and
  // one letter beyond Latin-1 makes each of its characters take two bytes.
  return ENTRY_BYTES + Math.ceil(1.5 * token.length) + bytesOfValue(claims);
}

/** What it costs to keep a value, in bytes: rather too much than too little. */
export function bytesOfValue(value: JsonValue | undefined): number {
  if (typeof value === 'string') return VALUE_BYTES + 2 * value.length;
  if (isJsonArray(value)) return value.reduce<number>((sum, member) => sum + bytesOfValue(member), ARRAY_BYTES);
  if (!isJsonObject(value)) return VALUE_BYTES;
  let sum = OBJECT_BYTES;
  for (const name in value) sum += MEMBER_BYTES + 2 * name.length + bytesOfValue(value[name]);
  return sum;
}
