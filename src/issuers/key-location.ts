import type { Place } from '../shared/configuration/place.js';
import type { JsonValue } from '../shared/json-value.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { KeyLocation } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { orLoopback, readKeyUrl, type KeyUrlTerms } from '../shared/key-url.js';
import { PemError, readPemKeys } from './pem-keys.js';
import { fittingKeys, writtenKeys, type StaticKeyLocation } from './written-keys.js';

const soundUrl = `an https URL such as https://login.corp.example/jwks, ${orLoopback}`;

/** A JWK Set in a file may be as long as a published one. */
const keySetLimits = { depth: 10, members: 20_000 };

/**
 * Where the keys of an issuer come from, as the configuration says it.
 * @param place of the issuer's section
 * @param nowMs wall time, milliseconds since the epoch
 * @returns undefined after reporting every problem
 */
export function prepareKeyLocation(section: IssuerSection, place: Place, nowMs: number): KeyLocation | undefined {
  const { keys, network } = section;
  const at = place.at('keys');
  const { discovery, discoveryUrl, jwksHosts, jwksUri } = keys;
  if (discovery !== undefined) {
    const location = { kind: 'discovery', mode: discovery, jwksHosts: jwksHosts.map(lowerCase) } as const;
    if (discoveryUrl === undefined) return location;
    const url = checkedUrl(discoveryUrl, at.at('discoveryUrl'), network);
    return url === undefined ? undefined : { ...location, url };
  }
  if (jwksUri !== undefined) {
    const url = checkedUrl(jwksUri, at.at('jwksUri'), network);
    return url === undefined ? undefined : { kind: 'jwksUri', url };
  }
  return configuredKeys(section, at, nowMs);
}

/** Keys that the configuration carries. */
function configuredKeys(
  { keys: { pemFile, jwksFile, jwks }, algorithms }: IssuerSection,
  place: Place,
  nowMs: number,
): KeyLocation | undefined {
  const at = place.at(pemFile ? 'pemFile' : jwksFile ? 'jwksFile' : 'jwks');
  const location = pemFile
    ? pemKeys(pemFile.text, at, nowMs)
    : writtenKeys(jwksFile ? parse(jwksFile.text) : (jwks as JsonValue | undefined), at);
  return location && fittingKeys(location, algorithms, at);
}

function lowerCase(host: string): string {
  return host.toLowerCase();
}

function checkedUrl(text: string, place: Place, terms: KeyUrlTerms): string | undefined {
  const url = readKeyUrl(text, terms);
  if (url instanceof URL) return text;
  place.refuse(url, soundUrl);
  return undefined;
}

function pemKeys(text: string, place: Place, nowMs: number): StaticKeyLocation | undefined {
  try {
    const { jwks, warnings } = readPemKeys(text, nowMs);
    const expected = 'a certificate that has not expired, or a plain public key';
    for (const found of warnings) place.warn(found, expected);
    return { kind: 'static', jwks, allowKidless: true };
  } catch (error) {
    if (!(error instanceof PemError)) throw error;
    place.refuse(error.message, 'PEM public keys or certificates, and nothing else');
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
