import { UnprovenSignatures } from '../callers/limits/unproven-signatures.js';
import type { Issuer } from '../issuers/issuer.js';
import type { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import type { StatementTerms, StatementVerifier } from '../verification/statement-verifier.js';

/** What is to be judged. */
export interface PresentedSignal {
  readonly compact: string;
  /** Id of the signal at whose URL it was presented. */
  readonly signal: string;
  readonly issuer: Issuer;
  /** Where the request comes from. */
  readonly source: string;
}

/** Verifies what providers send about sessions. Anybody may send it, so signatures wait in a queue of their own, where sources take turns. */
export class SignalVerifier {
  private readonly signatures = new UnprovenSignatures();

  constructor(private readonly statements: Pick<StatementVerifier, 'verify'>) {}

  /**
   * @throws {KeysUnavailable} when we cannot know
   * @throws {OAuthError} 503 where too many signatures wait to be checked
   */
  verify({ compact, signal, issuer, source }: PresentedSignal, terms: StatementTerms): Promise<GoodToken | Rejection> {
    const signatures = this.signatures.from(source, () => signal);
    return this.statements.verify({ compact, issuer, askerId: `signal:${signal}`, signatures }, terms);
  }
}
