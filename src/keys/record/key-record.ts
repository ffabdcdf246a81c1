/** What is known of one source of keys, as replicas share it. */
import type { JsonObject } from '../../shared/json-value.js';
import type { Validators } from '../source/key-source.js';

/**
 * The state of a recorded key: `active` keys are published; a `retiring` one was absent from the latest fetch and may be
 * gone; a `returning` one was removed before and has to prove itself. Times are those of the store's clock.
 */
export type KeyState =
  | { readonly name: 'active' }
  | { readonly name: 'retiring'; readonly sinceMs: number }
  | { readonly name: 'returning'; readonly sinceMs: number };

/** One key of an issuer. Its identity is the thumbprint; an issuer may publish it under several names (R7638-02). */
export interface RecordedKey {
  /** RFC 7638 SHA-256, base64url. */
  readonly thumbprint: string;
  /** Public members only. */
  readonly jwks: readonly JsonObject[];
  readonly state: KeyState;
  readonly firstSeenMs: number;
  /** Start of the latest fetch that saw the key published: the evidence that it lives on. */
  readonly lastSeenMs: number;
}

/** A key that was removed; it does not come back because one lagging edge still shows it. */
export interface Tombstone {
  readonly thumbprint: string;
  readonly removedAtMs: number;
}

/** Fetches in a row that found no usable key in a well-formed answer. */
export interface EmptyEvidence {
  readonly sinceMs: number;
  readonly latestMs: number;
  readonly fetches: number;
}

/**
 * What is known of one key source: plain data that a store keeps and replicas share. All times are milliseconds of the
 * store's clock, so that no replica's own clock matters.
 */
export interface KeyRecord {
  /** Grows with each commit: of two records, the one with the larger fence was stored later. */
  readonly fence: number;
  /** Start of the fetch that proved these keys published. Carried unchanged wherever the record goes. */
  readonly validatedAtMs: number;
  /** How long after that the next fetch is due. */
  readonly refreshAfterMs: number;
  readonly keys: readonly RecordedKey[];
  readonly tombstones: readonly Tombstone[];
  /** Of the publisher's own changes, where it counts them: a set with a lower one is an older set. */
  readonly sequence?: number;
  readonly emptyEvidence?: EmptyEvidence;
  readonly validators?: Validators;
}

/** Whether tokens may be verified with a key in this state. */
export function isAcceptable({ state }: RecordedKey): boolean {
  return state.name !== 'returning';
}
