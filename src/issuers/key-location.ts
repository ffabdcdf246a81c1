import { createPublicKey } from 'node:crypto';
import type { ProblemReporter } from '../shared/configuration/problem.js';
import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { KeyLocation } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { readKeyUrl } from './key-url.js';
import { PemError, readPemKeys } from './pem-keys.js';

/** What preparing an issuer needs from outside. */
export interface IssuerContext {
  /** Hears of what works and should not. */
  readonly warn: ProblemReporter;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** A JWK Set in a file may be as long as a published one. */
const keySetLimits = { depth: 10, members: 20_000 };

/**
 * Where the keys of an issuer come from, as the configuration says it.
 * @param path of the issuer's section
 * @returns undefined after reporting every problem
 */
export function prepareKeyLocation(
  { keys, network }: IssuerSection,
  path: string,
  report: ProblemReporter,
  { warn, nowMs }: IssuerContext,
): KeyLocation | undefined {
  const { discovery, discoveryUrl, jwksUri, jwksFile, jwks, pemFile } = keys;
  if (discovery !== undefined) {
    const jwksHosts = keys.jwksHosts.map((host) => host.toLowerCase());
    const common = { kind: 'discovery', mode: discovery, jwksHosts } as const;
    if (discoveryUrl === undefined) return common;
    return isUrl(discoveryUrl, `${path}.keys.discoveryUrl`) ? { ...common, url: discoveryUrl } : undefined;
  }
  if (jwksUri !== undefined)
    return isUrl(jwksUri, `${path}.keys.jwksUri`) ? { kind: 'jwksUri', url: jwksUri } : undefined;
  if (pemFile) return fromPem(pemFile.text, `${path}.keys.pemFile`);
  if (jwksFile) return fromJwks(parse(jwksFile.text), `${path}.keys.jwksFile`, report);
  return fromJwks(jwks as JsonValue | undefined, `${path}.keys.jwks`, report);

  function isUrl(text: string, at: string): boolean {
    const url = readKeyUrl(text, network);
    if (typeof url === 'string')
      report({ path: at, found: url, expected: 'an https URL such as https://login.corp.example/jwks' });
    return typeof url !== 'string';
  }

  function fromPem(text: string, at: string): KeyLocation | undefined {
    try {
      const pem = readPemKeys(text, nowMs);
      const expected = 'a certificate that has not expired, or a plain public key';
      for (const found of pem.warnings) warn({ path: at, found, expected });
      return { kind: 'static', jwks: pem.jwks, allowKidless: true };
    } catch (error) {
      if (!(error instanceof PemError)) throw error;
      report({ path: at, found: error.message, expected: 'PEM public keys or certificates, and nothing else' });
      return undefined;
    }
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseStrictJson(Buffer.from(text), keySetLimits);
  } catch {
    return undefined;
  }
}

function fromJwks(jwks: JsonValue | undefined, path: string, report: ProblemReporter): KeyLocation | undefined {
  const keys = isJsonObject(jwks) ? (jwks['keys'] as readonly JsonValue[]) : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    report({ path, found: 'no list of keys', expected: 'a JWK Set such as { keys: [{ kty: EC, … }] }' });
    return undefined;
  }
  const sound = keys.map((key: JsonValue, i) => {
    const found = whatIsWrongWith(key);
    if (found !== undefined) report({ path: `${path}.keys[${i}]`, found, expected: 'a public key as a JWK' });
    return found === undefined;
  });
  return sound.includes(false) ? undefined : { kind: 'static', jwks: { keys } };
}

/** In a set that somebody wrote by hand every entry is meant; in a fetched one the odd entry is skipped. */
function whatIsWrongWith(key: JsonValue): string | undefined {
  if (!isJsonObject(key)) return 'not a JWK';
  if (secretMembers.some((member) => member in key)) return 'a private or symmetric key';
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
    return undefined;
  } catch {
    return 'a key that cannot be read';
  }
}
