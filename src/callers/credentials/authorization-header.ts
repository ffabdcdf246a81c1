import { OAuthError } from '../../transport/oauth-error.js';
import { bearerChallenge, invalidRequest } from './authentication-failure.js';

/** The one `Authorization` header of a request, split and not yet verified (RFC 9110 §11.4). */
export interface Authorization {
  /** In lower case; empty where the header has none. */
  readonly scheme: string;
  /** What follows the scheme. Of `basic` and `bearer` it has the form of one credential. */
  readonly credentials: string;
}

/** Longest header that is read, in bytes: no credential that we issue or accept comes near. */
const MAX_HEADER_LENGTH = 8 * 1024;

/** RFC 9110 §11.4: a scheme, and after at least one space the rest. */
const schemeAndRest = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?: +(.*))?$/s;

/** RFC 6750 §2.1. */
const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * Reads the `Authorization` headers of a request.
 * @returns undefined when there is none
 * @throws {OAuthError} 400 when there are several, or one that cannot be read in one way only (RFC 9110 §5.3)
 */
export function readAuthorization(headers: readonly string[]): Authorization | undefined {
  const [header, another] = headers;
  if (header === undefined) return undefined;
  if (another !== undefined) throw invalidRequest('more than one Authorization header');
  if (header.length > MAX_HEADER_LENGTH) throw invalidRequest('the Authorization header is too long');
  const [, name = '', rest = ''] = schemeAndRest.exec(header) ?? [];
  const scheme = name.toLowerCase();
  switch (scheme) {
    case 'basic':
      return { scheme, credentials: single(rest) };
    case 'bearer':
      return { scheme, credentials: bearerToken(single(rest)) };
    default:
      return { scheme, credentials: rest };
  }
}

/** Neither scheme has a comma in its credentials: two headers were joined into one. */
function single(credentials: string): string {
  if (credentials.includes(',')) throw invalidRequest('more than one credential in the Authorization header');
  return credentials;
}

/** RFC 6750 §3.1: a malformed bearer credential is a bad request, and the challenge says so. */
function bearerToken(rest: string): string {
  if (b64token.test(rest)) return rest;
  throw new OAuthError('invalid_request', 'the bearer credential is malformed', {
    challenges: [`${bearerChallenge}, error="invalid_request"`],
  });
}
