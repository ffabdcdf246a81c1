import type { RecordMac, RecordRefusal, Seal } from '../redis/record-mac.js';
import type { ChangeKind } from './change-store.js';

const LABEL = 'change/1';

/**
 * An entry as it is stored: the name of the seal's key, the seal, and the text, with spaces in between. The same text under the
 * same key is the same entry, so that what is appended twice is there once. The seal covers the kind as well.
 */
export function sealChange(mac: RecordMac, kind: ChangeKind, text: string): string {
  const { keyId, code } = mac.seal(LABEL, [kind, text]);
  return `${Buffer.from(keyId).toString('base64url')} ${code} ${text}`;
}

/** An entry that one of us has written. */
export interface OpenedChange {
  readonly text: string;
  /** Sealed with a key that is not the newest: it has to be sealed again before that key goes. */
  readonly isSealedByOlderKey: boolean;
}

/** Opens an entry; or says why it is not believed. */
export function openChange(mac: RecordMac, kind: ChangeKind, sealed: Buffer): OpenedChange | RecordRefusal {
  if (sealed.length === 0) return 'too_large';
  const parsed = /^([\w-]{0,200}) ([\w-]{43}) /.exec(sealed.toString('latin1'));
  if (!parsed) return 'incomplete';
  const [head, keyName = '', code = ''] = parsed;
  const text = sealed.subarray(head.length).toString();
  const seal: Seal = { keyId: Buffer.from(keyName, 'base64url').toString(), code };
  const verdict = mac.check(LABEL, [kind, sealed.subarray(head.length)], seal);
  return verdict === 'genuine' ? { text, isSealedByOlderKey: !mac.isNewest(seal) } : verdict;
}
