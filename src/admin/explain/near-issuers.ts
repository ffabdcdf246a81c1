import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { closest } from '../../shared/configuration/closest.js';

/** Most suggestions; more would be a list of everybody. */
const MOST_NEAR = 3;

/** Identifiers of registered issuers that are nearly `iss`: a slash too many, another case, another tenant of the same host. */
export function nearIssuers(issuers: IssuerRegistry, iss: string): readonly string[] {
  const identifiers = issuers.all().map(({ issuer }) => issuer);
  const nearest = closest(iss, identifiers);
  const host = hostOf(iss);
  const neighbours = host === undefined ? [] : identifiers.filter((identifier) => hostOf(identifier) === host);
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...neighbours])].slice(0, MOST_NEAR);
}

function hostOf(identifier: string): string | undefined {
  return URL.parse(identifier)?.host;
}
