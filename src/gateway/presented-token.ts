import { Rejection } from '../tokens/rejection.js';
import { headerValues } from '../transport/http/peer-of-request.js';

const bearerScheme = /^bearer(?: |$)/i;

/**
 * The token of a request that a proxy has received (RFC 6750 §2.1). What is not the spelling of any token is for the verifier to refuse.
 * @param headers every header of the request, as received: name, value, name, value
 * @param names of the headers that may have it, lower case, in the order in which they are tried
 * @returns `undefined` where there is none; a rejection where it cannot be read in one way only (K-03), or where two headers
 *   have two: whichever were judged, somebody behind us might read the other one
 */
export function presentedToken(headers: readonly string[], names: readonly string[]): string | Rejection | undefined {
  let found: string | undefined;
  for (const name of names) {
    const token = tokenIn(name, headerValues(headers, name));
    if (token instanceof Rejection) return token;
    if (found !== undefined && token !== undefined && token !== found)
      return new Rejection('malformed', 'two headers with different tokens');
    found ??= token;
  }
  return found;
}

function tokenIn(name: string, [value, another]: readonly string[]): string | Rejection | undefined {
  if (value === undefined) return undefined;
  if (another !== undefined) return new Rejection('malformed', 'several headers where one has the token');
  // A proxy may join several headers into one. No scheme that we know has a comma in its credentials.
  if (value.includes(',')) return new Rejection('malformed', 'several credentials in the header of the token');
  if (bearerScheme.test(value)) {
    const token = value.slice('bearer'.length).replace(/^ +/, '');
    return token === '' ? new Rejection('malformed', 'not a bearer credential') : token;
  }
  // What has another scheme is for somebody else. Other headers have the token by itself.
  return name === 'authorization' || value === '' ? undefined : value;
}
