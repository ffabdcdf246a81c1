/**
 * A replica that starts checks the seals of a million entries: an object of the system's library for each of them costs five times what
 * the hashing does. Two hashes over buffers that stay are HMAC as well.
 */

import { hash } from 'node:crypto';

/** Of SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/** Longest message, in bytes: an entry of the log of changes, and what its seal says beside it. */
export const LONGEST_SHORT_MESSAGE = 8_192;

/** HMAC-SHA-256 (RFC 2104 §2) of messages up to {@link LONGEST_SHORT_MESSAGE}, which are written into {@link message}. */
export class ShortHmac {
  /** Where the message is written, from its beginning on. */
  readonly message: Buffer;
  /** The key, padded, and the message; and the same with what the first hash has made of it. */
  private readonly inner = Buffer.alloc(BLOCK + LONGEST_SHORT_MESSAGE, 0x36);
  private readonly outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);

  constructor(secret: string) {
    const isLong = Buffer.byteLength(secret) > BLOCK;
    const key = isLong ? hash('sha256', secret, 'buffer') : Buffer.from(secret);
    for (const [i, byte] of key.entries()) {
      this.inner[i] = byte ^ 0x36;
      this.outer[i] = byte ^ 0x5c;
    }
    this.message = this.inner.subarray(BLOCK);
  }

  /** @param length of the message. @returns base64url */
  code(length: number): string {
    // As text, which is made in place; a buffer would be an allocation outside of the heap.
    const inner = hash('sha256', this.inner.subarray(0, BLOCK + length), 'binary');
    this.outer.write(inner, BLOCK, 'latin1');
    return hash('sha256', this.outer, 'base64url');
  }
}
