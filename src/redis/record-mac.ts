import { createHmac, timingSafeEqual } from 'node:crypto';

/** A secret that authenticates what replicas share, with the name by which a code says which one made it. */
export interface RecordKey {
  readonly id: string;
  readonly secret: string;
}

/** A message authentication code and the name of its key. */
export interface Seal {
  readonly keyId: string;
  /** HMAC-SHA-256, base64url. */
  readonly code: string;
}

/** Why what replicas share is not believed. A fixed set: it is a label of a metric. */
export const recordRefusals = [
  'wrong_type', // something else is stored where the record should be
  'too_large', // larger than any record can be
  'incomplete', // a part of it is missing
  'unknown_key', // sealed with a key that this replica does not have, as in a rotation gone wrong
  'forged', // its seal does not fit: changed, or of another source or environment
  'malformed', // genuine, but not in a form that this version reads
] as const;

/** One of {@link recordRefusals}. */
export type RecordRefusal = (typeof recordRefusals)[number];

/** What a seal proves. */
export type SealVerdict = 'genuine' | Extract<RecordRefusal, 'unknown_key' | 'forged'>;

/**
 * Authenticates what replicas share through Redis: without it, write access to Redis would be the power to mint
 * tokens of every issuer (attack G-01). The newest key seals, every key is believed, so that keys can be rotated.
 */
export class RecordMac {
  private readonly secrets: ReadonlyMap<string, string>;
  private readonly newest: RecordKey;

  /**
   * @param environment whose records these are; another environment's are forgeries even with the same keys
   * @param keys newest first, at least one
   */
  constructor(
    private readonly environment: string,
    keys: readonly RecordKey[],
  ) {
    const [newest] = keys;
    if (!newest) throw new TypeError('records cannot be authenticated without a key');
    this.newest = newest;
    this.secrets = new Map(keys.map(({ id, secret }) => [id, secret]));
  }

  /**
   * @param label what kind of message this is, and the version of its form
   * @param parts everything the message says, in a fixed order
   */
  seal(label: string, parts: readonly (string | Uint8Array)[]): Seal {
    const { id, secret } = this.newest;
    return { keyId: id, code: this.code({ id, secret }, label, parts).toString('base64url') };
  }

  /** Whether a seal was made with the key that seals now. */
  isNewest({ keyId }: Seal): boolean {
    return keyId === this.newest.id;
  }

  check(label: string, parts: readonly (string | Uint8Array)[], { keyId, code }: Seal): SealVerdict {
    const secret = this.secrets.get(keyId);
    if (secret === undefined) return 'unknown_key';
    const expected = Buffer.from(this.code({ id: keyId, secret }, label, parts).toString('base64url'));
    const given = Buffer.from(code);
    return given.length === expected.length && timingSafeEqual(given, expected) ? 'genuine' : 'forged';
  }

  /** The codes that all keys make of this, that of the newest key first: for what has no room to name its key. */
  codes(label: string, parts: readonly (string | Uint8Array)[]): readonly Buffer[] {
    return [...this.secrets].map(([id, secret]) => this.code({ id, secret }, label, parts));
  }

  private code({ id, secret }: RecordKey, label: string, parts: readonly (string | Uint8Array)[]): Buffer {
    const hmac = createHmac('sha256', secret);
    // Each part with its length: no two lists of parts are one message (attack G-05). Text is given at once: a list of decisions is long.
    let text = '';
    for (const part of [label, this.environment, id, ...parts]) {
      text += `${typeof part === 'string' ? Buffer.byteLength(part) : part.length}:`;
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      hmac.update(text).update(part);
      text = '';
    }
    if (text !== '') hmac.update(text);
    return hmac.digest();
  }
}
