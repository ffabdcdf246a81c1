// What must be large enough for a token, at every endpoint: all of it follows from `server.limits.token`.

/** Longest token that is read where nothing else is configured, in bytes: more than most issuers write. */
export const DEFAULT_TOKEN_BYTES = 16 * 1024;

/** Longest token that can be configured, in bytes: what is larger belongs into a claim that names where it is. */
export const MOST_TOKEN_BYTES = 64 * 1024;

/** Room beside the token for the rest: other header lines, credentials, JSON around it. In bytes. */
const ROOM_BYTES = 16 * 1024;

/** Most members of all objects in the claims of the longest token by default: one for each 16 characters. */
const DEFAULT_MEMBERS = 1000;

/** Most members of all objects in the claims of a token. @param tokenBytes longest token, in bytes */
export function claimMembersFor(tokenBytes: number): number {
  return Math.max(DEFAULT_MEMBERS, Math.floor((DEFAULT_MEMBERS * tokenBytes) / DEFAULT_TOKEN_BYTES));
}

/** Sizes in bytes. */
export interface TokenSizes {
  /** Longest body and longest gRPC message: the token, a client assertion of the same length, and room for both. */
  readonly bodyBytes: number;
  /** All header lines of one request: the token, as `/authorize` gets it, and room. */
  readonly headerBytes: number;
  /** Least that ext_authz must take: the head of a request has the token, its path twice, and other headers. */
  readonly leastExtAuthzBytes: number;
}

/** @param tokenBytes longest token; it is ASCII, so these are characters, too */
export function sizesFor(tokenBytes: number): TokenSizes {
  return {
    bodyBytes: 2 * (tokenBytes + ROOM_BYTES),
    headerBytes: tokenBytes + ROOM_BYTES,
    leastExtAuthzBytes: tokenBytes + 3 * ROOM_BYTES,
  };
}
