import { verify } from 'node:crypto';
import { termsOf, type Algorithm } from './algorithms.js';
import { derSignature } from './der-signature.js';
import { signatureOctets } from './key-material.js';
import type { PublicKey } from './public-key.js';
import type { SignedOctets, Verifier } from './verification-key.js';

/**
 * Checks signatures of every algorithm that needs no other parameter than a digest, on the threads of the runtime. It hands over
 * the key itself, without options around it: with them, Node takes so long to find out what it was given that the event loop is held for
 * longer than a signature takes (docs/adr/0013-keys-are-imported-when-they-are-used.md).
 */
export class KeyObjectVerifier implements Verifier {
  constructor(
    private readonly key: PublicKey,
    private readonly alg: Algorithm,
  ) {}

  verify({ input, signature }: SignedOctets): Promise<boolean> {
    const { key, alg } = this;
    const { material } = key;
    if (signature.length !== signatureOctets(material, alg)) return Promise.resolve(false);
    const written = material.kty === 'EC' ? derSignature(signature) : signature;
    return new Promise((resolve) => {
      try {
        verify(termsOf(alg).digest, input, key.imported(), written, (error, isGood) => {
          resolve(!error && isGood);
        });
      } catch {
        resolve(false);
      }
    });
  }
}
