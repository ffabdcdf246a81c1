import { createHash, X509Certificate } from 'node:crypto';
import type { Place } from '../shared/configuration/place.js';
import type { JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import type { CommonRules } from './common-rules.js';
import type { FreshnessSection } from './freshness.config.js';
import { prepareKeyLocation } from './issuer-keys.config.js';
import type { Freshness, Issuer, IssuerNetwork } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';

/**
 * Makes a registration ready: everything that its tokens are judged by, compiled once.
 * @param place of the section, such as `issuers[0]`
 * @param nowMs wall time, milliseconds since the epoch
 * @param rules those of the issuers before it
 * @returns undefined after reporting every problem
 */
export function prepareIssuer(
  section: IssuerSection,
  place: Place,
  nowMs: number,
  rules: CommonRules,
): Issuer | undefined {
  const { id, issuer, algorithms, criticality, usernameClaim, defaultClientId } = section;
  const context = { keys: section.keys, place: place.at('keys'), network: section.network, algorithms, nowMs };
  const keys = prepareKeyLocation(context);
  const network = prepareNetwork(section, place.at('network'));
  if (!keys || !network) return undefined;
  const { allowPrivate, ca } = network;
  return {
    id,
    issuer,
    ...rules.of(section),
    keys,
    freshness: freshnessOf(section.freshness),
    network,
    criticality,
    // Not the bearer token: Kubernetes replaces it every hour, and keys that it fetched stay good.
    keySourceFingerprint: fingerprint([issuer, keys, allowPrivate, ca ?? null, [...algorithms].sort()]),
    ...(usernameClaim === undefined ? {} : { usernameClaim }),
    ...(defaultClientId === undefined ? {} : { defaultClientId }),
  };
}

function freshnessOf(section: FreshnessSection): Freshness {
  const { refresh, hardTtl, missCooldown, missBurst, minSpacing, removal } = section;
  return {
    refreshMs: refresh,
    hardTtlMs: hardTtl,
    missCooldownMs: missCooldown,
    missBurst,
    minSpacingMs: minSpacing,
    removal,
  };
}

function prepareNetwork({ network }: IssuerSection, place: Place): IssuerNetwork | undefined {
  const { allowPrivate, caFile, bearerTokenFile } = network;
  const bearerToken = bearerTokenFile?.text.trim();
  const hasAuthorities = caFile === undefined || isCertificate(caFile.text);
  const hasToken = bearerToken === undefined || visible.test(bearerToken);
  if (!hasAuthorities) place.at('caFile').refuse('no certificate', 'PEM certificates of authorities');
  if (!hasToken) {
    const expected = 'a bearer token of visible ASCII characters (RFC 6750 §2.1)';
    place.at('bearerTokenFile').refuse('something else', expected);
  }
  if (!hasAuthorities || !hasToken) return undefined;
  return {
    allowPrivate,
    ...(caFile === undefined ? {} : { ca: caFile.text }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
  };
}

const visible = /^[\x21-\x7e]+$/;

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

/** JSON keeps the parts apart: no two different lists give one text (attack G-05). */
function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(stringifyJson(parts as readonly JsonValue[]))
    .digest('base64url');
}
