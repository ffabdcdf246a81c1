import { isProven } from '../callers/methods/bearer/proof-of-possession.js';
import { UnprovenSignatures } from '../callers/limits/unproven-signatures.js';
import { tokenIdentity } from '../claims/claim-names.js';
import type { Issuer } from '../issuers/issuer.js';
import type { Clock } from '../shared/clock.js';
import { Unavailable } from '../shared/unavailable.js';
import type { Audit } from '../telemetry/audit.js';
import { Rejection } from '../tokens/rejection.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { Asker } from '../verification/asker.js';
import type { GoodToken } from '../verification/good-token.js';
import type { TokenVerifier } from '../verification/token-verifier.js';
import { retryLater } from './admin-problem.js';
import { AdminRights, type AdminRight } from './admin-rights.js';
import type { Admin } from './admin-tokens.js';

/** Somebody whom a token of a registered issuer makes an admin. */
export interface IssuedAdmin {
  readonly admin: Admin;
  /** The token; to be kept by nobody as it is. */
  readonly token: string;
  /** When it ends; wall time, milliseconds since the epoch. */
  readonly expiresMs: number;
}

/** A token that is bound to a key is not a bearer token, and nobody can prove here that the key is theirs: no keys are fetched for it. */
const bearersOnly: Asker = {
  idOf: () => '',
  refuse: (_issuer, claims) => (isProven(claims, undefined) ? undefined : new Rejection('proof_missing')),
};

/** Says which admin the holder of a token of a registered issuer is. Whether the token is good is decided by the verifier of all endpoints. */
export class IssuedAdmins {
  private readonly signatures = new UnprovenSignatures();
  /** Replaced with each change of the configuration. */
  private rights = new AdminRights([]);

  constructor(
    private readonly verifier: Pick<TokenVerifier, 'checkingWith'>,
    private readonly clock: Pick<Clock, 'wallMs'>,
    private readonly audit: Pick<Audit, 'hashOfSubject'>,
  ) {}

  replace(rights: readonly AdminRight[]): void {
    this.rights = new AdminRights(rights);
  }

  /**
   * @param source address of the peer
   * @returns `undefined` for a token that makes nobody an admin, whatever the reason
   * @throws {AdminProblem} 503 when we cannot know
   */
  async find(token: string, source: string): Promise<IssuedAdmin | undefined> {
    try {
      let found: IssuedAdmin | undefined;
      let rights: AdminRights;
      do {
        ({ rights } = this);
        found = rights.areNone ? undefined : await this.judge(token, source, rights);
        // The configuration may have changed while keys were fetched: then the rights that are in force now decide.
      } while (rights !== this.rights);
      return found;
    } catch (error) {
      const isUnknown = error instanceof Unavailable || error instanceof OAuthError;
      if (!isUnknown) throw error;
      throw retryLater(503, 'token_undecided', undecided, (error.retryAfterSeconds ?? 1) * 1_000);
    }
  }

  private async judge(token: string, source: string, rights: AdminRights): Promise<IssuedAdmin | undefined> {
    const checker = this.signatures.from(
      source,
      (issuer, jwt) => rights.policyFor(issuer)?.claimedAdminOf(jwt, this.nowSeconds())?.id,
    );
    const policyFor = (issuer: Issuer) => rights.policyFor(issuer) ?? notTrusted;
    const verdict = await this.verifier.checkingWith(checker).verify(token, policyFor, undefined, bearersOnly);
    return verdict instanceof Rejection ? undefined : this.issuedTo(token, verdict, rights);
  }

  private issuedTo(token: string, { issuer, jwt }: GoodToken, rights: AdminRights): IssuedAdmin | undefined {
    if (!isProven(jwt.claims, undefined)) return undefined;
    const admin = rights.policyFor(issuer)?.adminOf(jwt, this.nowSeconds());
    const { exp } = jwt.claims;
    // No tolerance for clocks here: nobody acts with a token that has ended.
    if (!admin || typeof exp !== 'number' || exp <= this.nowSeconds()) return undefined;
    const { subject } = tokenIdentity(jwt.claims, issuer.names);
    const subHash = subject === undefined ? undefined : this.audit.hashOfSubject(subject);
    return { admin: { ...admin, issued: { by: issuer.id, subHash } }, token, expiresMs: exp * 1_000 };
  }

  private nowSeconds(): number {
    return this.clock.wallMs() / 1_000;
  }
}

const notTrusted = new Rejection('rule_failed', 'no token of this issuer makes an admin');

const undecided = 'whether the token is good cannot be known now';
