import type { ClaimPolicy } from '../claims/claim-policy.js';
import { requireRules, type ClaimComparison } from '../claims/claim-rule.js';
import type { Issuer } from '../issuers/issuer.js';
import { NarrowedPolicy } from '../issuers/narrowed-policy.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { Admin } from './admin-tokens.js';

/** Which tokens of a registered issuer make their holder an admin, and what of. */
export interface AdminRight {
  readonly admin: Admin;
  /** Id of the issuer. */
  readonly issuer: string;
  /** What `aud` has to name. */
  readonly audience: string;
  /** All must hold. */
  readonly rules: readonly ClaimComparison[];
}

/** The rights of one configuration, by issuer. Immutable. */
export class AdminRights {
  private readonly byIssuer: ReadonlyMap<string, readonly AdminRight[]>;
  private readonly policies = new WeakMap<Issuer, AdminPolicy>();

  constructor(rights: readonly AdminRight[]) {
    // Who has several rights has the one that allows more, wherever it stands in the file.
    const operatorsFirst = [
      ...rights.filter(({ admin }) => admin.role === 'operator'),
      ...rights.filter(({ admin }) => admin.role !== 'operator'),
    ];
    this.byIssuer = Map.groupBy(operatorsFirst, ({ issuer }) => issuer);
  }

  /** Whether no token of any issuer makes an admin. */
  get areNone(): boolean {
    return this.byIssuer.size === 0;
  }

  /** The policy for tokens of this issuer; `undefined` where none of them makes an admin. */
  policyFor(issuer: Issuer): AdminPolicy | undefined {
    const rights = this.byIssuer.get(issuer.id);
    const policy = this.policies.get(issuer) ?? (rights && new AdminPolicy(issuer, rights));
    if (policy) this.policies.set(issuer, policy);
    return policy;
  }
}

/** Judges tokens of one issuer by the rights that they may give: one of them has to hold. */
export class AdminPolicy implements ClaimPolicy {
  private readonly choices: readonly { readonly admin: Admin; readonly policy: ClaimPolicy }[];

  constructor(issuer: Issuer, rights: readonly AdminRight[]) {
    this.choices = rights.map(({ admin, audience, rules }) => ({
      admin,
      policy: new NarrowedPolicy(issuer.callerPolicy(audience), requireRules({ rules, names: issuer.names })),
    }));
  }

  /** What the holder of this token is. */
  adminOf(jwt: VouchedToken, nowSeconds: number): Admin | undefined {
    return this.choices.find(({ policy }) => policy.refuse(jwt, nowSeconds) === undefined)?.admin;
  }

  /** What the holder would be, were the token good. It grants nothing. */
  claimedAdminOf(jwt: UnverifiedJwt, nowSeconds: number): Admin | undefined {
    return this.choices.find(({ policy }) => policy.refuseUnverified(jwt, nowSeconds) === undefined)?.admin;
  }

  refuse(jwt: VouchedToken, nowSeconds: number): Rejection | undefined {
    return this.adminOf(jwt, nowSeconds) ? undefined : noRight;
  }

  refuseUnverified(jwt: UnverifiedJwt, nowSeconds: number): Rejection | undefined {
    return this.claimedAdminOf(jwt, nowSeconds) ? undefined : noRight;
  }
}

const noRight = new Rejection('rule_failed', 'the token makes nobody an admin');
