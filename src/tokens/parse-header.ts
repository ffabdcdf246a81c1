import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import { isAlgorithm } from './algorithms.js';
import { Rejection } from './rejection.js';
import { MAX_KID_LENGTH, type JwtHeader } from './unverified-jwt.js';

/** RFC 7519 §5.3: claims that a header may repeat, and that must then say the same. */
const replicable = ['iss', 'sub', 'aud'] as const;

/** RFC 6838 §4.2 and some air; ASCII, so that lower-casing cannot fold a foreign letter into one of ours. */
const mediaType = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads the members of a JOSE header that mean something to us (RFC 7515 §4.1). `jku`, `jwk`, `x5u`, `x5c` and `x5t` mean
 * nothing: a key never comes from a token.
 */
export function parseHeader(members: JsonObject): JwtHeader | Rejection {
  const { alg, kid, typ } = members;
  const unacceptable = refuseExtensions(members) ?? refuseContent(members);
  if (unacceptable) return unacceptable;
  if (!isAlgorithm(alg)) return new Rejection('algorithm_unsupported');
  if (!isKid(kid)) return new Rejection('header_invalid', 'kid is not a string of reasonable length');
  if (!isMediaType(typ)) return new Rejection('header_invalid', 'typ is not a media type');
  const type = typ === undefined ? undefined : normalizeMediaType(typ);
  if (type === 'none') return new Rejection('token_type_not_allowed', 'a typ that says none is not an absent one');
  return {
    alg,
    ...(kid === undefined ? {} : { kid }),
    ...(type === undefined ? {} : { typ: type }),
    ...(members['nonce'] === undefined ? {} : { hasNonce: true }),
    ...(hasMore(members) ? { hasMore: true } : {}),
  };
}

function hasMore(members: JsonObject): boolean {
  for (const name in members) if (name !== 'alg' && name !== 'kid' && name !== 'typ') return true;
  return false;
}

/** Whether the claims that the header repeats are those of the payload (B-18). */
export function refuseReplicatedClaims(header: JsonObject, claims: JsonObject): Rejection | undefined {
  const differs = replicable.some((name) => header[name] !== undefined && !isSame(header[name], claims[name]));
  return differs ? new Rejection('header_invalid', 'the header repeats a claim with another value') : undefined;
}

/** RFC 7515 §4.1.11 and RFC 7797 §7: no extension is understood here, whatever its name and its form. */
function refuseExtensions({ crit, b64 }: JsonObject): Rejection | undefined {
  if (crit !== undefined) return new Rejection('critical_extension', 'crit');
  if (b64 !== undefined && b64 !== true) return new Rejection('critical_extension', 'b64');
  return undefined;
}

/** RFC 7519 §5.2: neither a token inside the token, nor anything compressed. */
function refuseContent({ cty, zip }: JsonObject): Rejection | undefined {
  if (zip !== undefined) return new Rejection('malformed', 'zip has no meaning in a JWS');
  if (!isMediaType(cty)) return new Rejection('header_invalid', 'cty is not a media type');
  if (cty !== undefined && normalizeMediaType(cty) === 'jwt') return new Rejection('nested');
  return undefined;
}

function isKid(kid: JsonValue | undefined): kid is string | undefined {
  return kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KID_LENGTH);
}

function isMediaType(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || (typeof value === 'string' && mediaType.test(value));
}

/** RFC 7515 §4.1.9: case does not count, and `application/` may be left out when no other slash follows. */
function normalizeMediaType(type: string): string {
  const lower = type.toLowerCase();
  const [, subtype] = /^application\/([^/]*)$/.exec(lower) ?? [];
  return subtype ?? lower;
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return !isJsonObject(a) && stringifyJson(a) === stringifyJson(b);
}
