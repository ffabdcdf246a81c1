import type { ProxiedCaller } from '../callers/proxy-authenticator.js';
import { scopesIn, type ClaimNames } from '../claims/claim-names.js';
import type { EndpointDemand, Introspector } from '../introspection/introspector.js';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { GoodToken } from '../verification/good-token.js';
import { challenge, type Deny } from './denial.js';
import { identityHeaders, noIdentity, type IdentityHeaders } from './identity-headers.js';
import { presentedToken } from './presented-token.js';
import { isPreflight, type ProxiedRequest } from './proxied-request.js';

/** May this request pass? */
export interface AuthorizationQuestion {
  readonly request: ProxiedRequest;
  /** In whose name the proxy asks. */
  readonly profile: ProxiedCaller;
  /** The token must have all of them. */
  readonly scopes: readonly string[];
}

/** It may. */
export interface Allow {
  readonly allowed: true;
  readonly headers: IdentityHeaders;
  /** For operators; absent where no token was asked for. */
  readonly token?: GoodToken;
}

/** A verdict is a value (style rule 3). */
export type Decision = Allow | Deny;

/** Where the token is, unless the profile says otherwise (RFC 6750 §2.1). */
const defaultSources = ['authorization'];

/** Says whether a proxy may let a request pass: introspection of the token that the request itself carries. */
export class Authorizer {
  constructor(private readonly introspector: Introspector) {}

  /** @throws {KeysUnavailable} when we cannot know */
  async authorize({ request, profile, scopes }: AuthorizationQuestion): Promise<Decision> {
    if (profile.allowPreflight && isPreflight(request)) return { allowed: true, headers: noIdentity };
    const presented = presentedToken(request.headers, profile.tokenFrom ?? defaultSources);
    if (presented === undefined) return { allowed: false, status: 401, challenge: challenge(profile) };
    if (presented instanceof Rejection) return notGood(profile, presented);
    const result = await this.introspector.introspect(presented, profile.caller, undefined, refuseBound);
    if (!result.active) return notGood(profile, result.rejection);
    const { issuer, jwt } = result;
    const token = { issuer, jwt };
    if (!hasScopes(jwt.claims, issuer.names, scopes)) return notEnough(profile, scopes, token);
    return { allowed: true, headers: identityHeaders(result), token };
  }
}

/**
 * RFC 9449 §7.2, RFC 8705 §3: a token that is bound to a key is worth nothing without the proof, and we see no proofs. Here
 * no one else will ask for one (K-07).
 */
const refuseBound: EndpointDemand = ({ cnf }) => (cnf === undefined ? undefined : new Rejection('proof_missing'));

function hasScopes(claims: JsonObject, names: ClaimNames, needed: readonly string[]): boolean {
  if (needed.length === 0) return true;
  const scopes = scopesIn(claims, names) ?? [];
  return needed.every((scope) => scopes.includes(scope));
}

function notGood(profile: ProxiedCaller, rejection: Rejection): Deny {
  const error = 'invalid_token';
  return { allowed: false, status: 401, error, challenge: challenge({ ...profile, error }), rejection };
}

function notEnough(profile: ProxiedCaller, scopes: readonly string[], token: GoodToken): Deny {
  const error = 'insufficient_scope';
  const scope = scopes.join(' ');
  return { allowed: false, status: 403, error, challenge: challenge({ ...profile, error, scope }), token };
}
