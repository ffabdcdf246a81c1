/** What a route of the public listener reads as its body, where that is not the form that most of them read. */
export interface RouteBody {
  /** Content type, for the client that sends another. */
  readonly type: string;
  /** Whether a body with this `Content-Type` is one. */
  readonly takes: (contentType: string) => boolean;
  /** @throws {OAuthError} */
  readonly parse: (body: Buffer, contentType: string) => unknown;
}
