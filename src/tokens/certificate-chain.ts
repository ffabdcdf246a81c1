import { X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { isJsonArray, type JsonValue } from '../shared/json-value.js';

/**
 * Whether the first certificate of `x5c` holds the key with this thumbprint, as RFC 7517 §4.7 demands. Nothing else of
 * the chain counts: trust comes from where the key set was fetched, not from a certificate in it.
 */
export async function certificateMatches(x5c: JsonValue | undefined, thumbprint: string): Promise<boolean> {
  if (x5c === undefined) return true;
  const leaf = isJsonArray(x5c) ? x5c[0] : undefined;
  if (typeof leaf !== 'string') return false;
  try {
    const certificate = new X509Certificate(Buffer.from(leaf, 'base64'));
    return (await calculateJwkThumbprint(certificate.publicKey)) === thumbprint;
  } catch {
    return false;
  }
}
