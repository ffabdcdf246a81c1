import type { ClaimPolicy } from '../claims/claim-policy.js';
import { numberOf } from '../shared/object-number.js';

/**
 * Which rules a remembered token has passed, so that only those that ask the time are asked again. The claims of a remembered token are frozen,
 * and so are the rules of a policy: a change of the configuration makes other policies. The policy is known by its number, so that those of
 * an old configuration are not kept with it.
 */
export class PassedRules {
  private policy = 0;

  /** Whether the token has passed all rules of this policy. */
  has(policy: ClaimPolicy): boolean {
    return this.policy === numberOf(policy);
  }

  /** The token has passed all rules of this policy. */
  add(policy: ClaimPolicy): void {
    this.policy = numberOf(policy);
  }
}
