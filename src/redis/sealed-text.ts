import type { RecordMac, RecordRefusal, Seal } from './record-mac.js';

/** A text that one of us has written. */
export interface OpenedText {
  readonly text: string;
  /** Sealed with a key that is not the newest: it has to be sealed again before that key goes. */
  readonly isSealedByOlderKey: boolean;
}

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
  about: readonly string[],
  sealed: Buffer,
): OpenedText | RecordRefusal {
  if (sealed.length === 0) return 'too_large';
  const parsed = /^([\w-]{0,200}) ([\w-]{43}) /.exec(sealed.toString('latin1'));
  if (!parsed) return 'incomplete';
  const [head, keyName = '', code = ''] = parsed;
  const text = sealed.subarray(head.length).toString();
  const seal: Seal = { keyId: Buffer.from(keyName, 'base64url').toString(), code };
  const verdict = mac.check(label, [...about, sealed.subarray(head.length)], seal);
  return verdict === 'genuine' ? { text, isSealedByOlderKey: !mac.isNewest(seal) } : verdict;
}
