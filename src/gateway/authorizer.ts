/** Decides whether a proxy may let a request pass: the use case behind `/authorize` and Envoy's `ext_authz`. */
import type { ProxiedCaller } from '../callers/proxy-authenticator.js';
import { scopesIn, type ClaimNames } from '../claims/claim-names.js';
import { grantorOf, type ScopeHierarchy } from '../claims/scope-hierarchy.js';
import { aboutToken, type Active, type Introspector } from '../introspection/introspector.js';
import type { AnswerSigner } from '../introspection/signed/answer-signer.js';
import type { Possession } from '../proofs/possession.js';
import type { ProofChecker } from '../proofs/proof-checker.js';
import { proxiedProofs, type ProxiedToken } from '../proofs/proxied-proofs.js';
import type { JsonObject } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import { whenKnown } from '../shared/when-known.js';
import { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import type { Deny } from './denial.js';
import { identityOf, type AnswerAge, type Identity } from './identity.js';
import { noIdentity, signedHeaders, type IdentityHeaders } from './identity-headers.js';
import { presentedToken } from './presented-token.js';
import { isPreflight, type ProxiedRequest } from './proxied-request.js';
import { Refusals } from './refusals.js';

/** May this request pass? */
export interface AuthorizationQuestion {
  readonly request: ProxiedRequest;
  /** In whose name the proxy asks. */
  readonly profile: ProxiedCaller;
  /** The token must have all of them. */
  readonly scopes: readonly string[];
  /** Name of the request of the proxy, as its answer has it. */
  readonly requestId: string;
}

/** It may. */
export interface Allow {
  readonly allowed: true;
  readonly headers: IdentityHeaders;
  /** Absent where no token was asked for. */
  readonly identity?: Identity;
  /** For operators; absent where no token was asked for. */
  readonly token?: GoodToken;
}

/** A verdict is a value. */
export type Decision = Allow | Deny;

/** Where the token is, unless the profile says otherwise (RFC 6750 §2.1). */
const defaultSources = ['authorization'];

/** Says whether a proxy may let a request pass: introspection of the token that the request itself carries. */
export class Authorizer {
  constructor(
    private readonly introspector: Introspector,
    private readonly proofs: ProofChecker,
    private readonly ageOfAnswers: () => AnswerAge,
    private readonly signer: Pick<AnswerSigner, 'sign'>,
  ) {}

  /**
   * @returns at once where nothing has to be fetched nor calculated
   * @throws {KeysUnavailable} when we cannot know
   * @throws {OAuthError} 503 when we cannot know whether a proof is new, or cannot sign what the upstream is to get
   */
  authorize({ request, profile, scopes, requestId }: AuthorizationQuestion): Decision | Promise<Decision> {
    if (profile.allowPreflight && isPreflight(request)) return { allowed: true, headers: noIdentity };
    const sources = { headers: profile.tokenFrom ?? defaultSources, readsDpop: profile.proofs?.dpop !== undefined };
    const presented = presentedToken(request.headers, sources);
    const scheme = presented instanceof Rejection ? undefined : presented?.scheme;
    const refuse = new Refusals(profile, this.proofs, scheme);
    if (presented === undefined) return refuse.noToken(scopes);
    if (presented instanceof Rejection) return refuse.notGood(presented);
    const possession = this.possession(presented, request, profile);
    // RFC 9449 §7.2, RFC 8705 §3: a token that is bound to a key is worth nothing without the proof, and no one else will ask for one (K-07).
    const { token: text } = presented;
    const result = this.introspector.introspect(text, profile.caller, undefined, possession.refuseRead);
    const demands = { scopes, hierarchy: profile.scopeImplies, refuse, ageOfAnswers: this.ageOfAnswers };
    const decision = whenKnown(result, (known) => {
      if (!known.active) return refuse.notGood(known.rejection);
      return possession.hasProof ? decideWithProof(known, demands, possession) : decide(known, demands);
    });
    return whenKnown(decision, (decided) => this.signed(decided, profile, requestId));
  }

  /** With a JWT about the token for the upstream of the profile, where it has one. */
  private signed(decision: Decision, { upstream }: ProxiedCaller, requestId: string): Decision | Promise<Decision> {
    if (!upstream || !decision.allowed || !decision.identity) return decision;
    const { headers, identity } = decision;
    return this.signer
      .sign(stringifyJson(identity.answer), upstream, requestId)
      .then((jwt) => ({ ...decision, headers: signedHeaders(headers, jwt) }));
  }

  private possession(presented: ProxiedToken, request: ProxiedRequest, profile: ProxiedCaller): Possession {
    const { headers, method, path, certificate } = request;
    const said = path === undefined ? undefined : { method, path };
    const proofs = proxiedProofs(presented, { headers, said, certificate }, profile.proofs);
    return this.proofs.of({ id: profile.caller.id, terms: profile.proofs }, proofs);
  }
}

/** What a good token is asked for beside that, and how it is refused. */
interface Demands {
  readonly scopes: readonly string[];
  /** Which scope lies within which; absent: none does. */
  readonly hierarchy: ScopeHierarchy | undefined;
  readonly refuse: Refusals;
  readonly ageOfAnswers: () => AnswerAge;
}

function decide(result: Active, demands: Demands): Decision {
  const { scopes, refuse, ageOfAnswers } = demands;
  const { issuer, jwt } = result;
  const token = { issuer, jwt };
  if (!hasScopes(jwt.claims, issuer.names, demands)) return refuse.notEnough(scopes, token);
  const age = ageOfAnswers();
  // What one request has proven is not true of the next one with the same token.
  const isBound = jwt.claims['cnf'] !== undefined;
  const identity = identityOf(result, isBound ? { ...age, maxAgeMs: 0 } : age);
  return { allowed: true, headers: identity.headers, identity, token };
}

async function decideWithProof(result: Active, demands: Demands, possession: Possession): Promise<Decision> {
  const unproven = await possession.refuseSigned();
  if (unproven) return demands.refuse.notGood(aboutToken(unproven, result));
  const decision = decide(result, demands);
  if (!decision.allowed) return decision;
  // Last: a proof that is asked about is used up.
  const used = await possession.refuseUsed();
  return used ? demands.refuse.notGood(aboutToken(used, result)) : decision;
}

/** Whether a token has all of them, itself or by one that they lie within. */
function hasScopes(
  claims: JsonObject,
  names: ClaimNames,
  { scopes: needed, hierarchy }: Pick<Demands, 'scopes' | 'hierarchy'>,
): boolean {
  if (needed.length === 0) return true;
  const scopes = scopesIn(claims, names) ?? [];
  return needed.every((scope) => grantorOf(hierarchy, scopes, scope) !== undefined);
}
