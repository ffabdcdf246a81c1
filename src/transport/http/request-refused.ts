/** The request cannot be read, for a reason that its status says: filters make an answer of it in the manner of their listener. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';

  /** @param status HTTP status, 4xx */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
