import type { JsonObject } from '../shared/json-value.js';
import { algorithms, isAlgorithm } from './algorithms.js';
import { JwkDefect } from './jwk-defect.js';
import type { AkpMaterial } from './key-material.js';
import { publishedOctets } from './published-octets.js';

/**
 * The public members of an ML-DSA key (RFC 9964 §4). Unlike other kinds it must name its algorithm, because nothing else says which of the three it is;
 * that its length is right is all that can be said of it without using it: every text of that length is a key.
 */
export function akpMaterial({ alg, pub }: JsonObject): AkpMaterial | JwkDefect {
  const octets = isAlgorithm(alg) ? algorithms.get(alg)?.publicKeyBytes : undefined;
  // SLH-DSA has the same `kty`.
  if (!isAlgorithm(alg) || octets === undefined) return new JwkDefect('alg_mismatch');
  const key = typeof pub === 'string' ? publishedOctets(pub) : undefined;
  if (key?.length !== octets) return new JwkDefect('member_malformed');
  return { kty: 'AKP', alg, pub: key.toString('base64url') };
}
