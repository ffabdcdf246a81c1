import { decodeBase64Url } from '../shared/base64url.js';
import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';

/** SHA-256 of a JWK (RFC 9449 §6.1) or of a certificate (RFC 8705 §3.1): the bindings that resource servers know. */
const understoodMembers = ['jkt', 'x5t#S256'] as const;

const SHA256_OCTETS = 32;

/**
 * RFC 7800 §3.1: `cnf` says to which key a token is bound. A binding that is understood must be one that somebody can hold the token
 * to, each where there are several; members that are not understood are ignored beside it. Answers carry the claim whole, so
 * that no binding is lost on the way: a token without its binding would be a bearer token. Where nothing of it is understood it is
 * the resource server that has to know it; the endpoints for proxies, behind which nobody asks for a proof, refuse every `cnf`.
 */
export function refuseBrokenConfirmation(): Described {
  return {
    about: {
      rule: 'confirmation',
      source: 'RFC 7800 §3.1, RFC 9449 §6.1, RFC 8705 §3.1',
      claims: ['cnf'],
      expected: 'no cnf, or one in which jkt and x5t#S256 are a SHA-256 where they are there',
    },
    check({ claims: { cnf } }) {
      if (!isJsonObject(cnf)) return undefined;
      const broken = understoodMembers.find((name) => cnf[name] !== undefined && !isDigest(cnf[name]));
      return broken === undefined ? undefined : new Rejection('confirmation_invalid', `${broken} is no SHA-256`);
    },
  };
}

function isDigest(value: JsonValue): boolean {
  return typeof value === 'string' && decodeBase64Url(value)?.length === SHA256_OCTETS;
}
