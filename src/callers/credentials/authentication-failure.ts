/** A verdict, not an error: the credentials that were presented do not prove who is asking. */
export class AuthenticationFailure {
  /**
   * @param detail for operators; a constant sentence, never anything that was presented
   * @param caller id of the registered caller that the credentials name, where they name one
   */
  constructor(
    readonly detail: string,
    readonly caller?: string,
  ) {}
}
