import type { TokenScheme } from '../proofs/possession.js';
import type { ProxiedToken } from '../proofs/proxied-proofs.js';
import { Rejection } from '../tokens/rejection.js';
import { headerValues } from '../transport/http/peer-of-request.js';

const schemes: readonly (readonly [TokenScheme, RegExp])[] = [
  ['bearer', /^bearer(?: |$)/i],
  ['dpop', /^dpop(?: |$)/i],
];

/** Where a token may be, and under which schemes. */
export interface TokenSources {
  /** Headers that may have it, lower case, in the order in which they are tried. */
  readonly headers: readonly string[];
  /** Whether it may come with a DPoP proof (RFC 9449 §7.1): otherwise that scheme is for somebody else. */
  readonly readsDpop: boolean;
}

/**
 * The token of a request that a proxy has received (RFC 6750 §2.1). What is not the spelling of any token is for the verifier to refuse.
 * @param headers every header of the request, as received: name, value, name, value
 * @returns `undefined` where there is none; a rejection where it cannot be read in one way only (K-03), or where two headers
 *   have two: whichever were judged, somebody behind us might read the other one
 */
export function presentedToken(
  headers: readonly string[],
  { headers: names, readsDpop }: TokenSources,
): ProxiedToken | Rejection | undefined {
  let found: ProxiedToken | undefined;
  for (const name of names) {
    const presented = tokenIn(name, headerValues(headers, name), readsDpop);
    if (presented instanceof Rejection) return presented;
    if (found && presented && (presented.token !== found.token || presented.scheme !== found.scheme))
      return new Rejection('malformed', 'two headers with different tokens');
    found ??= presented;
  }
  return found;
}

function tokenIn(
  name: string,
  [value, another]: readonly string[],
  readsDpop: boolean,
): ProxiedToken | Rejection | undefined {
  if (value === undefined) return undefined;
  if (another !== undefined) return new Rejection('malformed', 'several headers where one has the token');
  // A proxy may join several headers into one. No scheme that we know has a comma in its credentials.
  if (value.includes(',')) return new Rejection('malformed', 'several credentials in the header of the token');
  for (const [scheme, pattern] of schemes) {
    if (!pattern.test(value) || (scheme === 'dpop' && !readsDpop)) continue;
    const token = value.slice(scheme.length).replace(/^ +/, '');
    return token === '' ? new Rejection('malformed', 'a scheme without a token') : { token, scheme };
  }
  // What has another scheme is for somebody else. Other headers have the token by itself.
  return name === 'authorization' || value === '' ? undefined : { token: value, scheme: 'bearer' };
}
