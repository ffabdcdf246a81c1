/** Why an issuer could not be asked about a token, as one error with a category for metrics. */
import { KeyFetchFailure, type KeyFetchCategory } from '../keys/source/key-fetch-failure.js';
import { Unavailable } from '../shared/unavailable.js';

/** Ways in which a call fails before there is an answer to read: those of any fetch from an issuer. */
const transportCategories = [
  'timeout',
  'dns',
  'address_refused',
  'proxy',
  'connect',
  'tls',
  'redirect',
  'status_4xx',
  'status_5xx',
  'rate_limited',
  'status_other',
  'protocol',
  'oversize',
  'html',
  'json',
  'metadata',
  'internal',
] as const satisfies readonly KeyFetchCategory[];

/** Every way in which an issuer cannot be asked about a token. Closed, so that a metric label made from it is bounded. */
export const upstreamCategories = [
  ...transportCategories,
  'credentials_refused', // 401 or 403: it does not take us for its client
  'answer', // JSON, but no introspection response (RFC 7662 §2.2), or no TokenReview
  'unsigned', // an answer that nobody has signed, where signed ones are required (RFC 9701 §5)
  'signature', // a signed answer that is not by a key of the issuer, not for us, or old
  'keys_unavailable', // the keys that a signed answer would be checked with cannot be known
  'breaker_open', // not asked, because it failed again and again
  'overloaded', // not asked, because too many calls are under way
] as const;

/** One of {@link upstreamCategories}. */
export type UpstreamCategory = (typeof upstreamCategories)[number];

/** A call to an issuer about a token failed. It says nothing about the token. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';

  /**
   * @param category for programs
   * @param detail for operators; a constant sentence, never anything that was sent or received
   * @param retryAfterMs what the issuer asked for (RFC 9110 §10.2.3)
   */
  constructor(
    readonly category: UpstreamCategory,
    detail: string = category,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  /** `error` of the transport as a failure of the call. Its own text stays behind: it is not ours to repeat. */
  static of(error: unknown): UpstreamFailure {
    if (error instanceof UpstreamFailure) return error;
    const { category, detail, retryAfterMs } = KeyFetchFailure.of(error);
    const known = transportCategories.find((each) => each === category) ?? 'internal';
    return new UpstreamFailure(known, detail ?? known, retryAfterMs);
  }
}

/** In a word, what a call has failed with. */
export function upstreamCategoryOf(error: unknown): UpstreamCategory {
  return UpstreamFailure.of(error).category;
}

/** Longest time to wait that we pass on, in seconds. */
const LONGEST_WAIT_SECONDS = 30;

/** It is not known now whether a token is good: its issuer has to be asked, and gives no answer that can be used. */
export class UpstreamUnavailable extends Unavailable {
  override readonly name = 'UpstreamUnavailable';

  constructor(issuerId: string, failure: UpstreamFailure) {
    const seconds = Math.ceil((failure.retryAfterMs ?? 0) / 1_000);
    const wait = Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS);
    super(`the issuer of the token gave no answer: ${failure.category}`, issuerId, wait, { cause: failure });
  }
}
