import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import { tenantOf } from '../issuers/subject-scope.js';
import { KeyUndetermined, type KeyResolver } from '../keys/key-resolver.js';
import type { Witness } from '../shared/witness.js';
import { isForTenant, isInScope } from '../tokens/key-scope.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { Asker } from './asker.js';
import type { UnavailableBudget } from './unavailable-budget.js';
import type { VerificationStep } from './verification-step.js';

/** What a token is judged by. */
export interface Judged<Policy = ClaimPolicy> {
  readonly issuer: Issuer;
  readonly asker: Asker;
  readonly policy: Policy;
}

/** Finds the keys of one issuer that may have signed a token: a known key costs no I/O, an unknown one only where it could help. */
export class KeySearch {
  constructor(
    private readonly keys: KeyResolver,
    private readonly claims: ClaimValidator,
    private readonly outages: UnavailableBudget,
  ) {}

  /** Keys in memory; `undefined` where the issuer has no key set that may be trusted. */
  known(
    issuer: Issuer,
    { header }: UnverifiedJwt,
    witness?: Witness<VerificationStep>,
  ): readonly VerificationKey[] | undefined {
    const keys = this.keys.known(issuer, header);
    witness?.saw({ step: 'keys_known', issuer, keys });
    return keys;
  }

  /**
   * None is known: the issuer is asked, but only if the token could pass at all, and the asker see it.
   * @param tried guesses that did not sign the token, see {@link areGuesses}
   */
  async ask(
    jwt: UnverifiedJwt,
    judged: Judged,
    witness?: Witness<VerificationStep>,
    tried: readonly VerificationKey[] = [],
  ): Promise<readonly VerificationKey[] | Rejection> {
    const { issuer, asker, policy } = judged;
    witness?.saw({ step: 'plausibility' });
    const hopeless = this.claims.refuseUnverified(policy, jwt, witness);
    if (hopeless) return hopeless;
    const withheld = asker.refuse(issuer, jwt.unverifiedClaims);
    if (withheld) return withheld;
    witness?.saw({ step: 'fetch', issuer });
    const found = await this.fetched(jwt, tried, judged, witness);
    witness?.saw({ step: 'keys_found', issuer, keys: found });
    return found.length > 0 ? found : new Rejection('key_unknown');
  }

  /**
   * @returns none, too, where we cannot know, and the asker was told so too often: such tokens can be made up, and must not
   *   look like an outage of ours. A witness is charged nothing: it asks why, and not on behalf of a request.
   */
  private async fetched(
    jwt: UnverifiedJwt,
    tried: readonly VerificationKey[],
    { issuer, asker }: Judged,
    witness?: Witness<VerificationStep>,
  ): Promise<readonly VerificationKey[]> {
    try {
      return await this.keys.find(issuer, jwt.header, tried);
    } catch (error) {
      if (!(error instanceof KeyUndetermined) || witness) throw error;
      if (this.outages.spend(asker.idOf(jwt.unverifiedClaims, issuer), issuer.id)) throw error;
      return [];
    }
  }
}

/** Those of the keys that were published for tokens with these claims. */
export function inScope(
  keys: readonly VerificationKey[],
  { unverifiedClaims }: UnverifiedJwt,
  issuer: Issuer,
): readonly VerificationKey[] {
  const { metadataIssuers, template } = issuer;
  if (template) {
    const tenant = tenantOf(issuer, unverifiedClaims);
    const names = [unverifiedClaims['iss'] as string, ...metadataIssuers];
    return tenant === undefined ? [] : keys.filter((key) => isForTenant(key, tenant, names));
  }
  return keys.filter((key) => isInScope(key, unverifiedClaims, metadataIssuers));
}

/**
 * Whether the token names a key that is not there, and these are keys without a name that stand in for it. Where none of them signed
 * the token, its key may have been published a moment ago: then it is treated as any other token that names an unknown key.
 */
export function areGuesses(
  keys: readonly VerificationKey[],
  { header: { kid } }: UnverifiedJwt,
  { keys: location, allowKidless }: Issuer,
): boolean {
  return allowKidless && location.kind !== 'static' && kid !== undefined && keys.every((key) => key.kid === undefined);
}

/** RFC 8725 §3.1 and §3.11: what the header says about itself is settled before any cryptography. */
export function refuseHeader(issuer: Issuer, { header }: UnverifiedJwt): Rejection | undefined {
  if (!issuer.algorithms.has(header.alg)) return new Rejection('algorithm_not_allowed');
  if (!issuer.tokenTypes.has(header.typ ?? 'none')) return new Rejection('token_type_not_allowed');
  return undefined;
}
