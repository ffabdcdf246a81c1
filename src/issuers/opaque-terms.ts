/** How the opaque tokens of one issuer are told, and how it is asked about them: what the configuration says, made ready. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { nothingOf } from '../shared/configuration/nothing-of.js';
import type { Place } from '../shared/configuration/place.js';
import type { KeyUrlTerms } from '../shared/key-url.js';
import { soundKeyUrl } from './key-location.js';
import {
  LONGEST_OPAQUE_TOKEN,
  type assertionAlgorithms,
  type OpaqueAssertionSection,
  type OpaqueCertificateSection,
  type OpaqueCredentialsSection,
  type OpaqueMatchSection,
  type OpaqueSection,
} from './opaque.config.js';

/** Who we are to an issuer. Secrets. */
export type UpstreamCredentials = { readonly clientId: string } & (
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'assertion';
      readonly key: KeyObject;
      readonly algorithm: AssertionAlgorithm;
      readonly kid?: string;
    }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string }
);

/** What our assertions are signed with. */
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number];

/** Which opaque tokens are of an issuer. */
export interface OpaqueMatch {
  readonly prefix?: string;
  /** Characters, at least and at most. */
  readonly length: readonly [number, number];
  /** An opaque token of a caller without another opaque issuer is taken for one of this issuer. */
  readonly isFoundByCaller: boolean;
}

/** How opaque tokens of an issuer are judged. Times in milliseconds. */
export interface OpaqueTerms {
  /** URL; absent: the metadata of the issuer names it. */
  readonly endpoint?: string;
  readonly credentials: UpstreamCredentials;
  readonly match: OpaqueMatch;
  /** How its JWTs are judged: by its keys, and nowhere else. */
  readonly jwt: 'local';
  readonly positiveMs: number;
  readonly negativeMs: number;
  readonly inFlight: number;
  readonly timeoutMs: number;
}

/** Makes the section ready. @returns undefined after reporting every problem */
export function prepareOpaque(
  { endpoint, credentials, match, cache, limits, jwt, ...forgotten }: OpaqueSection,
  place: Place,
  network: KeyUrlTerms,
): OpaqueTerms | undefined {
  const url = endpoint === 'auto' ? undefined : soundKeyUrl(endpoint, place.at('endpoint'), network);
  const prepared = prepareCredentials(credentials, place.at('credentials'));
  if (!place.isSound || !prepared) return undefined;
  const { positive, negative, ...noMoreCache } = cache;
  const { inFlight, timeout, ...noMoreLimits } = limits;
  return {
    ...nothingOf({ ...forgotten, ...noMoreCache, ...noMoreLimits }),
    ...(url !== undefined && { endpoint: url }),
    credentials: prepared,
    match: prepareMatch(match, place.at('match')),
    jwt,
    positiveMs: positive,
    negativeMs: negative,
    inFlight,
    timeoutMs: timeout,
  };
}

function prepareMatch({ prefix, length, byCaller }: OpaqueMatchSection, place: Place): OpaqueMatch {
  const isFoundByCaller = prefix === undefined && (length !== undefined || byCaller);
  if (prefix === undefined && !isFoundByCaller) {
    const remedy = 'prefix, length or byCaller, unless every caller sends issuer_hint; proxies cannot';
    place.warn('no rule: its tokens are found by issuer_hint alone', remedy);
  }
  return { ...(prefix !== undefined && { prefix }), length: length ?? [1, LONGEST_OPAQUE_TOKEN], isFoundByCaller };
}

function prepareCredentials(
  { clientId, secret, assertion, certificate }: Omit<OpaqueCredentialsSection, 'refuseOtherThanOne'>,
  place: Place,
): UpstreamCredentials | undefined {
  // A file that people write ends in a line feed; no secret does (RFC 6749 §A.2).
  if (secret !== undefined) return { kind: 'secret', clientId, secret: secret.replace(/\r?\n$/, '') };
  if (assertion) return prepareAssertion(clientId, assertion, place.at('assertion'));
  return certificate && prepareCertificate(clientId, certificate, place.at('certificate'));
}

function prepareAssertion(
  clientId: string,
  { keyFile, algorithm, kid }: OpaqueAssertionSection,
  place: Place,
): UpstreamCredentials | undefined {
  const key = privateKeyOf(keyFile.text);
  const usable = key ? algorithmsOf(key) : [];
  const [usual] = usable;
  if (!key || usual === undefined) {
    place
      .at('keyFile')
      .refuse('no key that can sign', 'PEM of a private key: RSA from 2048 bits, P-256, P-384, P-521 or Ed25519');
    return undefined;
  }
  if (algorithm !== undefined && !usable.includes(algorithm)) {
    place.at('algorithm').refuse(algorithm, `${usable.join(' or ')} for this key`);
    return undefined;
  }
  return { kind: 'assertion', clientId, key, algorithm: algorithm ?? usual, ...(kid !== undefined && { kid }) };
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** The usual one first. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly AssertionAlgorithm[] {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048 ? ['RS256', 'PS256'] : [];
  if (asymmetricKeyType === 'ed25519') return ['EdDSA'];
  const ofCurve = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' } as const;
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  return asymmetricKeyType === 'ec' && curve in ofCurve ? [ofCurve[curve as keyof typeof ofCurve]] : [];
}

function prepareCertificate(
  clientId: string,
  { certificateFile, keyFile }: OpaqueCertificateSection,
  place: Place,
): UpstreamCredentials | undefined {
  const pair = { certificate: certificateFile.text, key: keyFile.text };
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
    return { kind: 'certificate', clientId, ...pair };
  } catch {
    place.refuse(
      'files that do not make a client certificate',
      'PEM of a certificate, and of its private key in keyFile',
    );
    return undefined;
  }
}
