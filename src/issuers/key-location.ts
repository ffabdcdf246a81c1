import type { ProblemReporter } from '../shared/configuration/problem.js';
import type { JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { KeyLocation } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { orLoopback, readKeyUrl, type KeyUrlTerms } from '../shared/key-url.js';
import { PemError, readPemKeys } from './pem-keys.js';
import { fittingKeys, writtenKeys, type StaticKeyLocation } from './written-keys.js';

const soundUrl = `an https URL such as https://login.corp.example/jwks, ${orLoopback}`;

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
  section: IssuerSection,
  path: string,
  report: ProblemReporter,
  context: IssuerContext,
): KeyLocation | undefined {
  const { keys, network } = section;
  const { discovery, discoveryUrl, jwksHosts, jwksUri } = keys;
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
  return configuredKeys(section, `${path}.keys`, report, context);
}

/** Keys that the configuration carries. */
function configuredKeys(
  { keys: { pemFile, jwksFile, jwks }, algorithms }: IssuerSection,
  path: string,
  report: ProblemReporter,
  context: IssuerContext,
): KeyLocation | undefined {
  const place = pemFile ? 'pemFile' : jwksFile ? 'jwksFile' : 'jwks';
  const at = `${path}.${place}`;
  const location = pemFile
    ? pemKeys(pemFile.text, at, report, context)
    : writtenKeys(jwksFile ? parse(jwksFile.text) : (jwks as JsonValue | undefined), at, report);
  return location && fittingKeys(location, algorithms, at, report);
}

function lowerCase(host: string): string {
  return host.toLowerCase();
}

function checkedUrl(text: string, path: string, report: ProblemReporter, terms: KeyUrlTerms): string | undefined {
  const url = readKeyUrl(text, terms);
  if (url instanceof URL) return text;
  report({ path, found: url, expected: soundUrl });
  return undefined;
}

function pemKeys(
  text: string,
  path: string,
  report: ProblemReporter,
  { warn, nowMs }: IssuerContext,
): StaticKeyLocation | undefined {
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
