import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import { UnprovenSignatures } from '../callers/limits/unproven-signatures.js';
import type { Issuer } from '../issuers/issuer.js';
import type { KeyResolver } from '../keys/key-resolver.js';
import type { KeyDenials } from '../revocation/key-denials.js';
import type { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import { SignatureChecks } from '../verification/signature-checks.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import type { UnavailableBudget } from '../verification/unavailable-budget.js';
import { VerifiedTokenCache } from '../verification/verified-token-cache.js';
import { OnlyIssuer } from '../issuers/only-issuer.js';

/** By what a JWT of one delivery is judged, instead of by the rules for tokens of its issuer. */
export interface SignalTerms {
  /** Of its header, lower-case; `none` stands for an absent one. */
  readonly tokenTypes: ReadonlySet<string>;
  readonly policy: ClaimPolicy;
}

/** What {@link SignalVerifier} works with. */
export interface SignalVerifierParts {
  readonly keys: KeyResolver;
  readonly claims: ClaimValidator;
  readonly denials: KeyDenials;
  readonly outages: UnavailableBudget;
  /** In characters. */
  readonly longestToken: number;
}

/** What is to be judged. */
export interface PresentedSignal {
  readonly compact: string;
  /** Id of the signal at whose URL it was presented. */
  readonly signal: string;
  readonly issuer: Issuer;
  /** Where the request comes from. */
  readonly source: string;
}

/**
 * Verifies what providers send about sessions, by the same steps as tokens: the same keys, the same budget of fetches for keys that are
 * unknown, the same denials. Anybody may send one, so signatures wait in a queue of their own, where sources take turns.
 */
export class SignalVerifier {
  private readonly signatures = new UnprovenSignatures();
  private readonly checks = new SignatureChecks();
  /** Not remembered: each is meant to be sent once. */
  private readonly nothing = new VerifiedTokenCache(0);

  constructor(private readonly parts: SignalVerifierParts) {}

  /**
   * @throws {KeysUnavailable} when we cannot know
   * @throws {OAuthError} 503 where too many signatures wait to be checked
   */
  async verify(
    { compact, signal, issuer, source }: PresentedSignal,
    { tokenTypes, policy }: SignalTerms,
  ): Promise<GoodToken | Rejection> {
    const { keys, claims, denials, outages, longestToken } = this.parts;
    const only = new OnlyIssuer({ ...issuer, tokenTypes });
    const asker = { idOf: () => `signal:${signal}`, refuse: () => undefined };
    return new TokenVerifier(only, keys, claims, denials, this.nothing, this.checks, outages, longestToken)
      .checkingWith(this.signatures.from(source, () => signal))
      .verify(compact, () => policy, undefined, asker);
  }
}
