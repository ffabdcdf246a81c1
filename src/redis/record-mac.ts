/** Seals what replicas share, so that who can write to Redis cannot make this service accept anything. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LONGEST_SHORT_MESSAGE, ShortHmac } from './short-hmac.js';

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

/** HMAC-SHA-256 in base64url. */
const CODE_LENGTH = 43;

const ZERO = 0x30;
const COLON = 0x3a;

/** Characters of a length and what stands behind it. */
const LONGEST_LENGTH = 16;

/** A key, and what is made of it once. */
interface KnownKey extends RecordKey {
  readonly hmac: ShortHmac;
  /** By the label. */
  readonly heads: Map<string, Buffer>;
}

/**
 * Authenticates what replicas share through Redis: without it, write access to Redis would be the power to mint
 * tokens of every issuer (attack G-01). The newest key seals, every key is believed, so that keys can be rotated.
 */
export class RecordMac {
  private readonly keys: ReadonlyMap<string, KnownKey>;
  private readonly newest: KnownKey;
  /** The code that is asked about, and the one that would be right. */
  private readonly given = Buffer.alloc(CODE_LENGTH);
  private readonly expected = Buffer.alloc(CODE_LENGTH);

  /**
   * @param environment whose records these are; another environment's are forgeries even with the same keys
   * @param keys newest first, at least one
   */
  constructor(
    private readonly environment: string,
    keys: readonly RecordKey[],
  ) {
    const known = keys.map((key) => ({ ...key, hmac: new ShortHmac(key.secret), heads: new Map<string, Buffer>() }));
    const [newest] = known;
    if (!newest) throw new TypeError('records cannot be authenticated without a key');
    this.newest = newest;
    this.keys = new Map(known.map((key) => [key.id, key]));
  }

  /**
   * @param label what kind of message this is, and the version of its form
   * @param parts everything the message says, in a fixed order
   */
  seal(label: string, parts: readonly (string | Uint8Array)[]): Seal {
    return { keyId: this.newest.id, code: this.code(this.newest, label, parts) };
  }

  /** Whether a seal was made with the key that seals now. */
  isNewest({ keyId }: Seal): boolean {
    return keyId === this.newest.id;
  }

  check(label: string, parts: readonly (string | Uint8Array)[], { keyId, code }: Seal): SealVerdict {
    const key = this.keys.get(keyId);
    if (key === undefined) return 'unknown_key';
    // Of that length in characters and in bytes: then no two texts are the same bytes.
    if (code.length !== CODE_LENGTH || Buffer.byteLength(code) !== CODE_LENGTH) return 'forged';
    this.given.write(code, 'latin1');
    this.expected.write(this.code(key, label, parts), 'latin1');
    return timingSafeEqual(this.given, this.expected) ? 'genuine' : 'forged';
  }

  /** The codes that all keys make of this, that of the newest key first: for what has no room to name its key. */
  codes(label: string, parts: readonly (string | Uint8Array)[]): readonly Buffer[] {
    return [...this.keys.values()].map((key) => Buffer.from(this.code(key, label, parts), 'base64url'));
  }

  /** @returns base64url */
  private code(key: KnownKey, label: string, parts: readonly (string | Uint8Array)[]): string {
    const { message } = key.hmac;
    const head = this.headOf(key, label);
    if (head.length > LONGEST_SHORT_MESSAGE) return longCode(key, head, parts);
    message.set(head);
    let at = head.length;
    for (const part of parts) {
      const length = lengthOf(part);
      if (at + length + LONGEST_LENGTH > LONGEST_SHORT_MESSAGE) return longCode(key, head, parts);
      at = writeLength(message, at, length);
      if (typeof part === 'string') message.write(part, at);
      else message.set(part, at);
      at += length;
    }
    return key.hmac.code(at);
  }

  /** What every message of this label under this key begins with. */
  private headOf({ id, heads }: KnownKey, label: string): Buffer {
    const known = heads.get(label);
    if (known) return known;
    const head = Buffer.concat([label, this.environment, id].map(withLength));
    heads.set(label, head);
    return head;
  }
}

function longCode({ secret }: RecordKey, head: Buffer, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', secret).update(head);
  for (const part of parts) hmac.update(withLength(part));
  return hmac.digest('base64url');
}

/** Each part with its length: no two lists of parts are one message (attack G-05). */
function withLength(part: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${lengthOf(part)}:`), typeof part === 'string' ? Buffer.from(part) : part]);
}

/** As text. To have the system's library write a few digits takes longer than to hash them. @returns where it ends */
function writeLength(message: Buffer, start: number, length: number): number {
  let at = start;
  for (let unit = length < 10 ? 1 : 10 ** Math.floor(Math.log10(length)); unit >= 1; unit /= 10) {
    message[at++] = ZERO + (Math.floor(length / unit) % 10);
  }
  message[at++] = COLON;
  return at;
}

function lengthOf(part: string | Uint8Array): number {
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
