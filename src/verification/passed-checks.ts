import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { Issuer } from '../issuers/issuer.js';
import { numberOf } from '../shared/object-number.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/**
 * What was found out about a remembered token that cannot come out differently the next time: its claims are frozen, and so are keys, registrations and
 * the rules of a policy, which every change replaces by others. They are known by their numbers, so that old ones are not kept alive.
 */
export class PassedChecks {
  /** Where its issuer stands among the registered ones (`IssuerRegistry.placeOf`); 0: not known. */
  place = 0;
  private policy = 0;
  private key = 0;
  private issuer = 0;

  /** Whether the token has passed all rules of this policy; those that ask the time have to be asked again. */
  hasPassed(policy: ClaimPolicy): boolean {
    return this.policy === numberOf(policy);
  }

  /** The token has passed all rules of this policy. */
  pass(policy: ClaimPolicy): void {
    this.policy = numberOf(policy);
  }

  /** Whether it was found that the key was published for tokens of this issuer that say what this one says. */
  isInScope(key: VerificationKey, issuer: Issuer): boolean {
    return this.key === numberOf(key) && this.issuer === numberOf(issuer);
  }

  /** The key was published for such tokens. */
  putInScope(key: VerificationKey, issuer: Issuer): void {
    this.key = numberOf(key);
    this.issuer = numberOf(issuer);
  }
}
