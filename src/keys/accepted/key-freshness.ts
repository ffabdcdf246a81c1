/** What an operator can know of the keys of an issuer: how far they may still be trusted, and since when. */
import { createHash } from 'node:crypto';
import { strengthOf, type KeyStrength } from '../../tokens/key-strength.js';
import type { KeyRecord, KeyState, RecordedKey } from '../record/key-record.js';
import type { EntryReport } from '../source/key-set-account.js';
import type { FetchPlace, KeyFetchCategory } from '../source/key-fetch-failure.js';

/**
 * How much an issuer's keys may still be trusted. COLD: none yet. FRESH: fetched lately. DUE: a fetch is due.
 * STALE: several fetches failed. EXPIRED: no proof for longer than `hardTtl`, nothing is accepted.
 */
export const freshnessStates = ['COLD', 'FRESH', 'DUE', 'STALE', 'EXPIRED'] as const;

/** See {@link freshnessStates}. */
export type FreshnessState = (typeof freshnessStates)[number];

/** One key as an operator sees it. Times are wall time, milliseconds since the epoch. */
export interface KeyView {
  readonly thumbprint: string;
  readonly kids: readonly string[];
  /** Issuers for whose tokens alone the key was published, where its set says so; it may have the placeholder of a tenant. */
  readonly issuers?: readonly string[];
  /** Absent where nobody can say. */
  readonly strength?: KeyStrength;
  readonly state: KeyState['name'];
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
}

/** The keys of one issuer as an operator sees them: attempts and successes apart. */
export interface KeyFreshness {
  readonly issuerId: string;
  readonly state: FreshnessState;
  /** Since the start of the fetch that proved the keys published; absent while COLD, 0 for keys of the configuration. */
  readonly ageMs?: number;
  /** Fence of the record; absent for keys of the configuration and while COLD. */
  readonly fence?: number;
  /** Which keys are accepted, in a few characters: replicas that agree show the same one. */
  readonly digest: string;
  readonly keys: readonly KeyView[];
  /** Wall time of the latest attempt, whatever came of it. */
  readonly attemptedAtMs?: number;
  /** Wall time of the latest fetch that succeeded. */
  readonly succeededAtMs?: number;
  readonly lastFailure?: { readonly category: KeyFetchCategory; readonly atMs: number } & Partial<FetchPlace>;
  /** Until the next scheduled fetch; absent for keys of the configuration. */
  readonly nextRefreshInMs?: number;
  /** How long no fetch is allowed; 0 where one is. */
  readonly blockedForMs: number;
  /** Entries of the latest set that this replica itself has got that are not used, and why; absent where it has got none. */
  readonly dropped?: readonly EntryReport[];
  /** Keys of that set that are used although something beside them is odd. */
  readonly doubted?: readonly EntryReport[];
  /** Keys that are gone, and would have to prove themselves. */
  readonly tombstones: number;
  /** Requests that wait for these keys now. */
  readonly waiting: number;
}

/** A key of a record as an operator sees it. @param behindMs wall time minus the times of the record */
export function viewOfKey(
  { thumbprint, jwks, state, firstSeenMs, lastSeenMs }: RecordedKey,
  behindMs: number,
): KeyView {
  const issuers = jwks.map(({ issuer }) => issuer).filter((issuer) => typeof issuer === 'string');
  const [jwk] = jwks;
  const strength = jwk && strengthOf(jwk);
  return {
    thumbprint,
    kids: jwks.map(({ kid }) => kid).filter((kid) => typeof kid === 'string'),
    ...(issuers.length > 0 && { issuers }),
    ...(strength && { strength }),
    state: state.name,
    firstSeenAtMs: firstSeenMs + behindMs,
    lastSeenAtMs: lastSeenMs + behindMs,
  };
}

/** SHA-256 over the thumbprints of the keys that are accepted, in an order of their own; the first 64 bits, base64url. */
export function digestOfKeys(keys: readonly Pick<KeyView, 'thumbprint' | 'state'>[]): string {
  const accepted = keys.filter(({ state }) => state !== 'returning').map(({ thumbprint }) => thumbprint);
  return createHash('sha256').update(accepted.sort().join(' ')).digest('base64url').slice(0, 11);
}

/** The same for the keys of a record. */
export function digestOfRecord({ keys }: Pick<KeyRecord, 'keys'>): string {
  return digestOfKeys(keys.map(({ thumbprint, state }) => ({ thumbprint, state: state.name })));
}
