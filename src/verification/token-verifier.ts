/** The one place where it is decided whether a token is good; every endpoint asks here. */
import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import { tenantOf } from '../issuers/subject-scope.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyResolver } from '../keys/key-resolver.js';
import { ConfiguredDenials, type KeyDenials } from '../revocation/key-denials.js';
import { NothingRevoked, type RevocationCheck } from '../revocation/tokens/revocation-check.js';
import { TokenDigests } from '../revocation/tokens/token-digests.js';
import { DEFAULT_TOKEN_BYTES } from '../shared/token-sizes.js';
import { whenKnown } from '../shared/when-known.js';
import type { Witness } from '../shared/witness.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { itsOwnPolicy, theIssuer, type PolicyChoice } from './asker.js';
import type { GoodToken } from './good-token.js';
import { areGuesses, inScope, KeySearch, refuseHeader, type Judged } from './key-search.js';
import type { PassedChecks } from './passed-checks.js';
import { RememberedJwt } from './remembered-jwt.js';
import { SharedNames, type Signer } from './shared-name.js';
import { SignatureChecks, type SignatureChecker } from './signature-checks.js';
import { UnavailableBudget } from './unavailable-budget.js';
import type { VerificationStep } from './verification-step.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

/** Verifies tokens: takes one apart, finds its issuer and its key, and checks signature, denials, revocations and claims, in this order. */
export class TokenVerifier {
  private readonly search: KeySearch;
  private readonly sharedNames: SharedNames;

  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly keys: KeyResolver,
    private readonly claims: ClaimValidator,
    private readonly denials: KeyDenials = new ConfiguredDenials(),
    private readonly memory = new VerifiedTokenCache(0),
    private readonly signatures: SignatureChecker = new SignatureChecks(),
    private readonly outages = new UnavailableBudget(),
    private readonly longestToken = DEFAULT_TOKEN_BYTES,
    private readonly revocations: RevocationCheck = new NothingRevoked(),
  ) {
    this.search = new KeySearch(keys, claims, outages);
    this.sharedNames = new SharedNames({ keys, search: this.search, signatures });
  }

  /** The same verifier with the same memory, that has signatures checked by `signatures`. */
  checkingWith(signatures: SignatureChecker): TokenVerifier {
    const { issuers, keys, claims, denials, memory, outages, longestToken, revocations } = this;
    return new TokenVerifier(issuers, keys, claims, denials, memory, signatures, outages, longestToken, revocations);
  }

  /**
   * @param witness is shown each step before it decides, and every rule for claims
   * @param asker on whose behalf keys may be fetched
   * @returns the token, or why it is not good; at once where nothing has to be fetched nor calculated
   * @throws {KeysUnavailable} when we cannot know
   */
  verify(
    token: string,
    choosePolicy: PolicyChoice = itsOwnPolicy,
    witness?: Witness<VerificationStep>,
    asker = theIssuer,
  ): GoodToken | Rejection | Promise<GoodToken | Rejection> {
    const jwt = this.recall(token, witness) ?? parseJwt(token, witness, this.longestToken);
    if (jwt instanceof Rejection) return jwt;
    const { unverifiedIssuer: iss } = jwt;
    const issuer = this.issuerOf(jwt);
    if (iss === undefined && !issuer) return new Rejection('issuer_missing');
    const namesakes = issuer && iss !== undefined ? this.issuers.namesakes(issuer) : [];
    const several = namesakes.length > 0 ? { namesakes } : {};
    witness?.saw({ step: 'issuer', iss, issuer, ...several });
    if (!issuer) return issuerUnknown(this.issuers.nearly(iss ?? ''));
    if (namesakes.length > 0) {
      const signer = this.sharedNames.signerOf({ jwt, namesakes, asker, choosePolicy, witness });
      // Which of them a token is of, only its key says: what none of them signed is of none.
      return signer.then((found) =>
        found instanceof Rejection ? found : this.conclude(jwt, found, choosePolicy(found.issuer), witness),
      );
    }
    const judged = { issuer, asker, policy: choosePolicy(issuer) };
    return whenKnown(this.signerOf(jwt, judged, witness), (found) =>
      found instanceof Rejection ? found.about(issuer.id) : this.conclude(jwt, found, judged.policy, witness),
    );
  }

  /** Whose token it says that it is. One without `iss` is nobody's, but where a registration says otherwise. */
  private issuerOf(jwt: UnverifiedJwt): Issuer | undefined {
    const { issuers } = this;
    const { unverifiedIssuer: iss } = jwt;
    if (iss === undefined) return issuers.ofNameless(jwt.unverifiedClaims['sub']);
    if (!(jwt instanceof RememberedJwt)) return issuers.find(iss);
    const known = issuers.at(jwt.passed.place);
    if (known) return known;
    const found = issuers.find(iss);
    jwt.passed.place = found ? issuers.placeOf(found) : 0;
    return found;
  }

  /** A witness wants to see every step being made; and not even a digest is spent on a token that is too long. */
  private recall(token: string, witness?: Witness<VerificationStep>): RememberedJwt | undefined {
    return witness || token.length > this.longestToken ? undefined : this.memory.find(token);
  }

  /** Whether a key of the one issuer with this name signed the token. */
  private signerOf(
    jwt: UnverifiedJwt,
    { issuer, asker, policy }: Judged<ClaimPolicy | Rejection>,
    witness?: Witness<VerificationStep>,
  ): Signer | Rejection | Promise<Signer | Rejection> {
    if (policy instanceof Rejection) return policy;
    witness?.saw({ step: 'suitability', issuer, header: jwt.header });
    const unsuitable = refuseHeader(issuer, jwt);
    if (unsuitable) return unsuitable;
    const known = this.search.known(issuer, jwt, witness) ?? [];
    const recalled = recalledAmong(known, jwt, issuer);
    if (recalled) return { issuer, verified: recalled, isRecalled: true };
    return this.findSigner(known, jwt, { issuer, asker, policy }, witness);
  }

  /** @param known keys in memory; where they are none, or guesses that did not sign the token, the issuer is asked */
  private async findSigner(
    known: readonly VerificationKey[],
    jwt: UnverifiedJwt,
    { issuer, asker, policy }: Judged,
    witness?: Witness<VerificationStep>,
  ): Promise<Signer | Rejection> {
    const candidates = known.length > 0 ? known : await this.search.ask(jwt, { issuer, asker, policy }, witness);
    if (candidates instanceof Rejection) return candidates;
    const signer = await this.signerAmong(candidates, jwt, issuer, witness);
    if (!(signer instanceof Rejection) || !areGuesses(candidates, jwt, issuer)) return signer;
    const others = await this.search.ask(jwt, { issuer, asker, policy }, witness, candidates);
    return others instanceof Rejection ? signer : this.signerAmong(others, jwt, issuer, witness);
  }

  private async signerAmong(
    candidates: readonly VerificationKey[],
    jwt: UnverifiedJwt,
    issuer: Issuer,
    witness?: Witness<VerificationStep>,
  ): Promise<Signer | Rejection> {
    witness?.saw({ step: 'signature' });
    const keys = inScope(candidates, jwt, issuer);
    if (keys.length === 0) return new Rejection('key_unknown', 'the key was published for another issuer or tenant');
    const recalled = recalledAmong(keys, jwt, issuer);
    if (recalled) return { issuer, verified: recalled, isRecalled: true };
    const verified = await this.signatures.verify(issuer, jwt, keys, witness);
    return verified instanceof Rejection ? verified : { issuer, verified, isRecalled: false };
  }

  /** The signature is good: is its key denied, and what does the token say? */
  private conclude(
    jwt: UnverifiedJwt,
    { issuer, verified, isRecalled }: Signer,
    policy: ClaimPolicy | Rejection,
    witness?: Witness<VerificationStep>,
  ): GoodToken | Rejection {
    this.keys.used?.(issuer, verified.keyThumbprint);
    const remembered = jwt instanceof RememberedJwt ? jwt : undefined;
    const digests = remembered?.digests ?? new TokenDigests();
    const signed = { compact: jwt.compact, verified, digests, passed: remembered?.passed };
    const refusal = policy instanceof Rejection ? policy : this.refuse(issuer, signed, policy, witness);
    if (refusal) return refusal.ofSigned(verified).about(issuer.id, tenantOf(issuer, verified.claims));
    if (!isRecalled) this.memory.remember(jwt.compact, verified, digests);
    return { issuer, jwt: verified, prepared: remembered };
  }

  private refuse(
    issuer: Issuer,
    { compact, verified, digests, passed }: SignedJwt,
    policy: ClaimPolicy,
    witness?: Witness<VerificationStep>,
  ): Rejection | undefined {
    // Asked last of the key, so that a denial holds for whatever is under way, and names the key that really signed.
    witness?.saw({ step: 'denial', issuer, thumbprint: verified.keyThumbprint });
    if (this.denials.isDenied(issuer, verified.keyThumbprint)) return new Rejection('key_denied');
    const revoked = this.revocations.decisionAbout(issuer, { compact, claims: verified.claims, digests });
    witness?.saw({ step: 'revocation', issuer, found: revoked });
    if (revoked) return new Rejection(`revoked_${revoked.kind}`);
    witness?.saw({ step: 'claims' });
    if (passed?.hasPassed(policy)) return this.claims.refuseAgain(policy, verified);
    const refusal = this.claims.refuse(policy, verified, witness);
    if (!refusal) passed?.pass(policy);
    return refusal;
  }
}

/** A token whose signature is good, and what is remembered of it. */
interface SignedJwt extends Pick<Signer, 'verified'> {
  readonly compact: string;
  readonly digests: TokenDigests;
  /** Absent: nothing is, and all rules are asked. */
  readonly passed: PassedChecks | undefined;
}

/** The token where it is known already that one of these keys signed it. */
function recalledAmong(keys: readonly VerificationKey[], jwt: UnverifiedJwt, issuer: Issuer): VerifiedJwt | undefined {
  return jwt instanceof RememberedJwt ? jwt.signedByOneOf(keys, issuer) : undefined;
}

/** @param near a registered issuer that was probably meant: the one mistake in names that everybody makes once */
function issuerUnknown(near: Issuer | undefined): Rejection {
  const detail =
    near && `not the registered issuer ${near.id}: iss has another slash at its end, or other capital letters`;
  return new Rejection('issuer_unknown', detail);
}
