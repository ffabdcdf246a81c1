import { createHash } from 'node:crypto';
import { defaultFreshness } from '../issuers/freshness.js';
import type { Issuer, KeyLocation } from '../issuers/issuer.js';
import { readKeyUrl } from '../issuers/key-url.js';
import type { ProblemReporter } from '../shared/configuration/problem.js';
import { algorithmNames } from '../tokens/algorithms.js';
import { assertionPolicy } from './assertion-policy.js';
import type { AssertionSection } from './callers.config.js';

/** RFC 7523bis recommends the first; older clients send the second, or nothing. */
const tokenTypes: ReadonlySet<string> = new Set(['client-authentication+jwt', 'jwt', 'none']);

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** What the caller's assertions are judged by, besides its own section. */
export interface AssertionContext {
  readonly clientId: string;
  /** This service's own issuer identifier; absent where the configuration has none. */
  readonly identifier: string | undefined;
}

/**
 * Makes a caller the issuer of its own assertions, so that its keys are fetched, refreshed and withdrawn as any issuer's.
 * @returns undefined after reporting every problem
 */
export function prepareAssertions(
  section: AssertionSection,
  path: string,
  report: ProblemReporter,
  { clientId, identifier }: AssertionContext,
): Issuer | undefined {
  const keys = keyLocation(section, path, report);
  const algorithms = new Set(section.algorithms ?? algorithmNames);
  if (identifier === undefined) {
    report({ path, found: 'no server.identifier', expected: 'server.identifier, the only audience of an assertion' });
  }
  if (!keys || identifier === undefined) return undefined;
  const policy = assertionPolicy(clientId, identifier);
  return {
    id: `caller:${clientId}`,
    issuer: clientId,
    algorithms,
    tokenTypes,
    policy,
    callerPolicy: () => policy,
    keys,
    freshness: defaultFreshness,
    network: { allowPrivate: false },
    criticality: 'normal',
    keySourceFingerprint: fingerprint([clientId, keys, ...algorithms]),
  };
}

function keyLocation(
  { jwksUri, jwks }: AssertionSection,
  path: string,
  report: ProblemReporter,
): KeyLocation | undefined {
  if (jwksUri !== undefined && jwks === undefined) return remoteKeys(jwksUri, `${path}.jwksUri`, report);
  if (jwks !== undefined && jwksUri === undefined) return ownKeys(jwks, `${path}.jwks`, report);
  report({ path, found: jwks === undefined ? 'neither' : 'both', expected: 'exactly one of jwks and jwksUri' });
  return undefined;
}

function remoteKeys(jwksUri: string, path: string, report: ProblemReporter): KeyLocation | undefined {
  const url = readKeyUrl(jwksUri, { allowPrivate: false });
  if (typeof url !== 'string') return { kind: 'jwksUri', url: jwksUri };
  report({ path, found: url, expected: 'an absolute https URL such as https://orders.example/jwks' });
  return undefined;
}

function ownKeys(jwks: unknown, path: string, report: ProblemReporter): KeyLocation | undefined {
  const keys = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isObject)) {
    report({ path, found: 'no list of keys', expected: 'a JWK Set such as { keys: [{ kty: EC, … }] }' });
    return undefined;
  }
  const secret = keys.findIndex((key) => secretMembers.some((member) => member in key));
  if (secret < 0) return { kind: 'static', jwks: { keys } };
  report({ path: `${path}.keys[${secret}]`, found: 'a private or symmetric key', expected: 'the public key' });
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
