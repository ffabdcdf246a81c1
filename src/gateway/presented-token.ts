import { Rejection } from '../tokens/rejection.js';

const bearerScheme = /^bearer(?: |$)/i;

/**
 * The token of a request that a proxy has received (RFC 6750 §2.1). What is not the spelling of any token is for the verifier to refuse.
 * @param authorization every `Authorization` header, as received
 * @returns `undefined` where there is no bearer token; a rejection where it cannot be read in one way only (K-03)
 */
export function presentedToken(authorization: readonly string[]): string | Rejection | undefined {
  const [header, another] = authorization;
  if (header === undefined) return undefined;
  if (another !== undefined) return new Rejection('malformed', 'several Authorization headers');
  // A proxy may join several headers into one. No scheme that we know has a comma in its credentials.
  if (header.includes(',')) return new Rejection('malformed', 'several credentials in the Authorization header');
  if (!bearerScheme.test(header)) return undefined;
  const token = header.slice('bearer'.length).replace(/^ +/, '');
  return token === '' ? new Rejection('malformed', 'not a bearer credential') : token;
}
