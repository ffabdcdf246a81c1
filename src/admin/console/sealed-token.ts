import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const cipher = 'aes-256-gcm';
const TAG_BYTES = 16;

/** A nonce has to differ between texts under one key, and each key seals one token only. */
const nonce = Buffer.alloc(12);

/**
 * A token that a session of the console rests on. It has to be judged again with each request, and whoever reads this memory, or its image
 * on a disk, must not find it: only what the browser shows opens it.
 */
export class SealedToken {
  private readonly sealed: Buffer;

  /** @param session what the browser shows: random, and of this session alone */
  constructor(session: string, token: string) {
    const sealing = createCipheriv(cipher, keyFrom(session), nonce);
    const text = Buffer.concat([sealing.update(token, 'utf8'), sealing.final()]);
    this.sealed = Buffer.concat([sealing.getAuthTag(), text]);
  }

  /** @throws {Error} for another session */
  open(session: string): string {
    const opening = createDecipheriv(cipher, keyFrom(session), nonce, { authTagLength: TAG_BYTES });
    opening.setAuthTag(this.sealed.subarray(0, TAG_BYTES));
    return Buffer.concat([opening.update(this.sealed.subarray(TAG_BYTES)), opening.final()]).toString();
  }
}

function keyFrom(session: string): Buffer {
  return Buffer.from(hkdfSync('sha256', session, '', 'token of a console session', 32));
}
