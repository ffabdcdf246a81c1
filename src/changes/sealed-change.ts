/** Seals each change, so that who can write to Redis cannot make one up. */
import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import { OpenedText, openText, sealText } from '../redis/sealed-text.js';
import type { ChangeKind, StoredChange } from './change-store.js';

const LABEL = 'change/1';

/** What each kind is to its seal, as bytes: to write a word of text takes longer than to hash it. */
const about: Readonly<Record<ChangeKind, readonly Buffer[]>> = {
  keys: [Buffer.from('keys')],
  denials: [Buffer.from('denials')],
  revocations: [Buffer.from('revocations')],
};

/** An entry as it is stored: what is appended twice is there once. The seal covers the kind as well. */
export function sealChange(mac: RecordMac, kind: ChangeKind, text: string): string {
  return sealText(mac, LABEL, [kind], text);
}

/** A decision with the entry that it came in, which one of us has written. */
export class DecisionEntry extends OpenedText {
  /** @param position its place in the log */
  constructor(
    { sealed, start, isSealedByOlderKey }: Omit<OpenedText, 'text'>,
    readonly position: number,
  ) {
    super(sealed, start, isSealedByOlderKey);
  }

  /** For whoever keeps it: {@link sealed} is a piece of the page that it came in, and would keep all of that. */
  detached(): DecisionEntry {
    const { start, isSealedByOlderKey } = this;
    return new DecisionEntry({ sealed: Buffer.from(this.sealed), start, isSealedByOlderKey }, this.position);
  }
}

/** The entry that was just appended. @param sealed what {@link sealChange} has made of the text */
export function newEntry(sealed: string, text: string, position: number): DecisionEntry {
  const bytes = Buffer.from(sealed);
  const start = bytes.length - Buffer.byteLength(text);
  return new DecisionEntry({ sealed: bytes, start, isSealedByOlderKey: false }, position);
}

/** Opens an entry; or says why it is not believed. */
export function openChange(
  mac: RecordMac,
  kind: ChangeKind,
  { sealed, position }: StoredChange,
): DecisionEntry | RecordRefusal {
  const opened = openText(mac, LABEL, about[kind], sealed);
  return typeof opened === 'string' ? opened : new DecisionEntry(opened, position);
}
