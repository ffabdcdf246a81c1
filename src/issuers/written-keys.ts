/** Reads keys that are written in the configuration itself. */
import { createPublicKey } from 'node:crypto';
import type { Place } from '../shared/configuration/place.js';
import type { FileText } from '../shared/configuration/field.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import type { Algorithm } from '../tokens/algorithms.js';
import { fitsAnyOf } from '../tokens/import-jwk.js';
import type { LocationContext } from './key-location.js';

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** A JWK Set in a file may be as long as a published one. */
const keySetLimits = { depth: 10, members: 20_000 };

/** Keys that the configuration itself carries (`jwks`, `jwksFile`, `pemFile`): the configuration is their evidence. */
export interface StaticKeyLocation {
  readonly kind: 'static';
  readonly jwks: StaticJwks;
  /** PEM cannot name a key, tokens usually do: keys without a `kid` then answer to any. */
  readonly allowKidless?: boolean;
  /** That there are no keys is a statement (SPIFFE), and not a mistake. */
  readonly mayBeEmpty?: boolean;
}

/** A JWK Set document that came with the configuration. */
export interface StaticJwks {
  readonly keys: readonly unknown[];
}

/** `keys.jwks`. @returns undefined after reporting every problem */
export function jwksLocation(
  jwks: Readonly<Record<string, unknown>>,
  { place, algorithms }: LocationContext,
): StaticKeyLocation | undefined {
  const at = place.at('jwks');
  return fittingKeys(writtenKeys(jwks as JsonObject, at), algorithms, at);
}

/** `keys.jwksFile`. @returns undefined after reporting every problem */
export function jwksFileLocation(
  { text }: FileText,
  { place, algorithms }: LocationContext,
): StaticKeyLocation | undefined {
  const at = place.at('jwksFile');
  return fittingKeys(writtenKeys(readStrictJson(Buffer.from(text), keySetLimits), at), algorithms, at);
}

/**
 * A JWK Set that the configuration carries, of an issuer or of a caller. All of its keys must be public and readable.
 * @returns undefined after reporting every problem
 */
export function writtenKeys(jwks: JsonValue | undefined, place: Place): StaticKeyLocation | undefined {
  const keys = isJsonObject(jwks) ? (jwks['keys'] as readonly JsonValue[]) : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    place.refuse('no list of keys', 'a JWK Set such as { keys: [{ kty: EC, … }] }');
    return undefined;
  }
  const sound = keys.map((key: JsonValue, i) => {
    const found = whatIsWrongWith(key);
    if (found !== undefined) place.at('keys').at(i).refuse(found, 'a public key as a JWK');
    return found === undefined;
  });
  return sound.includes(false) ? undefined : { kind: 'static', jwks: { keys } };
}

/**
 * Keys of which at least one fits an allowed algorithm. Without, every signature would be a 503, for ever.
 * @param location undefined where that was reported already
 * @returns undefined after reporting that there is none
 */
export function fittingKeys(
  location: StaticKeyLocation | undefined,
  algorithms: readonly Algorithm[],
  place: Place,
): StaticKeyLocation | undefined {
  if (!location) return undefined;
  const allowed = new Set(algorithms);
  const keys = location.jwks.keys as readonly JsonObject[];
  if (keys.some((key) => fitsAnyOf(key, allowed))) return location;
  place.refuse('no key for any of algorithms', `a key for ${algorithms.join(' or ')}`);
  return undefined;
}

/** In a set that somebody wrote by hand every entry is meant; in a fetched one the odd entry is skipped. */
function whatIsWrongWith(key: JsonValue): string | undefined {
  if (!isJsonObject(key)) return 'not a JWK';
  if (secretMembers.some((member) => member in key)) return 'a private or symmetric key';
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
    return undefined;
  } catch {
    return 'a key that cannot be read';
  }
}
