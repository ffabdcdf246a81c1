/** The port of what publishes an issuer's keys: one fetch, and what came of it. */
import type { JsonObject } from '../../shared/json-value.js';
import type { KeySetAccount } from './key-set-account.js';

/** What an answer said about itself, to ask "still the same?" next time (RFC 9110 §13.1). */
export interface Validators {
  /** Where the answer came from; validators mean nothing elsewhere. */
  readonly url: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A usable key of a published set. */
export interface PublishedKey {
  readonly thumbprint: string;
  /** Public members only. */
  readonly jwk: JsonObject;
}

/** What is measured of an answer, and changes nothing. */
export interface AnswerSize {
  readonly bytes: number;
  /** How old the answer was already, by its `Age` (RFC 9111 §5.1); 0 where no cache was on the way. */
  readonly upstreamAgeMs: number;
}

/** What one fetch from an issuer saw. A `304` is an observation like a `200`. */
export type Observation = PublishedSet | UnchangedSet;

/** A well-formed key set; possibly without any usable key. */
export interface PublishedSet extends KeySetAccount {
  readonly kind: 'published';
  readonly keys: readonly PublishedKey[];
  /** Grows with each change of the set, where its publisher counts them. */
  readonly sequence?: number;
  /** Lifetime that the answer claims, in milliseconds (RFC 9111 §4.2); absent when it claims none. */
  readonly lifetimeMs?: number;
  readonly validators?: Validators;
  readonly size?: AnswerSize;
}

/** The set is the one that the validators came with. */
export interface UnchangedSet {
  readonly kind: 'unchanged';
  readonly lifetimeMs?: number;
  readonly validators?: Validators;
  readonly size?: AnswerSize;
}

/** The metadata of an issuer names another key set than before. URLs are masked: their queries may carry secrets. */
export interface KeySetMoved {
  readonly event: 'key_set_moved';
  /** The configured short id. */
  readonly issuerId: string;
  readonly from: string;
  readonly to: string;
}

/** Takes reports of what a source learns beside keys. */
export interface KeySourceEvents {
  report(event: KeySetMoved): void;
}

/** Where an issuer's keys are published. One fetch costs the issuer one request, or two with discovery. */
export abstract class KeySource {
  /**
   * Fetches once, without judging what it means.
   * @param known validators of the set that the asker still has
   * @param signal aborts when the time for this fetch is over
   * @throws {KeyFetchFailure} for everything but a well-formed set
   */
  abstract fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation>;
}
