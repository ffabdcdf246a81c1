import type { ClaimCheck } from '../../../claims/claim-check.js';
import { standardNames } from '../../../claims/claim-names.js';
import { policyOfChecks, type ClaimPolicy } from '../../../claims/claim-policy.js';
import { refuseExpired } from '../../../claims/expiry.js';
import { refuseIssuedInFuture } from '../../../claims/issued-at.js';
import { refuseNotYetValid } from '../../../claims/not-before.js';
import { numericDate } from '../../../claims/clock-tolerance.js';
import { refuseMalformedClaims } from '../../../claims/registered-claim-types.js';
import { isJsonArray, type JsonObject } from '../../../shared/json-value.js';
import { Rejection } from '../../../tokens/rejection.js';

/** How far the clocks of callers may be off, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** An assertion is made for one request; one that is older, or good for longer than this, is kept for something else. */
const MAX_AGE_SECONDS = 600;

/** Longest `jti`, in UTF-16 code units. */
const MAX_JTI_LENGTH = 256;

const terms = { clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS, requireExpiry: true };

/**
 * What an assertion of one caller must claim (RFC 7523 §3, RFC 10070). Types before semantics.
 * @param clientId the only `sub`, and the only `iss`
 * @param audience this service's own issuer identifier, and the only `aud`: an endpoint's URL would let another server
 *   use the assertion here (CVE-2025-27370)
 */
export function assertionPolicy(clientId: string, audience: string): ClaimPolicy {
  return policyOfChecks([
    refuseMalformedClaims({ names: standardNames }).check,
    refuseExpired(terms).check,
    refuseNotYetValid(terms).check,
    refuseIssuedInFuture(terms).check,
    refuseKept,
    refuseAnyoneBut(clientId),
    refuseAnyAudienceBut(audience),
    refuseWithoutIdentifier,
  ]);
}

/** Wall time in milliseconds since the epoch until which an assertion with these claims is accepted. */
export function acceptedUntilMs(claims: JsonObject): number {
  return ((numericDate(claims, 'exp') ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000;
}

/** The `jti` of an assertion that was accepted. */
export function identifierOf({ jti }: JsonObject): string {
  return typeof jti === 'string' ? jti : '';
}

/** RFC 7523 §3 item 4 and 6: unreasonably far in the future, or unreasonably old. */
const refuseKept: ClaimCheck = ({ claims }, nowSeconds) => {
  const exp = numericDate(claims, 'exp') ?? Infinity;
  const iat = numericDate(claims, 'iat') ?? nowSeconds;
  const limit = MAX_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS;
  return exp - nowSeconds > limit || nowSeconds - iat > limit ? new Rejection('lifetime_exceeded') : undefined;
};

/** RFC 7523 §3 item 1 and 2.B. */
function refuseAnyoneBut(clientId: string): ClaimCheck {
  return ({ claims: { iss, sub } }) =>
    iss === clientId && sub === clientId
      ? undefined
      : new Rejection('rule_failed', 'iss and sub are not the client id');
}

/** RFC 10070: the sole value, so one string or an array of one. */
function refuseAnyAudienceBut(audience: string): ClaimCheck {
  return ({ claims: { aud } }) => {
    const isSole = aud === audience || (isJsonArray(aud) && aud.length === 1 && aud[0] === audience);
    return isSole ? undefined : new Rejection('audience_mismatch');
  };
}

/** Without `jti` a replay could not be recognised. */
const refuseWithoutIdentifier: ClaimCheck = ({ claims: { jti } }) => {
  if (jti === undefined || jti === '') return new Rejection('claim_missing', 'jti');
  return typeof jti === 'string' && jti.length <= MAX_JTI_LENGTH ? undefined : new Rejection('claim_malformed', 'jti');
};

const prefix = 'caller:';

/** Short id of a caller as the issuer of its own assertions; no issuer of tokens has one like it. */
export function issuerOfCaller(clientId: string): string {
  return prefix + clientId;
}

/** The reverse of {@link issuerOfCaller}. */
export function callerOfIssuer(issuerId: string | undefined): string | undefined {
  return issuerId?.slice(prefix.length);
}
