import type { Clock } from '../shared/clock.js';
import type { Witness } from '../shared/witness.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import type { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { ClaimPolicy } from './claim-policy.js';
import type { ClaimStep } from './claim-check.js';

/** Holds the claims of a token to a policy at the present time. Policies take time as an argument; this class reads it from the clock. */
export class ClaimValidator {
  constructor(private readonly clock: Clock) {}

  /**
   * The first rule that refuses the token, or `undefined`.
   * @param witness is shown every rule, those behind the first refusal included
   */
  refuse(policy: ClaimPolicy, jwt: VouchedToken, witness?: Witness<ClaimStep>): Rejection | undefined {
    return policy.refuse(jwt, this.nowSeconds(), witness);
  }

  /** The same for a token that has passed this policy before, and has not changed since. */
  refuseAgain(policy: ClaimPolicy, jwt: VouchedToken): Rejection | undefined {
    const nowSeconds = this.nowSeconds();
    return policy.refuseAgain ? policy.refuseAgain(jwt, nowSeconds) : policy.refuse(jwt, nowSeconds);
  }

  /**
   * The same for a token that is not verified: why it could never pass, or `undefined` where it could. Only ever a reason
   * *not* to fetch keys for a token: it grants nothing.
   */
  refuseUnverified(policy: ClaimPolicy, jwt: UnverifiedJwt, witness?: Witness<ClaimStep>): Rejection | undefined {
    return policy.refuseUnverified(jwt, this.nowSeconds(), witness);
  }

  /** Wall time in seconds since the epoch, as `exp` counts (RFC 7519 §2). */
  private nowSeconds(): number {
    return this.clock.wallMs() / 1_000;
  }
}
