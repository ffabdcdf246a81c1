/** The use case of this service: says to a caller whether a token is good, and what of it the caller may see. */
import { grants, mayIntrospect, unmetRequirement, type Caller } from '../callers/caller.js';
import type { Issuer } from '../issuers/issuer.js';
import { registrationOf, tenantOf } from '../issuers/subject-scope.js';
import type { JsonObject } from '../shared/json-value.js';
import { whenKnown } from '../shared/when-known.js';
import type { Witness } from '../shared/witness.js';
import { Rejection } from '../tokens/rejection.js';
import { isLeftToIssuer, itsOwnPolicyOrIssuer, type Asker } from '../verification/asker.js';
import type { GoodToken } from '../verification/good-token.js';
import { isRechecked, type LivenessCheck } from '../upstream/liveness-check.js';
import type { OpaqueVerifier } from '../upstream/opaque-verifier.js';
import type { UpstreamStep } from '../upstream/upstream-step.js';
import type { TokenVerifier } from '../verification/token-verifier.js';
import type { VerificationStep } from '../verification/verification-step.js';

/** A step of introspection, as a {@link Witness} sees it. */
export type IntrospectionStep =
  | VerificationStep
  | UpstreamStep
  | {
      /** The token is good; whether this caller may see it comes next. */
      readonly step: 'rights';
      readonly issuer: Issuer;
      readonly claims: JsonObject;
      readonly caller: Caller;
    };

/** A good token that this caller may see. The only thing from which an active answer can be made. */
export interface Active extends GoodToken {
  readonly active: true;
  readonly caller: Caller;
}

/** Not a good token, or none of this caller's business: to the caller these are the same. */
export interface Inactive {
  readonly active: false;
  readonly rejection: Rejection;
}

/** A verdict is a value. */
export type IntrospectionResult = Active | Inactive;

/** Why an endpoint cannot use a token with these claims. They may be unverified, so that a useless token costs no fetch. */
export type EndpointDemand = (claims: JsonObject) => Rejection | undefined;

/** Why a token is not shown, by claims that may be unverified. */
type Withhold = (issuer: Issuer, claims: JsonObject) => Rejection | undefined;

/** Who may be asked beside the keys of issuers. */
export interface AskedBesideKeys {
  /** Judges what is no JWT, and JWTs whose issuers say so. */
  readonly opaque: OpaqueVerifier;
  /** Asks issuers that say so whether a JWT still holds. */
  readonly liveness: LivenessCheck;
}

/** For whom a token is judged, and what else it has to be for them. */
interface Reader {
  readonly caller: Caller;
  readonly withhold: Withhold;
  readonly hint?: string | undefined;
}

/** RFC 7662 §2.2: says whether a token is good, for the caller who asks. The use case behind every endpoint. */
export class Introspector {
  /** @param issuers absent: none of them is asked, and tokens that need it are not good */
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly issuers?: AskedBesideKeys,
  ) {}

  /**
   * @param witness sees each step, in the order in which they are taken; the last one decided
   * @param demand of the endpoint, beyond what the issuer and the caller ask for
   * @param hint `issuer_hint` of the request: the registered issuer that an opaque token is of
   * @returns at once where nothing has to be fetched nor calculated
   * @throws {Unavailable} when we cannot know: an inactive answer would log users out, and could be kept
   * @throws {OAuthError} 429 when this caller has had too many opaque tokens asked about
   */
  introspect(
    token: string,
    caller: Caller,
    witness?: Witness<IntrospectionStep>,
    demand: EndpointDemand = () => undefined,
    hint?: string,
  ): IntrospectionResult | Promise<IntrospectionResult> {
    const withhold: Withhold = (issuer, claims) => notGranted(issuer, claims, caller) ?? demand(claims);
    const verdict = this.verifier.verify(token, itsOwnPolicyOrIssuer, witness, askerFor(caller, withhold, witness));
    return whenKnown(verdict, (known) => {
      const reader = { caller, withhold, hint };
      const judged =
        known instanceof Rejection
          ? this.ask(token, known, reader, witness)
          : this.recheck(token, known, reader, witness);
      return whenKnown(judged, (concluded) => shown(concluded, reader, witness));
    });
  }

  /**
   * What is no JWT may be a token that only its issuer can read; and there are issuers that judge their JWTs themselves.
   * @param rejection why it is no JWT, or no good one, or not for keys to judge
   */
  private ask(
    token: string,
    rejection: Rejection,
    { caller, withhold, hint }: Reader,
    witness?: Witness<IntrospectionStep>,
  ): GoodToken | Rejection | Promise<GoodToken | Rejection> {
    if (!this.issuers) return rejection;
    const { opaque } = this.issuers;
    const mayUse = (issuer: Issuer): boolean => grants(caller.issuers, registrationOf(issuer));
    const asker = { id: caller.id, mayUse, hint, isFree: witness !== undefined };
    if (isLeftToIssuer(rejection) && rejection.issuerId !== undefined) {
      const { refuse } = askerFor(caller, withhold, witness);
      return opaque.verifyJwt(token, rejection.issuerId, { ...asker, refuse }, witness);
    }
    return rejection.code !== 'malformed' || opaque.isIdle ? rejection : opaque.verify(token, asker, witness);
  }

  /** Keys have proven it. Where its issuer says so, that is asked whether it still holds, but not for a caller that may not see it. */
  private recheck(
    token: string,
    good: GoodToken,
    { caller, withhold }: Reader,
    witness?: Witness<IntrospectionStep>,
  ): GoodToken | Rejection | Promise<GoodToken | Rejection> {
    if (!this.issuers || !isRechecked(good.issuer) || withhold(good.issuer, good.jwt.claims)) return good;
    return this.issuers.liveness.check(token, good, caller, witness);
  }
}

/** The verdict for this caller. */
function shown(
  judged: GoodToken | Rejection,
  { caller, withhold }: Reader,
  witness?: Witness<IntrospectionStep>,
): IntrospectionResult {
  if (judged instanceof Rejection) return { active: false, rejection: judged };
  const { issuer, jwt, prepared } = judged;
  witness?.saw({ step: 'rights', issuer, claims: jwt.claims, caller });
  const withheld = withhold(issuer, jwt.claims);
  if (withheld) return { active: false, rejection: aboutToken(withheld, judged) };
  return { active: true, issuer, jwt, caller, prepared };
}

/** The same refusal, which for operators says whose good token it is about. */
export function aboutToken(rejection: Rejection, { issuer, jwt }: GoodToken): Rejection {
  return rejection.about(issuer.id, tenantOf(issuer, jwt.claims)).ofSigned(jwt);
}

/**
 * A caller that may not see a token must not have keys fetched for it, nor learn from the time or the kind of its answer
 * whether they could be. Claims that nobody has verified can only deny that.
 */
function askerFor(caller: Caller, withhold: Withhold, witness?: Witness<IntrospectionStep>): Asker {
  return {
    idOf: () => caller.id,
    refuse: (issuer, claims) => {
      const withheld = withhold(issuer, claims);
      if (withheld) witness?.saw({ step: 'rights', issuer, claims, caller });
      return withheld;
    },
  };
}

/** RFC 7662 §4: a token that may not be used at this protected resource is, to it, no token. */
export function notGranted(issuer: Issuer, claims: JsonObject, caller: Caller): Rejection | undefined {
  if (!grants(caller.issuers, registrationOf(issuer))) return new Rejection('caller_issuer_not_granted');
  if (!mayIntrospect(caller, claims)) return new Rejection('caller_audience_not_granted');
  const unmet = unmetRequirement(caller, claims, issuer.names);
  return unmet && new Rejection('caller_claim_not_granted', unmet.claim);
}
