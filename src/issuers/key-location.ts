import type { ProblemReporter } from '../shared/configuration/problem.js';
import type { JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { KeyLocation } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { readKeyUrl } from './key-url.js';
import { PemError, readPemKeys } from './pem-keys.js';
import { writtenKeys } from './written-keys.js';

/** What preparing an issuer needs from outside. */
export interface IssuerContext {
  /** Hears of what works and should not. */
  readonly warn: ProblemReporter;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
}

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
  if (jwksFile) return writtenKeys(parse(jwksFile.text), `${path}.keys.jwksFile`, report);
  return writtenKeys(jwks as JsonValue | undefined, `${path}.keys.jwks`, report);

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
