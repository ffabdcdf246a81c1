import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import { OnlyIssuer } from '../issuers/only-issuer.js';
import type { KeyResolver } from '../keys/key-resolver.js';
import type { KeyDenials } from '../revocation/key-denials.js';
import type { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from './good-token.js';
import { SignatureChecks, type SignatureChecker } from './signature-checks.js';
import { TokenVerifier } from './token-verifier.js';
import type { UnavailableBudget } from './unavailable-budget.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

/** What {@link StatementVerifier} works with. */
export interface StatementVerifierParts {
  readonly keys: KeyResolver;
  readonly claims: ClaimValidator;
  readonly denials: KeyDenials;
  readonly outages: UnavailableBudget;
  /** In characters. */
  readonly longestToken: number;
}

/** By what one kind of statement is judged, instead of by the rules for tokens of its issuer. */
export interface StatementTerms {
  /** Of its header, lower-case; `none` stands for an absent one. */
  readonly tokenTypes: ReadonlySet<string>;
  readonly policy: ClaimPolicy;
}

/** A JWT, and whose it has to be. */
export interface PresentedStatement {
  readonly compact: string;
  readonly issuer: Issuer;
  /** On whose behalf keys may be fetched. */
  readonly askerId: string;
  /** Checks its signature; left out: as those of tokens are checked, but not in their queue. */
  readonly signatures?: SignatureChecker;
}

/**
 * Verifies JWTs of one issuer that are no tokens, such as signals and signed answers, by the same steps as tokens: the keys of that issuer
 * and no other, its denials, and the same budget of fetches for keys that are unknown.
 */
export class StatementVerifier {
  private readonly checks = new SignatureChecks();
  /** Not remembered: each is meant to be sent once. */
  private readonly nothing = new VerifiedTokenCache(0);

  constructor(private readonly parts: StatementVerifierParts) {}

  /** @throws {KeysUnavailable} when we cannot know */
  async verify(
    { compact, issuer, askerId, signatures = this.checks }: PresentedStatement,
    { tokenTypes, policy }: StatementTerms,
  ): Promise<GoodToken | Rejection> {
    const { keys, claims, denials, outages, longestToken } = this.parts;
    const only = new OnlyIssuer({ ...issuer, tokenTypes });
    const asker = { idOf: () => askerId, refuse: () => undefined };
    const verifier = new TokenVerifier(only, keys, claims, denials, this.nothing, signatures, outages, longestToken);
    return verifier.verify(compact, () => policy, undefined, asker);
  }
}
