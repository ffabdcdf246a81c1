import { webcrypto } from 'node:crypto';
import { importJWK } from 'jose';
import type { Algorithm } from './algorithms.js';
import { signatureOctets, type RsaMaterial } from './key-material.js';
import type { SignedOctets, Verifier } from './verification-key.js';

/** Checks RSASSA-PSS signatures, whose length of the salt has to be said each time: with Web Cryptography that costs the least. */
export class PssVerifier implements Verifier {
  private key: Promise<webcrypto.CryptoKey> | undefined;

  constructor(
    private readonly material: RsaMaterial,
    private readonly alg: Algorithm,
    private readonly saltLength: number,
  ) {}

  async verify({ input, signature }: SignedOctets): Promise<boolean> {
    if (signature.length !== signatureOctets(this.material, this.alg)) return false;
    const operation = { name: 'RSA-PSS', saltLength: this.saltLength };
    try {
      return await webcrypto.subtle.verify(operation, await this.imported(), signature, input);
    } catch {
      return false;
    }
  }

  /** Bound to its hash, and to the same one for the mask. */
  private imported(): Promise<webcrypto.CryptoKey> {
    return (this.key ??= importJWK(this.material, this.alg));
  }
}
