import type { TokenDigests } from '../revocation/tokens/token-digests.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import type { JwtHeader, UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import {
  isFor,
  prepare,
  type AnswerFor,
  type AnswerForm,
  type PreparedAnswer,
  type PreparedAnswers,
} from './prepared-answer.js';
import { inScope } from './key-search.js';
import type { PassedChecks } from './passed-checks.js';

/** What is remembered of one token. */
export interface Remembered {
  readonly verified: VerifiedJwt;
  /** No verdict: what it remembers holds for certain, or is asked again. */
  readonly digests: TokenDigests;
  /** When it was last judged. */
  readonly passed: PassedChecks;
  /** What all of this costs but the answer, in bytes. */
  readonly bytes: number;
  /** The last one that was given, once the token has come again. */
  readonly answer: PreparedAnswer | undefined;
}

/**
 * A token of which is known already which key signed it. Whether that key may sign, now and for its issuer, nobody has
 * asked yet: until then it is as unverified as any other, and {@link signedByOneOf} is the only way on.
 */
export class RememberedJwt implements UnverifiedJwt, PreparedAnswers {
  /**
   * @param remembered what the signature check made of these very octets, and what is kept beside it
   * @param keep keeps an answer beside it
   */
  constructor(
    readonly compact: string,
    private readonly remembered: Remembered,
    private readonly keep: (answer: PreparedAnswer) => void,
  ) {}

  /** What decisions about the token are found by. */
  get digests(): TokenDigests {
    return this.remembered.digests;
  }

  /** What need not be checked again. */
  get passed(): PassedChecks {
    return this.remembered.passed;
  }

  get header(): JwtHeader {
    return this.remembered.verified.header;
  }

  get unverifiedIssuer(): string | undefined {
    return this.remembered.verified.claims['iss'] as string | undefined;
  }

  get unverifiedClaims(): JsonObject {
    return this.remembered.verified.claims;
  }

  /**
   * @param keys those of the issuer that may have signed a token with this header, as of now
   * @returns the verified token where the key that did sign it is one of them, for this `alg` (D10), and was published for such tokens; else
   *   `undefined`
   */
  signedByOneOf(keys: readonly VerificationKey[], issuer: Issuer): VerifiedJwt | undefined {
    const { header, keyThumbprint } = this.remembered.verified;
    const isAccepted = keys.some(
      (key) => key.thumbprint === keyThumbprint && key.verifiers.has(header.alg) && this.isInScope(key, issuer),
    );
    return isAccepted ? this.remembered.verified : undefined;
  }

  private isInScope(key: VerificationKey, issuer: Issuer): boolean {
    const { passed } = this.remembered;
    if (passed.isInScope(key, issuer)) return true;
    const isInScope = inScope([key], this, issuer).length > 0;
    if (isInScope) passed.putInScope(key, issuer);
    return isInScope;
  }

  answer<Subject extends AnswerFor, Form>(subject: Subject, form: AnswerForm<Subject, Form>): Form {
    const { answer } = this.remembered;
    if (answer && isFor(answer, subject, form)) return answer.written as Form;
    const prepared = prepare(subject, form);
    this.keep(prepared);
    return prepared.written;
  }
}
