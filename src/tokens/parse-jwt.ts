import { decodeBase64Url } from '../shared/base64url.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import { claimMembersFor, DEFAULT_TOKEN_BYTES } from '../shared/token-sizes.js';
import type { Witness } from '../shared/witness.js';
import type { JwtStep } from './jwt-step.js';
import { parseHeader, refuseReplicatedClaims } from './parse-header.js';
import { Rejection } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';

/** Periods that decide something: two make a JWS, four a JWE (RFC 7516 §9). A fifth one ends the search. */
const TELLING_PERIODS = 5;

/**
 * Takes a compact JWS apart (RFC 7515 §7.1), literally: no trimming, no `Bearer`, one spelling of each octet.
 * Whatever the input, the answer is a value and the cost is linear in its length.
 * @param longest in characters
 */
export function parseJwt(
  token: string,
  witness?: Witness<JwtStep>,
  longest = DEFAULT_TOKEN_BYTES,
): UnverifiedJwt | Rejection {
  if (token.length > longest) return new Rejection('oversized', 'longer than server.limits.token allows');
  const segments = split(token);
  if (segments instanceof Rejection) return segments;
  const [encodedHeader, encodedPayload, signature] = segments;
  if (!decodeBase64Url(signature)) return new Rejection('malformed', 'signature is not base64url');
  const members = parseSegment(encodedHeader);
  if (!members) return new Rejection('malformed', 'header is not a strict JSON object');
  witness?.saw({ step: 'header', members });
  const header = parseHeader(members);
  if (header instanceof Rejection) return header;
  const claims = parseSegment(encodedPayload, claimMembersFor(longest));
  if (!claims) return new Rejection('malformed', 'payload is not a strict JSON object');
  const unusable = refuseIssuer(claims['iss']) ?? refuseReplicatedClaims(members, claims);
  if (unusable) return unusable;
  return { compact: token, header, unverifiedIssuer: claims['iss'] as string | undefined, unverifiedClaims: claims };
}

/** Most of what is none is a token that only its issuer can judge (RFC 6749 §1.4), where it was asked for one without an audience, for example. */
const noJwt = 'not three segments: no JWT, perhaps an opaque token, which only its issuer can introspect';

/** Counts periods by looking for them, so that a token of a million of them allocates nothing (C-01). */
function split(token: string): readonly [string, string, string] | Rejection {
  const periods: number[] = [];
  for (let at = token.indexOf('.'); at !== -1 && periods.length < TELLING_PERIODS; at = token.indexOf('.', at + 1)) {
    periods.push(at);
  }
  const [first, second] = periods;
  if (periods.length === 4 && parseSegment(token.slice(0, first))) return new Rejection('encrypted');
  if (periods.length !== 2 || first === undefined || second === undefined) return new Rejection('malformed', noJwt);
  const segments = [token.slice(0, first), token.slice(first + 1, second), token.slice(second + 1)] as const;
  return segments.includes('') ? new Rejection('malformed', 'a segment is empty') : segments;
}

function parseSegment(segment: string, members?: number): JsonObject | undefined {
  const octets = decodeBase64Url(segment);
  if (!octets) return undefined;
  const value = readStrictJson(octets, members === undefined ? {} : { members });
  return isJsonObject(value) ? value : undefined;
}

/** RFC 7519 §4.1.1: it may be absent. A NUL would end the name early in somebody else's program (C-11). */
function refuseIssuer(iss: JsonValue | undefined): Rejection | undefined {
  if (iss === undefined) return undefined;
  if (iss === '') return new Rejection('issuer_missing');
  if (typeof iss !== 'string' || iss.includes('\0')) return new Rejection('claim_malformed', 'iss');
  return undefined;
}
