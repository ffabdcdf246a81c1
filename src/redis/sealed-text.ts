/** Seals a text that is kept in Redis, and opens it again. */
import type { RecordMac, RecordRefusal, Seal } from './record-mac.js';

/** A text that one of us has written. */
export class OpenedText {
  /**
   * @param sealed as it is stored
   * @param start where the text begins
   * @param isSealedByOlderKey sealed with a key that is not the newest: it has to be sealed again before that key goes
   */
  constructor(
    readonly sealed: Buffer,
    readonly start: number,
    readonly isSealedByOlderKey: boolean,
  ) {}

  /** Made when it is asked for: of most entries of a long list it never is. */
  get text(): string {
    return this.sealed.toString('utf8', this.start);
  }
}

/** Longest name of a key, and the length of a code, as they are written here. */
const LONGEST_NAME = 200;
const CODE_LENGTH = 43;

const SPACE = 0x20;

const base64url = /^[\w-]*$/;

/**
 * A text as it is stored: the name of the seal's key, the seal, and the text, with spaces in between. The same text under the same key is
 * the same entry.
 * @param label what kind of message this is, and the version of its form
 * @param about what the text is about, which the seal covers as well
 */
export function sealText(mac: RecordMac, label: string, about: readonly string[], text: string): string {
  const { keyId, code } = mac.seal(label, [...about, text]);
  return `${Buffer.from(keyId).toString('base64url')} ${code} ${text}`;
}

/** Opens what {@link sealText} has made; or says why it is not believed. */
export function openText(
  mac: RecordMac,
  label: string,
  about: readonly (string | Uint8Array)[],
  sealed: Buffer,
): OpenedText | RecordRefusal {
  if (sealed.length === 0) return 'too_large';
  const nameLength = sealed.indexOf(SPACE);
  const start = nameLength + 1 + CODE_LENGTH + 1;
  if (nameLength === -1 || nameLength > LONGEST_NAME || sealed[start - 1] !== SPACE) return 'incomplete';
  const name = sealed.toString('latin1', 0, nameLength);
  const code = sealed.toString('latin1', nameLength + 1, start - 1);
  if (!base64url.test(name) || !base64url.test(code)) return 'incomplete';
  const seal: Seal = { keyId: Buffer.from(name, 'base64url').toString(), code };
  const verdict = mac.check(label, [...about, sealed.subarray(start)], seal);
  return verdict === 'genuine' ? new OpenedText(sealed, start, !mac.isNewest(seal)) : verdict;
}
