/** A JSON scalar that a rule compares with, exactly and without conversion: `'10'` is not `10`. */
export type ClaimScalar = string | number | boolean;

/**
 * One rule for one claim, with exactly one comparison. The claim's name is literal: `kubernetes.io` and
 * `https://example.com/tenant` are names, not paths. A claim that is absent satisfies no rule.
 */
export interface ClaimRule {
  readonly claim: string;
  readonly equals?: ClaimScalar | undefined;
  readonly oneOf?: readonly ClaimScalar[] | undefined;
  /** The claim is this value, or an array with it; `scope` and `scp` are also split at spaces. */
  readonly contains?: ClaimScalar | undefined;
  readonly containsAny?: readonly ClaimScalar[] | undefined;
  readonly startsWith?: string | undefined;
}

/** What an issuer's registration says about the claims of its tokens. All times in seconds. */
export interface ClaimTerms {
  /** Leeway for clocks that differ, 0 to {@link MAX_CLOCK_TOLERANCE_SECONDS} (RFC 7519 §4.1.4). */
  readonly clockToleranceSeconds: number;
  /** Longest `exp - iat`, or `exp - now` where `iat` is absent; also the greatest age of a token without `exp`. */
  readonly maxLifetimeSeconds: number;
  /** `aud` must name one of these, exactly; `any` has to be written out. */
  readonly audiences: ReadonlySet<string> | 'any';
  /** Claims that must be present, not null and not empty. */
  readonly requiredClaims?: readonly string[];
  /** All must hold. */
  readonly rules?: readonly ClaimRule[];
  /** `false` accepts a token without `exp` by its age (decision D-08). Default: `true`. */
  readonly requireExpiry?: boolean;
  /** Accepts ID tokens as access tokens (decision D-10). Default: `false`. */
  readonly allowIdTokens?: boolean;
  /** The whole of RFC 9068 instead of what is common to all access tokens (decision D-11). Default: `false`. */
  readonly strictAccessTokenProfile?: boolean;
}

/** "A few minutes" of RFC 7519 §4.1.4; more would only extend the life of stolen tokens. */
export const MAX_CLOCK_TOLERANCE_SECONDS = 300;
