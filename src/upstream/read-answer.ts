import type { Issuer } from '../issuers/issuer.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import { Rejection } from '../tokens/rejection.js';
import { UpstreamFailure } from './upstream-failure.js';

/** What an issuer said of a token. */
export type UpstreamAnswer =
  | {
      readonly active: true;
      /** What it says, as claims; `iss` is always there. */
      readonly claims: JsonObject;
      readonly bytes: number;
    }
  | { readonly active: false };

/** What an issuer says of a token, or why that is of no use. */
export type Said = UpstreamAnswer | Rejection;

/** `token_type` of tokens that may be used for access: RFC 6749 §5.1, RFC 9449 §6.2, and how some servers call the first. */
const accessTypes: ReadonlySet<string> = new Set(['bearer', 'dpop', 'access_token']);

/**
 * Reads an introspection response (RFC 7662 §2.2), strictly: what is not exactly one is an outage, not a verdict.
 * @param bytes what it took on the way
 * @returns what it says; a rejection where it is about a token of somebody else, or one that is not for access
 * @throws {UpstreamFailure}
 */
export function readAnswer(document: JsonValue | undefined, bytes: number, { id, issuer }: Issuer): Said {
  if (!isJsonObject(document)) throw new UpstreamFailure('answer', 'not a JSON object');
  const { active, ...said } = document;
  if (active === false) return { active: false };
  if (active !== true) throw new UpstreamFailure('answer', 'active is neither true nor false');
  const { iss = issuer, token_type: type } = said;
  if (iss !== issuer) return new Rejection('opaque_foreign', 'the answer names another issuer').about(id);
  const claims: JsonObject = { ...said, iss };
  const refusal = refuseType(type, claims);
  return refusal ? refusal.about(id) : { active: true, claims, bytes };
}

/** @throws {UpstreamFailure} for what is not strict JSON */
export function parseAnswer(body: Uint8Array): JsonValue {
  try {
    return parseStrictJson(body);
  } catch {
    // Not the cause: it could quote what was sent.
    throw new UpstreamFailure('json', 'not strict JSON');
  }
}

/** A refresh token is active, too, at most servers: whoever accepts it here would take it for access (RFC 8725 §3.12). */
function refuseType(type: JsonValue | undefined, { cnf }: JsonObject): Rejection | undefined {
  if (type === undefined) return undefined;
  if (typeof type !== 'string') return new Rejection('claim_malformed', 'token_type');
  const word = type.toLowerCase().replace(/^urn:ietf:params:oauth:token-type:/, '');
  if (!accessTypes.has(word)) return new Rejection('token_kind', 'token_type is not one of tokens for access');
  const isBound = isJsonObject(cnf) && cnf['jkt'] !== undefined;
  // Without the key that it is bound to, our own answer would make a bearer token of it.
  return word === 'dpop' && !isBound ? new Rejection('confirmation_invalid', 'DPoP without cnf.jkt') : undefined;
}
