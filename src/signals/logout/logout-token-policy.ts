/** By which rules a logout token is judged. */
import type { ClaimCheck } from '../../claims/claim-check.js';
import { policyOfChecks, type ClaimPolicy } from '../../claims/claim-policy.js';
import { namesAnyOf } from '../../claims/audience.js';
import { standardNames } from '../../claims/claim-names.js';
import { numericDate } from '../../claims/clock-tolerance.js';
import { refuseExpired } from '../../claims/expiry.js';
import { refuseIssuedInFuture } from '../../claims/issued-at.js';
import { refuseNotYetValid } from '../../claims/not-before.js';
import { refuseMalformedClaims } from '../../claims/registered-claim-types.js';
import { isJsonObject } from '../../shared/json-value.js';
import { Rejection } from '../../tokens/rejection.js';

/** The member of `events` that makes a JWT a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** How far the clock of a provider may be off, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** Longest `jti`, `sid` or `sub`, in UTF-16 code units: OpenID Connect Core §2 allows 255 for `sub`, and nobody needs more. */
const LONGEST_NAME = 256;

/** A logout token is made for one request; one that is good for longer could be kept for a later one. §2.4 says two minutes. */
const LONGEST_LIFE_SECONDS = 24 * 3_600;

const terms = { clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS, requireExpiry: true };

/** What a logout token must say (§2.4, §2.6). Types before meaning. @param audience the client that we are at the provider */
export function logoutTokenPolicy(audience: string): ClaimPolicy {
  const audiences = new Set([audience]);
  return policyOfChecks([
    refuseMalformedClaims({ names: standardNames }).check,
    refuseExpired(terms).check,
    refuseNotYetValid(terms).check,
    refuseIssuedInFuture(terms).check,
    refuseKept,
    ({ claims }) => (namesAnyOf(claims, audiences) ? undefined : new Rejection('audience_mismatch')),
    refuseOtherEvents,
    refuseUnnamed,
  ]);
}

/** Without `iat` nobody knows what came after it. */
const refuseKept: ClaimCheck = ({ claims }, nowSeconds) => {
  if (numericDate(claims, 'iat') === undefined) return new Rejection('claim_missing', 'iat');
  const exp = numericDate(claims, 'exp') ?? Number.POSITIVE_INFINITY;
  return exp - nowSeconds > LONGEST_LIFE_SECONDS ? new Rejection('lifetime_exceeded') : undefined;
};

/** §2.4: with `nonce` it could be taken for an ID token, and an ID token for it. */
const refuseOtherEvents: ClaimCheck = ({ claims: { events, nonce } }) => {
  if (nonce !== undefined) return new Rejection('token_kind', 'nonce');
  if (events === undefined) return new Rejection('token_kind', 'no events: not a logout token');
  const isLogout = isJsonObject(events) && isJsonObject(events[LOGOUT_EVENT]);
  return isLogout ? undefined : new Rejection('claim_malformed', 'events');
};

/** What it is about, and by what a second copy of it is known. */
const refuseUnnamed: ClaimCheck = ({ claims }) => {
  const { sid, sub } = claims;
  if (claims['jti'] === undefined) return new Rejection('claim_missing', 'jti');
  if (sid === undefined && sub === undefined) return new Rejection('claim_missing', 'sid or sub');
  for (const name of ['jti', 'sid', 'sub'] as const) {
    const value = claims[name];
    const isName = value === undefined || (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME);
    if (!isName) return new Rejection('claim_malformed', name);
  }
  return undefined;
};
