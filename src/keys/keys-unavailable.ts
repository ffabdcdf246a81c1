/**
 * We cannot know: the issuer is registered, its keys are needed, and there are none that we may still trust.
 * Becomes 503 with `Retry-After`, never `active: false`.
 */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';

  /**
   * @param issuerId the registered short id
   * @param retryAfterSeconds when asking again makes sense, at least 1
   */
  constructor(
    readonly issuerId: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super('keys of the issuer are not available', options);
  }
}
