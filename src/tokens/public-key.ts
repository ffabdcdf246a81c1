import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyMaterial } from './key-material.js';

/** A public key as its numbers. Importing them into OpenSSL takes time, so that is done on first use, and once for all algorithms of the key. */
export class PublicKey {
  private object: KeyObject | undefined;

  constructor(readonly material: KeyMaterial) {}

  /** @throws {Error} when the numbers are no key, such as a point that is not on its curve */
  imported(): KeyObject {
    return (this.object ??= createPublicKey({ key: { ...this.material }, format: 'jwk' }));
  }
}
