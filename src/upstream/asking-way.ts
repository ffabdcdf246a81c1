import type { Issuer } from '../issuers/issuer.js';
import type { OpaqueTerms } from '../issuers/opaque-terms.js';
import type { JsonObject } from '../shared/json-value.js';
import type { Said } from './read-answer.js';

/** An issuer that can be asked about its tokens. */
export type AskedIssuer = Issuer & { readonly opaque: OpaqueTerms };

/** Whether an issuer can be asked about any of its tokens. */
export function isAsked(issuer: Issuer): issuer is AskedIssuer {
  return issuer.opaque !== undefined;
}

/** A token that its issuer is asked about. */
export interface AskedToken {
  readonly token: string;
  /** What it says, where it is a JWT; believed only when its issuer calls it good. */
  readonly claims?: JsonObject;
}

/** One way to ask an issuer about a token: a single call, which knows no bounds but its signal. */
export interface AskingWay {
  /**
   * @param signal aborts, with a reason, when the time is over
   * @throws {UpstreamFailure} when there is no answer that can be believed
   */
  ask(asked: AskedToken, signal: AbortSignal): Promise<Said>;
  /** No further question follows. */
  close(): void;
}
