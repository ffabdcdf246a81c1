import { decodeBase64Url } from '../shared/base64url.js';
import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck, Described } from './claim-check.js';

/** SHA-256 of a JWK (RFC 9449 §6.1) or of a certificate (RFC 8705 §3.1): the bindings that resource servers know. */
const knownMembers: ReadonlySet<string> = new Set(['jkt', 'x5t#S256']);

const SHA256_OCTETS = 32;

/**
 * RFC 7800 §3.1: `cnf` names one key. One that we would not pass on whole is refused, because a token whose binding
 * is dropped, or not understood, would be a bearer token (R8705-09).
 */
export function refuseUnknownConfirmation(): Described<ClaimCheck> {
  return {
    about: {
      rule: 'confirmation',
      source: 'RFC 7800 §3.1, RFC 9449 §6.1, RFC 8705 §3.1',
      claims: ['cnf'],
      expected: 'no cnf, or one with exactly jkt or x5t#S256, a SHA-256',
    },
    check({ claims: { cnf } }) {
      if (cnf === undefined) return undefined;
      const members = isJsonObject(cnf) ? Object.entries(cnf) : [];
      const isTruthful =
        members.length === 1 && members.every(([name, value]) => knownMembers.has(name) && isDigest(value));
      return isTruthful ? undefined : new Rejection('confirmation_invalid');
    },
  };
}

function isDigest(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && decodeBase64Url(value)?.length === SHA256_OCTETS;
}
