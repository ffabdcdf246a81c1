import type { Issuer } from '../issuers/issuer.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import type { PreparedAnswers } from './prepared-answer.js';

/** A token that its issuer signed, or described when it was asked, and whose claims its policy accepts. */
export interface GoodToken {
  /** The registration whose key signed it, or that was asked: several may have the `iss` of the token. */
  readonly issuer: Issuer;
  readonly jwt: VouchedToken;
  /** Absent where it is not remembered. */
  readonly prepared?: PreparedAnswers | undefined;
}
