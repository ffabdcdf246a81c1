import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyResolver } from '../keys/key-resolver.js';
import { ConfiguredDenials, type KeyDenials } from '../revocation/deny-list.js';
import type { Witness } from '../shared/witness.js';
import { isInScope } from '../tokens/key-scope.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt, JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { RememberedJwt } from './remembered-jwt.js';
import { SignatureChecks, type SignatureChecker } from './signature-checks.js';
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

/** Decides whether a token is good: the one place where that is decided, for every endpoint. */
export class TokenVerifier {
  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyResolver,
    private readonly claims: ClaimValidator,
    private readonly denials: KeyDenials = new ConfiguredDenials(),
    private readonly memory = new VerifiedTokenCache(0),
    private readonly signatures: SignatureChecker = new SignatureChecks(),
  ) {}

  /** The same verifier with the same memory, that has signatures checked by `signatures`. */
  checkingWith(signatures: SignatureChecker): TokenVerifier {
    const { issuers, keys, claims, denials, memory } = this;
    return new TokenVerifier(issuers, keys, claims, denials, memory, signatures);
  }

  /**
   * @param witness is shown each step before it decides, and every rule for claims
   * @returns the token, or why it is not good
   * @throws {KeysUnavailable} when we cannot know
   */
  async verify(
    token: string,
    choosePolicy: PolicyChoice = itsOwnPolicy,
    witness?: Witness<VerificationStep>,
  ): Promise<GoodToken | Rejection> {
    // A witness wants to see every step being made.
    const jwt = (witness ? undefined : this.memory.find(token)) ?? parseJwt(token, witness);
    if (jwt instanceof Rejection) return jwt;
    const issuer = this.issuers.find(jwt.unverifiedIssuer);
    witness?.saw({ step: 'issuer', iss: jwt.unverifiedIssuer, issuer });
    if (!issuer) return new Rejection('issuer_unknown');
    const verdict = await this.judge(jwt, issuer, choosePolicy(issuer), witness);
    return verdict instanceof Rejection ? verdict.about(issuer.id) : verdict;
  }

  private async judge(
    jwt: UnverifiedJwt,
    issuer: Issuer,
    policy: ClaimPolicy | Rejection,
    witness?: Witness<VerificationStep>,
  ): Promise<GoodToken | Rejection> {
    if (policy instanceof Rejection) return policy;
    witness?.saw({ step: 'suitability', issuer, header: jwt.header });
    const unsuitable = refuseHeader(issuer, jwt);
    if (unsuitable) return unsuitable;
    const candidates = await this.keysFor(issuer, jwt, policy, witness);
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
    issuer: Issuer,
    jwt: UnverifiedJwt,
    policy: ClaimPolicy,
    witness?: Witness<VerificationStep>,
  ): Promise<readonly VerificationKey[] | Rejection> {
    const known = this.keys.known(issuer, jwt.header);
    witness?.saw({ step: 'keys_known', issuer, keys: known });
    if (known && known.length > 0) return known;
    witness?.saw({ step: 'plausibility' });
    const hopeless = this.claims.refuseUnverified(policy, jwt, witness);
    if (hopeless) return hopeless;
    witness?.saw({ step: 'fetch', issuer });
    const found = await this.keys.find(issuer, jwt.header);
    witness?.saw({ step: 'keys_found', issuer, keys: found });
    return found.length > 0 ? found : new Rejection('key_unknown');
  }
}

/** RFC 8725 §3.1 and §3.11: what the header says about itself is settled before any cryptography. */
function refuseHeader(issuer: Issuer, { header }: UnverifiedJwt): Rejection | undefined {
  if (!issuer.algorithms.has(header.alg)) return new Rejection('algorithm_not_allowed');
  if (!issuer.tokenTypes.has(header.typ ?? 'none')) return new Rejection('token_type_not_allowed');
  return undefined;
}
