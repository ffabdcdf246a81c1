import { X509Certificate } from 'node:crypto';
import { isJsonArray, isJsonObject, type JsonValue } from '../shared/json-value.js';
import { algorithmNames } from './algorithms.js';
import { readJwk } from './import-jwk.js';
import { JwkDefect } from './jwk-defect.js';

/** What can be odd about the certificate of a key, or beside it (RFC 7517 §4.7). Closed, so that a metric label made from it is bounded. */
export const certificateDoubts = [
  'certificate_unreadable', // junk, or something else than a certificate
  'certificate_mismatch', // a certificate of another key: somebody mixed up keys
  'certificate_expired', // of a PEM map: what counts is that the key is published
] as const;

/** One of {@link certificateDoubts}. */
export type CertificateDoubt = (typeof certificateDoubts)[number];

const all = new Set(algorithmNames);

/**
 * What is odd about `x5c`, of which RFC 7517 §4.7 demands that its first certificate holds the key. A key is what its own numbers say, and
 * trust comes from where the set was fetched: so a certificate neither makes a key nor keeps one from being used. A certificate of
 * another key is for operators to hear of.
 * @param thumbprint of the key, from its own numbers
 */
export function certificateDoubt(x5c: JsonValue | undefined, thumbprint: string): CertificateDoubt | undefined {
  if (x5c === undefined) return undefined;
  const leaf = isJsonArray(x5c) ? x5c[0] : undefined;
  if (typeof leaf !== 'string') return 'certificate_unreadable';
  try {
    const jwk = new X509Certificate(Buffer.from(leaf, 'base64')).publicKey.export({ format: 'jwk' }) as JsonValue;
    const certified = isJsonObject(jwk) ? readJwk(jwk, all) : undefined;
    const isOfKey = certified && !(certified instanceof JwkDefect) && certified.thumbprint === thumbprint;
    return isOfKey ? undefined : 'certificate_mismatch';
  } catch {
    return 'certificate_unreadable';
  }
}
