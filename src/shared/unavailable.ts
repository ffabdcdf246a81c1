/**
 * We cannot know now, and may know later: an outage, never a verdict. Becomes 503 with `Retry-After` over HTTP and
 * `UNAVAILABLE` over gRPC. The message is a constant sentence for operators.
 */
export abstract class Unavailable extends Error {
  /**
   * @param message constant, for the log
   * @param issuerId short id of the issuer that the request was about
   * @param retryAfterSeconds when asking again makes sense, at least 1
   */
  constructor(
    message: string,
    readonly issuerId: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
