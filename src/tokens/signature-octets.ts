import { termsOf, type Algorithm } from './algorithms.js';
import type { KeyMaterial } from './key-material.js';

/** How long a signature is: its key decides (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1). In octets. */
export function signatureOctets(material: KeyMaterial, alg: Algorithm): number | undefined {
  // RFC 8017 §8: as long as the modulus, which is written without leading zeros.
  return material.kty === 'RSA' ? Math.floor((material.n.length * 3) / 4) : termsOf(alg).signatureBytes;
}
