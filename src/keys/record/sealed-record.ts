import type { KeyRecord } from './key-record.js';
import type { KeyRecordDraft } from './merge-key-sets.js';
import { readDocument, writeDocument } from './record-document.js';
import type { RecordMac, RecordRefusal } from '../../redis/record-mac.js';

/** A record as it is shared. Every field is under the seal, and so is whose record it is. */
export interface SealedRecord {
  readonly fence: string;
  readonly validatedAtMs: string;
  /** JSON, UTF-8. */
  readonly document: Uint8Array;
  readonly keyId: string;
  readonly code: string;
}

const LABEL = 'jwks-rec/1';

/** @param source whose record it is: moved to another source, it is a forgery */
export function sealRecord(mac: RecordMac, source: string, fence: number, draft: KeyRecordDraft): SealedRecord {
  const content = {
    fence: String(fence),
    validatedAtMs: String(draft.validatedAtMs),
    document: Buffer.from(writeDocument(draft)),
  };
  return { ...content, ...mac.seal(LABEL, partsOf(source, content)) };
}

/** Opens a record; or says why it is not believed. The seal is checked before anything is parsed. */
export function openRecord(mac: RecordMac, source: string, sealed: SealedRecord): KeyRecord | RecordRefusal {
  const verdict = mac.check(LABEL, partsOf(source, sealed), sealed);
  if (verdict !== 'genuine') return verdict;
  const document = readDocument(sealed.document);
  if (!document) return 'malformed';
  return { fence: Number(sealed.fence), validatedAtMs: Number(sealed.validatedAtMs), ...document };
}

function partsOf(
  source: string,
  { fence, validatedAtMs, document }: Pick<SealedRecord, 'fence' | 'validatedAtMs' | 'document'>,
): readonly (string | Uint8Array)[] {
  return [source, fence, validatedAtMs, document];
}
