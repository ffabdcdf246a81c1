import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyMaterial } from './key-material.js';

/** The numbers of a public key, and what cryptography makes of them: once for all algorithms of the key, and when it is needed first. */
export class PublicKey {
  private object: KeyObject | undefined;

  constructor(readonly material: KeyMaterial) {}

  /** @throws {Error} when the numbers are no key, such as a point that is not on its curve */
  imported(): KeyObject {
    return (this.object ??= createPublicKey({ key: { ...this.material }, format: 'jwk' }));
  }
}
