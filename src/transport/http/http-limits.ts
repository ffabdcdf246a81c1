import { DEFAULT_TOKEN_BYTES, sizesFor } from '../../shared/token-sizes.js';

/** Bounds on what a peer of an HTTP listener can make it hold. Times in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** Longest body that is read: a token near its own limit, an assertion, and room. */
  readonly bodyBytes: number;
  /** A body that no handler reads is read and dropped up to this size, so that its connection can be kept (RFC 9112 §9.3). */
  readonly unreadBytes: number;
  /** All header lines together with the request line: a token of full length, as `/authorize` gets it, and room. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Longest request target, in characters. */
  readonly targetLength: number;
  /** Until the last header line; a slow client needs no longer. */
  readonly headersMs: number;
  /** Until the last byte of the body. */
  readonly requestMs: number;
  /** An idle connection stays open: longer than the 60 s of the usual load balancers, so that it is they who close it. */
  readonly keepAliveMs: number;
  /** Longest silence of a peer in the middle of something: a slow reader, too. 0: however long it takes. */
  readonly silenceMs: number;
  /** How often the times until the last header line and the last byte are compared with the clock. */
  readonly checkMs: number;
  readonly connections: number;
}

/** Generous for any caller that means well. */
export const defaultHttpLimits: HttpLimits = {
  ...httpLimitsFor(DEFAULT_TOKEN_BYTES),
  unreadBytes: 1024 * 1024,
  headerCount: 100,
  targetLength: 4 * 1024,
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 75_000,
  silenceMs: 30_000,
  checkMs: 1_000,
  connections: 10_000,
};

/** The limits that follow from the longest token, `tokenBytes`. */
export function httpLimitsFor(tokenBytes: number): Pick<HttpLimits, 'bodyBytes' | 'headerBytes'> {
  const { bodyBytes, headerBytes } = sizesFor(tokenBytes);
  return { bodyBytes, headerBytes };
}
