import type { ClaimStep } from '../claims/claim-check.js';
import type { ClaimValidator } from '../claims/claim-validator.js';
import type { Issuer } from '../issuers/issuer.js';
import type { RevocationCheck } from '../revocation/tokens/revocation-check.js';
import type { Clock } from '../shared/clock.js';
import type { JsonObject } from '../shared/json-value.js';
import { whenKnown } from '../shared/when-known.js';
import type { Witness } from '../shared/witness.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { JwtHeader, UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { Asker } from '../verification/asker.js';
import type { GoodToken } from '../verification/good-token.js';
import { refuseHeader } from '../verification/key-search.js';
import type { VerificationStep } from '../verification/verification-step.js';
import type { AskedIssuer, AskedToken } from './asking-way.js';
import type { OpaqueAsker } from './opaque-asker.js';
import { OpaqueRoutes } from './opaque-routes.js';
import { refuseUnreviewable } from './token-review.js';
import type { Upstreams } from './upstreams.js';
import type { UpstreamStep } from './upstream-step.js';
import { vouched } from './vouched-answer.js';

/** What {@link OpaqueVerifier} works with. */
export interface OpaqueVerifierParts {
  readonly clock: Clock;
  readonly upstreams: Upstreams;
  readonly claims: ClaimValidator;
  readonly revocations: RevocationCheck;
  /** In characters. */
  readonly longestToken: number;
}

type OpaqueWitness = Witness<UpstreamStep | VerificationStep | ClaimStep>;

/** A token, and on whose behalf its issuer is asked. */
interface Question extends AskedToken {
  readonly issuer: AskedIssuer;
  readonly asker: OpaqueAsker;
  /** Of a JWT. */
  readonly header?: JwtHeader;
}

/** An answer without `exp` may be over at any moment. */
const WITHOUT_EXPIRY_MS = 5_000;

type Verdict = GoodToken | Rejection | Promise<GoodToken | Rejection>;

/**
 * Decides whether a token is good that its issuer judges: asks the one issuer that a rule finds for it, and holds what that says to everything
 * that the claims of a JWT are held to. Such a token is judged with I/O; nothing of that is on the way of a JWT whose issuer does not say so.
 */
export class OpaqueVerifier {
  private readonly routes = new OpaqueRoutes();

  constructor(private readonly parts: OpaqueVerifierParts) {}

  /** From the next token on, these are the issuers. */
  replace(issuers: readonly Issuer[]): void {
    this.routes.replace(issuers);
  }

  /** Whether there is any issuer of opaque tokens. */
  get isIdle(): boolean {
    return this.routes.isEmpty;
  }

  /**
   * @param token anything that is no JWT
   * @param witness is shown each step before it decides
   * @returns the token, or why it is not good; at once where nobody has to be asked
   * @throws {UpstreamUnavailable} when we cannot know
   * @throws {OAuthError} 429 when this caller has had too many tokens asked about
   */
  verify(token: string, asker: OpaqueAsker, witness?: OpaqueWitness): Verdict {
    const route = this.routes.find(token, asker);
    if (route instanceof Rejection) {
      witness?.saw({ step: 'route' });
      return route;
    }
    witness?.saw({ step: 'route', ...route });
    return this.ask({ token, issuer: route.issuer, asker }, witness);
  }

  /**
   * Judges a JWT whose issuer has `jwt: introspect`. Which issuer that is, its `iss` has said: no rule is asked, and no other issuer.
   * @param issuerId of that issuer
   * @throws as {@link verify}
   */
  verifyJwt(
    token: string,
    issuerId: string,
    asker: OpaqueAsker & Pick<Asker, 'refuse'>,
    witness?: OpaqueWitness,
  ): Verdict {
    const issuer = this.parts.upstreams.find(issuerId);
    const jwt = parseJwt(token, undefined, this.parts.longestToken);
    // Both were so a moment ago, when its issuer was found.
    if (!issuer || jwt instanceof Rejection) return new Rejection('opaque_unroutable', 'its issuer has just changed');
    witness?.saw({ step: 'route', issuer, rule: 'jwt' });
    const refusal = this.refuseUnasked(jwt, issuer, asker, witness);
    if (refusal) return refusal.about(issuer.id);
    return this.ask({ token, claims: jwt.unverifiedClaims, header: jwt.header, issuer, asker }, witness);
  }

  /** What need not be asked, because no answer could make the token good for this caller. */
  private refuseUnasked(
    jwt: UnverifiedJwt,
    issuer: AskedIssuer,
    asker: OpaqueAsker & Pick<Asker, 'refuse'>,
    witness?: OpaqueWitness,
  ): Rejection | undefined {
    if (!asker.mayUse(issuer)) return new Rejection('caller_issuer_not_granted');
    witness?.saw({ step: 'suitability', issuer, header: jwt.header });
    const unsuitable = refuseHeader(issuer, jwt);
    const { way } = issuer.opaque;
    // An introspection endpoint may say more than the token does. An API server says no claims: those of the token are all there are.
    if (unsuitable || way.kind === 'introspection') return unsuitable;
    witness?.saw({ step: 'plausibility' });
    const hopeless =
      refuseUnreviewable(way, jwt.unverifiedClaims) ?? this.parts.claims.refuseUnverified(issuer.policy, jwt, witness);
    return hopeless ?? asker.refuse(issuer, jwt.unverifiedClaims);
  }

  private ask(question: Question, witness?: OpaqueWitness): Verdict {
    const { token, claims: written, header, issuer, asker } = question;
    const asked = { token, ...(written && { claims: written }) };
    const { positiveMs } = issuer.opaque;
    const said = this.parts.upstreams.ask({
      ...asked,
      issuer,
      asker,
      keep: (claims) => ({ claims, lifeMs: Math.min(positiveMs, this.leftMs(claims['exp'])) }),
      saw: (origin) => witness?.saw({ step: 'upstream', issuer, origin }),
    });
    return whenKnown(said, (answer) => {
      if (answer instanceof Rejection) return answer;
      if (!answer.active) return new Rejection('opaque_inactive').about(issuer.id);
      return this.conclude(asked, { issuer, jwt: vouched(answer.claims, header) }, witness);
    });
  }

  /** Time until `exp`; what is no date is refused by the rules for claims, and not remembered. */
  private leftMs(exp: JsonObject[string] | undefined): number {
    if (exp === undefined) return WITHOUT_EXPIRY_MS;
    return typeof exp === 'number' ? exp * 1_000 - this.parts.clock.wallMs() : 0;
  }

  /** Its issuer calls it active: was it revoked here, and what does it say? */
  private conclude(
    asked: AskedToken,
    good: GoodToken & { readonly issuer: AskedIssuer },
    witness?: OpaqueWitness,
  ): GoodToken | Rejection {
    const { issuer, jwt } = good;
    // Such a token is known by its id alone: there is no signed text that it could be known by.
    const found = this.parts.revocations.decisionAbout(issuer, { compact: '', claims: jwt.claims });
    witness?.saw({ step: 'revocation', issuer, found });
    if (found) this.parts.upstreams.forget(issuer, asked);
    if (found) return new Rejection(`revoked_${found.kind}`).ofSigned(jwt).about(issuer.id);
    witness?.saw({ step: 'claims' });
    const refusal = this.parts.claims.refuse(issuer.policy, jwt, witness);
    return refusal ? refusal.ofSigned(jwt).about(issuer.id) : good;
  }
}
