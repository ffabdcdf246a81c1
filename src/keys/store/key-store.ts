/** The port of the store that keeps key records and the budget of fetches, for one process or for all replicas. */
import type { KeyRecord } from '../record/key-record.js';
import type { KeyRecordDraft } from '../record/merge-key-sets.js';
import type { KeyTiming } from '../key-timing.js';

/**
 * What a fetch is for. `refresh` is the schedule's reserved lane and is refused while the record is
 * fresh; `confirm` fetches again although it is; `miss` is for an unknown key and has a budget of its own.
 */
export type FetchKind = 'refresh' | 'confirm' | 'miss';

/** A request to fetch, and what the asker has already. */
export interface FetchRequest {
  readonly kind: FetchKind;
  /** Fence of the record that the asker has; 0 for none. */
  readonly knownFence: number;
  /** Age from which the asker holds a record due. */
  readonly dueAfterMs: number;
  readonly timing: KeyTiming;
}

/**
 * A request to store what was fetched without the store. It is given a fence and nothing else: no fetch is paid for, no
 * other replica is kept out, and a failing issuer stays in its backoff.
 */
export interface PushRequest {
  readonly kind: 'push';
  /** Start of the fetch whose result is to be stored, on the store's clock. */
  readonly validatedAtMs: number;
}

export type AcquireRequest = FetchRequest | PushRequest;

/** Permission to fetch once. The slot is spent, whatever comes of it (defect D1). */
export interface FetchPermit {
  readonly verdict: 'GRANT';
  /** Orders this fetch among all others; also names the lease. */
  readonly fence: number;
  /** Fence of the record to merge into; 0 for none. */
  readonly baseFence: number;
  /** Now, on the store's clock: taken before the fetch, so that no age is ever too small. */
  readonly atMs: number;
  /** Given by this replica to itself: there is no store to share a budget in. */
  readonly isOwn?: boolean;
}

/** Not now; asking again makes sense after `retryInMs`. */
export interface FetchDenied {
  /**
   * `BUSY` another replica is fetching, `BACKOFF` the issuer failed, `SPACED` too soon after the latest fetch,
   * `FRESH` no fetch is due, `LIMITED` the budget for unknown keys is spent.
   */
  readonly verdict: 'BUSY' | 'BACKOFF' | 'SPACED' | 'FRESH' | 'LIMITED';
  readonly retryInMs: number;
}

/** Another replica has fetched already: load its record, of this fence or a later one. */
export interface Newer {
  readonly verdict: 'NEWER';
  readonly fence: number;
}

/** Only to a push: the record is of a fetch at least as young. */
export interface Older {
  readonly verdict: 'OLDER';
}

/** The answer to {@link KeyStore.acquire}. A push is `OLDER`, `BUSY` while a fetch, which is younger, is under way, or granted. */
export type AcquireVerdict = FetchPermit | FetchDenied | Newer | Older;

/** What a fetch became. */
export interface CommitRequest {
  readonly fence: number;
  readonly baseFence: number;
  readonly draft: KeyRecordDraft;
  readonly hardTtlMs: number;
}

/**
 * `OK` stored; `STALE` a later fetch was faster; `REBASE` the record is not the one that the merge started from;
 * `TOO_OLD` the observation has expired meanwhile.
 */
export type CommitVerdict = 'OK' | 'STALE' | 'REBASE' | 'TOO_OLD';

/** A permitted fetch has failed. */
export interface FailRequest {
  readonly fence: number;
  readonly timing: KeyTiming;
  /** The part of the issuer's `Retry-After` that is honoured. */
  readonly retryAfterMs?: number;
  /** We gave the fetch up, the issuer did nothing wrong: the lease ends, and there is no backoff. */
  readonly isAbandoned?: boolean;
}

/** A record with the store's time of reading it: the difference to its times is its age, wherever it is read. */
export interface LoadedRecord {
  readonly record: KeyRecord;
  readonly storeNowMs: number;
}

/**
 * Keeps what is known of each key source, and the budget of fetching. Every method is one atomic step. A source is named
 * by its fingerprint. An implementation shared between replicas makes them one client to the issuer.
 */
export abstract class KeyStore {
  /** The time of the store for this source: that of its records and permits. */
  abstract timeMs(source: string): Promise<number>;

  /**
   * The record as it is now.
   * @param leastFence fence of a record that is known to exist: a copy that lags behind it must not answer
   */
  abstract load(source: string, leastFence?: number): Promise<LoadedRecord | undefined>;

  /** Claims a fetch before it starts: every outcome of it is paid for. */
  abstract acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict>;

  /** Stores an observation. Ends the lease of its fetch, and with it any backoff; a push has no lease and ends neither. */
  abstract commit(source: string, request: CommitRequest): Promise<CommitVerdict>;

  /**
   * Ends the lease of a fetch without an observation. The record stays as it is; a fetch whose lease has been taken over
   * changes nothing at all.
   * @returns how long no fetch is allowed, in milliseconds
   */
  abstract fail(source: string, request: FailRequest): Promise<number>;
}
