/** Remembers which client assertions were used, so that none is used twice (RFC 7523 §3 item 7). */
export abstract class AssertionReplay {
  /**
   * Remembers `jti` of `clientId` until wall time `untilMs` (milliseconds since the epoch), when the assertion is no
   * longer accepted anyway.
   * @returns whether this was the first use
   * @throws {OAuthError} 503 when it cannot be remembered: then a second use could not be recognised
   */
  abstract use(clientId: string, jti: string, untilMs: number): Promise<boolean>;
}
