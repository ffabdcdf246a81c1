import { createHash, X509Certificate } from 'node:crypto';
import type { ClaimTerms } from '../claims/claim-terms.js';
import { compileClaimPolicy } from '../claims/compile-claim-policy.js';
import type { ProblemReporter } from '../shared/configuration/problem.js';
import type { JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import type { Freshness, Issuer, IssuerNetwork } from './issuer.js';
import type { FreshnessSection, IssuerSection } from './issuers.config.js';
import { prepareKeyLocation, type IssuerContext } from './key-location.js';

/**
 * Makes a registration ready: everything that its tokens are judged by, compiled once.
 * @param path of the section, such as `issuers[0]`
 * @returns undefined after reporting every problem
 */
export function prepareIssuer(
  section: IssuerSection,
  path: string,
  report: ProblemReporter,
  context: IssuerContext,
): Issuer | undefined {
  const keys = prepareKeyLocation(section, path, report, context);
  const network = prepareNetwork(section, path, report);
  if (!keys || !network) return undefined;
  const terms = claimTermsOf(section);
  const { id, issuer, algorithms, criticality, usernameClaim, defaultClientId } = section;
  const { allowPrivate, ca } = network;
  return {
    id,
    issuer,
    algorithms: new Set(algorithms),
    tokenTypes: new Set(section.tokenTypes.map(plainMediaType)),
    policy: compileClaimPolicy(terms),
    // A caller's token was made for us: another audience, and none of the rules for what it would be used for elsewhere.
    callerPolicy: (audience) =>
      compileClaimPolicy({ ...terms, audiences: new Set([audience]), rules: [], requiredClaims: [] }),
    keys,
    freshness: freshnessOf(section.freshness),
    network,
    deniedKeys: new Set(section.deniedKeys),
    criticality,
    // Not the bearer token: Kubernetes replaces it every hour, and keys that it fetched stay good.
    keySourceFingerprint: fingerprint([issuer, keys, allowPrivate, ca ?? null, [...algorithms].sort()]),
    ...(usernameClaim === undefined ? {} : { usernameClaim }),
    ...(defaultClientId === undefined ? {} : { defaultClientId }),
  };
}

function claimTermsOf(section: IssuerSection): ClaimTerms {
  const { audiences, requiredClaims, rules, requireExpiry, allowIdTokens } = section;
  return {
    clockToleranceSeconds: section.clockTolerance / 1_000,
    maxLifetimeSeconds: section.maxLifetime / 1_000,
    audiences: audiences === 'any' ? 'any' : new Set(audiences),
    requiredClaims,
    rules,
    requireExpiry,
    allowIdTokens,
    strictAccessTokenProfile: section.profile === 'rfc9068',
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

function prepareNetwork({ network }: IssuerSection, path: string, report: ProblemReporter): IssuerNetwork | undefined {
  const { allowPrivate, caFile, bearerTokenFile } = network;
  const bearerToken = bearerTokenFile?.text.trim();
  const hasAuthorities = caFile === undefined || isCertificate(caFile.text);
  const hasToken = bearerToken === undefined || visible.test(bearerToken);
  if (!hasAuthorities) {
    report({ path: `${path}.network.caFile`, found: 'no certificate', expected: 'PEM certificates of authorities' });
  }
  if (!hasToken) {
    const expected = 'a bearer token of visible ASCII characters (RFC 6750 §2.1)';
    report({ path: `${path}.network.bearerTokenFile`, found: 'something else', expected });
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

/** RFC 7515 §4.1.9: `application/` may be left out, and media types have no case. */
function plainMediaType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

/** JSON keeps the parts apart: no two different lists give one text (attack G-05). */
function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(stringifyJson(parts as readonly JsonValue[]))
    .digest('base64url');
}
