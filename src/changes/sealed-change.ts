import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import { openText, sealText, type OpenedText } from '../redis/sealed-text.js';
import type { ChangeKind } from './change-store.js';

const LABEL = 'change/1';

/** An entry as it is stored: what is appended twice is there once. The seal covers the kind as well. */
export function sealChange(mac: RecordMac, kind: ChangeKind, text: string): string {
  return sealText(mac, LABEL, [kind], text);
}

/** An entry that one of us has written. */
export type OpenedChange = OpenedText;

/** Opens an entry; or says why it is not believed. */
export function openChange(mac: RecordMac, kind: ChangeKind, sealed: Buffer): OpenedChange | RecordRefusal {
  return openText(mac, LABEL, [kind], sealed);
}
