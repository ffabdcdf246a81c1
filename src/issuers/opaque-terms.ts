/** Which tokens an issuer is asked about, and how: what the configuration says, made ready. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { nothingOf } from '../shared/configuration/nothing-of.js';
import type { Place } from '../shared/configuration/place.js';
import { soundKeyUrl } from './key-location.js';
import {
  LONGEST_OPAQUE_TOKEN,
  type assertionAlgorithms,
  type OpaqueAssertionSection,
  type OpaqueCertificateSection,
  type OpaqueMatchSection,
  type OpaqueProofSection,
  type OpaqueSection,
} from './opaque.config.js';
import { prepareTokenReview, type AskingContext, type TokenReviewTerms } from './token-review-terms.js';

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

/** An introspection endpoint (RFC 7662). */
export interface IntrospectionTerms {
  readonly kind: 'introspection';
  /** URL; absent: the metadata of the issuer names it. */
  readonly endpoint?: string;
  readonly credentials: UpstreamCredentials;
  /** The same client, known by what comes next: for where the issuer refuses the former. */
  readonly nextCredentials?: UpstreamCredentials;
  /** Only answers that the issuer has signed are believed (RFC 9701). */
  readonly isSigned: boolean;
}

/** Beside its keys, an issuer is asked whether a JWT still holds. */
export interface RecheckTerms {
  /** For so long its answer stands. */
  readonly everyMs: number;
  /** What it comes to while it cannot be asked: 503, or what the keys say. */
  readonly onUnknown: 'refuse' | 'accept';
}

/** Which tokens an issuer is asked about, and how. Times in milliseconds. */
export interface OpaqueTerms {
  readonly way: IntrospectionTerms | TokenReviewTerms;
  readonly match: OpaqueMatch;
  /** Who judges its JWTs: its keys, here; or the issuer, which each of them is sent to. */
  readonly jwt: 'local' | 'introspect';
  /** Absent: what its keys say of a JWT is enough. */
  readonly recheck?: RecheckTerms;
  readonly positiveMs: number;
  readonly negativeMs: number;
  readonly inFlight: number;
  readonly timeoutMs: number;
}

/** Makes the section ready. @returns undefined after reporting every problem */
export function prepareOpaque(section: OpaqueSection, context: AskingContext): OpaqueTerms | undefined {
  const { endpoint, credentials, signed, tokenReview, ...others } = settingsOf(section);
  const { match, cache, limits, jwt, recheck, onUnknown, ...forgotten } = others;
  const { place } = context;
  const way = tokenReview
    ? prepareTokenReview(tokenReview, { ...context, place: place.at('tokenReview') })
    : prepareIntrospection({ endpoint, credentials, signed }, context);
  if (!place.isSound || !way) return undefined;
  const isForJwts = jwt === 'introspect' || recheck !== undefined;
  const { positive, negative, ...noMoreCache } = cache;
  const { inFlight, timeout, ...noMoreLimits } = limits;
  return {
    ...nothingOf({ ...forgotten, ...noMoreCache, ...noMoreLimits }),
    way,
    match: tokenReview ? byNoRule : prepareMatch(match, place.at('match'), isForJwts),
    jwt,
    ...(recheck !== undefined && { recheck: { everyMs: recheck, onUnknown } }),
    positiveMs: positive,
    negativeMs: negative,
    inFlight,
    timeoutMs: timeout,
  };
}

/** The settings without the rules between them. */
function settingsOf(section: OpaqueSection): Omit<OpaqueSection, 'refuseUnfitForJwts' | 'refuseTwoWays'> {
  return section;
}

function prepareIntrospection(
  {
    endpoint,
    credentials,
    signed,
  }: Pick<OpaqueSection, 'endpoint'> & {
    readonly [Key in 'credentials' | 'signed']: OpaqueSection[Key] | undefined;
  },
  { place, terms }: AskingContext,
): IntrospectionTerms | undefined {
  const url = endpoint === 'auto' ? undefined : soundKeyUrl(endpoint, place.at('endpoint'), terms);
  if (!credentials) return undefined;
  const { clientId, next, ...proof } = credentials;
  const at = place.at('credentials');
  const prepared = prepareProof(clientId, proof, at);
  const preparedNext = next && prepareProof(clientId, next, at.at('next'));
  if (!prepared || (next && !preparedNext)) return undefined;
  return {
    kind: 'introspection',
    ...(url !== undefined && { endpoint: url }),
    credentials: prepared,
    ...(preparedNext && { nextCredentials: preparedNext }),
    isSigned: signed === 'require',
  };
}

/** JWTs are found by their issuer, and nothing else is sent there. */
const byNoRule: OpaqueMatch = { length: [1, LONGEST_OPAQUE_TOKEN], isFoundByCaller: false };

function prepareMatch({ prefix, length, byCaller }: OpaqueMatchSection, place: Place, isForJwts: boolean): OpaqueMatch {
  const isFoundByCaller = prefix === undefined && (length !== undefined || byCaller);
  // Whoever has its JWTs asked about needs no rule: those are found by `iss`.
  if (prefix === undefined && !isFoundByCaller && !isForJwts) {
    const remedy = 'prefix, length or byCaller, unless every caller sends issuer_hint; proxies cannot';
    place.warn('no rule: its tokens are found by issuer_hint alone', remedy);
  }
  return { ...(prefix !== undefined && { prefix }), length: length ?? [1, LONGEST_OPAQUE_TOKEN], isFoundByCaller };
}

function prepareProof(
  clientId: string,
  { secret, assertion, certificate }: Omit<OpaqueProofSection, 'refuseOtherThanOne'>,
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
