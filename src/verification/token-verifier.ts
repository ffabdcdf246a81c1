import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyUndetermined, type KeyResolver } from '../keys/key-resolver.js';
import { ConfiguredDenials, type KeyDenials } from '../revocation/deny-list.js';
import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import { isInScope } from '../tokens/key-scope.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt, JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { RememberedJwt } from './remembered-jwt.js';
import { SignatureChecks, type SignatureChecker } from './signature-checks.js';
import { UnavailableBudget } from './unavailable-budget.js';
import { VerifiedTokenCache } from './verified-token-cache.js';
import type { ClaimStep } from '../claims/claim-check.js';
import type { JwtStep } from '../tokens/jwt-step.js';

/** What a {@link Witness} is shown by the {@link TokenVerifier}, in this order; the last one shown is the one that refused. */
export type VerificationStep =
  | JwtStep
  | ClaimStep
  | { readonly step: 'issuer'; readonly iss: string; readonly issuer: Issuer | undefined }
  | { readonly step: 'suitability'; readonly issuer: Issuer; readonly header: JwtHeader }
  | {
      /** Keys in memory that fit the header; `undefined` where the issuer has no key set that may be trusted. */
      readonly step: 'keys_known';
      readonly issuer: Issuer;
      readonly keys: readonly VerificationKey[] | undefined;
    }
  /** No key is known: claims that nobody has verified are judged, because a hopeless token must cost no fetch. */
  | { readonly step: 'plausibility' }
  /** The issuer is asked, as far as its budget allows. */
  | { readonly step: 'fetch'; readonly issuer: Issuer }
  | { readonly step: 'keys_found'; readonly issuer: Issuer; readonly keys: readonly VerificationKey[] }
  | { readonly step: 'signature' }
  | { readonly step: 'denial'; readonly issuer: Issuer; readonly thumbprint: string }
  | { readonly step: 'claims' };

/** A token that its issuer signed and whose claims its policy accepts. */
export interface GoodToken {
  readonly issuer: Issuer;
  readonly jwt: VerifiedJwt;
}

/** Which rules of its issuer a token must satisfy; `undefined` where it can satisfy none. */
export type PolicyChoice = (issuer: Issuer) => ClaimPolicy | Rejection;

const itsOwnPolicy: PolicyChoice = (issuer) => issuer.policy;

/** On whose behalf keys are fetched for a token. Whoever may not see the token may not have them fetched either. */
export interface Asker {
  /** Who is charged for an answer that there can be none: registered ids alone. */
  readonly idOf: (unverifiedClaims: JsonObject, issuer: Issuer) => string;
  /** Why this token could not be shown to the asker anyway, by claims that nobody has verified; it grants nothing. */
  readonly refuse: (issuer: Issuer, unverifiedClaims: JsonObject) => Rejection | undefined;
}

/** Callers that sign their own tokens are issuers: to name the issuer is to name the caller. */
const theIssuer: Asker = { idOf: () => '', refuse: () => undefined };

/** What a token is judged by. */
interface Judged<Policy> {
  readonly issuer: Issuer;
  readonly asker: Asker;
  readonly policy: Policy;
}

/** Decides whether a token is good: the one place where that is decided, for every endpoint. */
export class TokenVerifier {
  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyResolver,
    private readonly claims: ClaimValidator,
    private readonly denials: KeyDenials = new ConfiguredDenials(),
    private readonly memory = new VerifiedTokenCache(0),
    private readonly signatures: SignatureChecker = new SignatureChecks(),
    private readonly outages = new UnavailableBudget(),
  ) {}

  /** The same verifier with the same memory, that has signatures checked by `signatures`. */
  checkingWith(signatures: SignatureChecker): TokenVerifier {
    const { issuers, keys, claims, denials, memory, outages } = this;
    return new TokenVerifier(issuers, keys, claims, denials, memory, signatures, outages);
  }

  /**
   * @param witness is shown each step before it decides, and every rule for claims
   * @param asker on whose behalf keys may be fetched
   * @returns the token, or why it is not good
   * @throws {KeysUnavailable} when we cannot know
   */
  async verify(
    token: string,
    choosePolicy: PolicyChoice = itsOwnPolicy,
    witness?: Witness<VerificationStep>,
    asker = theIssuer,
  ): Promise<GoodToken | Rejection> {
    // A witness wants to see every step being made.
    const jwt = (witness ? undefined : this.memory.find(token)) ?? parseJwt(token, witness);
    if (jwt instanceof Rejection) return jwt;
    const issuer = this.issuers.find(jwt.unverifiedIssuer);
    witness?.saw({ step: 'issuer', iss: jwt.unverifiedIssuer, issuer });
    if (!issuer) return new Rejection('issuer_unknown');
    const verdict = await this.judge(jwt, { issuer, asker, policy: choosePolicy(issuer) }, witness);
    return verdict instanceof Rejection ? verdict.about(issuer.id) : verdict;
  }

  private async judge(
    jwt: UnverifiedJwt,
    { issuer, asker, policy }: Judged<ClaimPolicy | Rejection>,
    witness?: Witness<VerificationStep>,
  ): Promise<GoodToken | Rejection> {
    if (policy instanceof Rejection) return policy;
    witness?.saw({ step: 'suitability', issuer, header: jwt.header });
    const unsuitable = refuseHeader(issuer, jwt);
    if (unsuitable) return unsuitable;
    const candidates = await this.keysFor(jwt, { issuer, asker, policy }, witness);
    if (candidates instanceof Rejection) return candidates;
    witness?.saw({ step: 'signature' });
    const keys = candidates.filter((key) => isInScope(key, jwt.unverifiedClaims, issuer.metadataIssuers));
    if (keys.length === 0) return new Rejection('key_unknown', 'the key was published for another issuer or tenant');
    const recalled = jwt instanceof RememberedJwt ? jwt.signedByOneOf(keys) : undefined;
    const verified = recalled ?? (await this.signatures.verify(issuer, jwt, keys, witness));
    if (verified instanceof Rejection) return verified;
    this.keys.used?.(issuer, verified.keyThumbprint);
    // Asked last of the key, so that a denial holds for whatever is under way, and names the key that really signed.
    witness?.saw({ step: 'denial', issuer, thumbprint: verified.keyThumbprint });
    if (this.denials.isDenied(issuer, verified.keyThumbprint)) return new Rejection('key_denied').ofSigned(verified);
    witness?.saw({ step: 'claims' });
    const refusal = this.claims.refuse(policy, verified, witness);
    if (refusal) return refusal.ofSigned(verified);
    if (!recalled) this.memory.remember(jwt.compact, verified);
    return { issuer, jwt: verified };
  }

  /** A known key costs no I/O; an unknown one costs a fetch from the issuer only if the token could pass at all. */
  private async keysFor(
    jwt: UnverifiedJwt,
    judged: Judged<ClaimPolicy>,
    witness?: Witness<VerificationStep>,
  ): Promise<readonly VerificationKey[] | Rejection> {
    const { issuer, asker, policy } = judged;
    const known = this.keys.known(issuer, jwt.header);
    witness?.saw({ step: 'keys_known', issuer, keys: known });
    if (known && known.length > 0) return known;
    witness?.saw({ step: 'plausibility' });
    const hopeless = this.claims.refuseUnverified(policy, jwt, witness);
    if (hopeless) return hopeless;
    const withheld = asker.refuse(issuer, jwt.unverifiedClaims);
    if (withheld) return withheld;
    witness?.saw({ step: 'fetch', issuer });
    const found = await this.fetched(jwt, judged, witness);
    witness?.saw({ step: 'keys_found', issuer, keys: found });
    return found.length > 0 ? found : new Rejection('key_unknown');
  }

  /**
   * @returns none, too, where we cannot know, and the asker was told so too often: such tokens can be made up, and must not
   *   look like an outage of ours. A witness is charged nothing: it asks why, and not on behalf of a request.
   */
  private async fetched(
    jwt: UnverifiedJwt,
    { issuer, asker }: Judged<ClaimPolicy>,
    witness?: Witness<VerificationStep>,
  ): Promise<readonly VerificationKey[]> {
    try {
      return await this.keys.find(issuer, jwt.header);
    } catch (error) {
      if (!(error instanceof KeyUndetermined) || witness) throw error;
      if (this.outages.spend(asker.idOf(jwt.unverifiedClaims, issuer), issuer.id)) throw error;
      return [];
    }
  }
}

/** RFC 8725 §3.1 and §3.11: what the header says about itself is settled before any cryptography. */
function refuseHeader(issuer: Issuer, { header }: UnverifiedJwt): Rejection | undefined {
  if (!issuer.algorithms.has(header.alg)) return new Rejection('algorithm_not_allowed');
  if (!issuer.tokenTypes.has(header.typ ?? 'none')) return new Rejection('token_type_not_allowed');
  return undefined;
}
