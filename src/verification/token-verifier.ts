import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyResolver } from '../keys/key-resolver.js';
import { ConfiguredDenials, type KeyDenials } from '../revocation/key-denials.js';
import type { Clock } from '../shared/clock.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { RememberedJwt } from './remembered-jwt.js';
import { SignatureChecks } from './signature-checks.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

/** A token that its issuer signed and whose claims its policy accepts. */
export interface GoodToken {
  readonly issuer: Issuer;
  readonly jwt: VerifiedJwt;
}

/** Which rules of its issuer a token must satisfy; `undefined` where it can satisfy none. */
export type PolicyChoice = (issuer: Issuer) => ClaimPolicy | Rejection;

const itsOwnPolicy: PolicyChoice = (issuer) => issuer.policy;

/** Decides whether a token is good: the one place where that is decided, for every door. */
export class TokenVerifier {
  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyResolver,
    private readonly clock: Clock,
    private readonly denials: KeyDenials = new ConfiguredDenials(),
    private readonly memory = new VerifiedTokenCache(0),
    private readonly signatures = new SignatureChecks(),
  ) {}

  /**
   * @returns the token, or why it is not good
   * @throws {KeysUnavailable} when we cannot know
   */
  async verify(token: string, choosePolicy: PolicyChoice = itsOwnPolicy): Promise<GoodToken | Rejection> {
    const jwt = this.memory.find(token) ?? parseJwt(token);
    if (jwt instanceof Rejection) return jwt;
    const issuer = this.issuers.find(jwt.unverifiedIssuer);
    if (!issuer) return new Rejection('issuer_unknown');
    const verdict = await this.judge(jwt, issuer, choosePolicy(issuer));
    return verdict instanceof Rejection ? verdict.about(issuer.id) : verdict;
  }

  private async judge(
    jwt: UnverifiedJwt,
    issuer: Issuer,
    policy: ClaimPolicy | Rejection,
  ): Promise<GoodToken | Rejection> {
    if (policy instanceof Rejection) return policy;
    const unsuitable = refuseHeader(issuer, jwt);
    if (unsuitable) return unsuitable;
    const keys = await this.keysFor(issuer, jwt, policy);
    if (keys instanceof Rejection) return keys;
    const recalled = jwt instanceof RememberedJwt ? jwt.signedByOneOf(keys) : undefined;
    const verified = recalled ?? (await this.signatures.verify(issuer, jwt, keys));
    if (verified instanceof Rejection) return verified;
    // Asked last of the key, so that a denial holds for whatever is under way, and names the key that really signed.
    if (this.denials.isDenied(issuer, verified.keyThumbprint)) return new Rejection('key_denied');
    const refusal = policy.refuse(verified, this.nowSeconds());
    if (refusal) return refusal;
    if (!recalled) this.memory.remember(jwt.compact, verified);
    return { issuer, jwt: verified };
  }

  /** A known key costs no I/O; an unknown one costs a look at the issuer only if the token could pass at all. */
  private async keysFor(
    issuer: Issuer,
    jwt: UnverifiedJwt,
    policy: ClaimPolicy,
  ): Promise<readonly VerificationKey[] | Rejection> {
    const known = this.keys.known(issuer, jwt.header);
    if (known && known.length > 0) return known;
    const hopeless = policy.refuseUnverified(jwt.unverifiedClaims, this.nowSeconds());
    if (hopeless) return hopeless;
    const found = await this.keys.find(issuer, jwt.header);
    return found.length > 0 ? found : new Rejection('key_unknown');
  }

  private nowSeconds(): number {
    return this.clock.wallMs() / 1000;
  }
}

/** RFC 8725 §3.1 and §3.11: what the header says about itself is settled before any cryptography. */
function refuseHeader(issuer: Issuer, { header }: UnverifiedJwt): Rejection | undefined {
  if (!issuer.algorithms.has(header.alg)) return new Rejection('algorithm_not_allowed');
  if (!issuer.tokenTypes.has(header.typ ?? 'none')) return new Rejection('token_type_not_allowed');
  return undefined;
}
