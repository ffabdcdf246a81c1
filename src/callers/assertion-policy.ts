import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { JsonObject, JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';

/** How far the clocks of callers may be off, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** An assertion is made for one request; one that is older, or good for longer than this, is being kept for something. */
const MAX_AGE_SECONDS = 600;

/** Longest `jti`, in UTF-16 code units. */
const MAX_JTI_LENGTH = 256;

/** What an assertion of one caller must claim (RFC 7523 §3, RFC 10070). Types before semantics. */
export class AssertionPolicy implements ClaimPolicy {
  /**
   * @param clientId the only `iss` and `sub`
   * @param audience this service's own issuer identifier, the only `aud`: an endpoint URL would let another server
   *   pass the assertion on (CVE-2025-27370)
   */
  constructor(
    private readonly clientId: string,
    private readonly audience: string,
  ) {}

  refuse({ claims }: VerifiedJwt, nowSeconds: number): Rejection | undefined {
    return this.refuseUnverified(claims, nowSeconds);
  }

  refuseUnverified(claims: JsonObject, nowSeconds: number): Rejection | undefined {
    const { iss, sub, aud, exp, iat, nbf, jti } = claims;
    if (iss !== this.clientId || sub !== this.clientId)
      return new Rejection('rule_failed', 'iss and sub are not the client id');
    if (!isSoleAudience(aud, this.audience)) return new Rejection('audience_mismatch');
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
      return new Rejection('claim_missing', 'jti');
    return refuseTimes({ exp, iat, nbf }, nowSeconds);
  }
}

/** Wall time in milliseconds since the epoch until which an assertion with this `exp` is accepted. */
export function acceptedUntilMs(exp: JsonValue | undefined): number {
  return (Number(exp) + CLOCK_TOLERANCE_SECONDS) * 1000;
}

/** RFC 10070: the sole value, so one string or an array of one. */
function isSoleAudience(aud: JsonValue | undefined, audience: string): boolean {
  return aud === audience || (Array.isArray(aud) && aud.length === 1 && aud[0] === audience);
}

interface Times {
  readonly exp: JsonValue | undefined;
  readonly iat: JsonValue | undefined;
  readonly nbf: JsonValue | undefined;
}

function refuseTimes({ exp, iat, nbf }: Times, now: number): Rejection | undefined {
  if (exp === undefined) return new Rejection('claim_missing', 'exp');
  if (!isTime(exp) || !(iat === undefined || isTime(iat)) || !(nbf === undefined || isTime(nbf)))
    return new Rejection('claim_malformed');
  if (now >= exp + CLOCK_TOLERANCE_SECONDS) return new Rejection('expired');
  if (exp > now + MAX_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS) return new Rejection('lifetime_exceeded');
  if (nbf !== undefined && nbf > now + CLOCK_TOLERANCE_SECONDS) return new Rejection('not_yet_valid');
  if (iat === undefined) return undefined;
  if (iat > now + CLOCK_TOLERANCE_SECONDS) return new Rejection('issued_in_future');
  return iat < now - MAX_AGE_SECONDS - CLOCK_TOLERANCE_SECONDS ? new Rejection('lifetime_exceeded') : undefined;
}

/** RFC 7519 §2 NumericDate. An integer beyond what a double holds (a `bigint`) is no time of ours. */
function isTime(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
