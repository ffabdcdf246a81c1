import type { ProblemReporter } from '../shared/configuration/problem.js';
import type { JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { KeyLocation } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { readKeyUrl, type KeyUrlTerms } from './key-url.js';
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
  context: IssuerContext,
): KeyLocation | undefined {
  const { discovery, discoveryUrl, jwksHosts, jwksUri, jwksFile, jwks, pemFile } = keys;
  if (discovery !== undefined) {
    const location = { kind: 'discovery', mode: discovery, jwksHosts: jwksHosts.map(lowerCase) } as const;
    if (discoveryUrl === undefined) return location;
    const url = checkedUrl(discoveryUrl, `${path}.keys.discoveryUrl`, report, network);
    return url === undefined ? undefined : { ...location, url };
  }
  if (jwksUri !== undefined) {
    const url = checkedUrl(jwksUri, `${path}.keys.jwksUri`, report, network);
    return url === undefined ? undefined : { kind: 'jwksUri', url };
  }
  if (pemFile) return pemKeys(pemFile.text, `${path}.keys.pemFile`, report, context);
  if (jwksFile) return writtenKeys(parse(jwksFile.text), `${path}.keys.jwksFile`, report);
  return writtenKeys(jwks as JsonValue | undefined, `${path}.keys.jwks`, report);
}

function lowerCase(host: string): string {
  return host.toLowerCase();
}

function checkedUrl(text: string, path: string, report: ProblemReporter, terms: KeyUrlTerms): string | undefined {
  const url = readKeyUrl(text, terms);
  if (url instanceof URL) return text;
  report({ path, found: url, expected: 'an https URL such as https://login.corp.example/jwks' });
  return undefined;
}

function pemKeys(
  text: string,
  path: string,
  report: ProblemReporter,
  { warn, nowMs }: IssuerContext,
): KeyLocation | undefined {
  try {
    const { jwks, warnings } = readPemKeys(text, nowMs);
    const expected = 'a certificate that has not expired, or a plain public key';
    for (const found of warnings) warn({ path, found, expected });
    return { kind: 'static', jwks, allowKidless: true };
  } catch (error) {
    if (!(error instanceof PemError)) throw error;
    report({ path, found: error.message, expected: 'PEM public keys or certificates, and nothing else' });
    return undefined;
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseStrictJson(Buffer.from(text), keySetLimits);
  } catch {
    return undefined;
  }
}
