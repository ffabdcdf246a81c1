import type { RecordMac, RecordRefusal } from '../../redis/record-mac.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import { parseStrictJson, StrictJsonError, stringifyJson } from '../../shared/strict-json.js';
import type { Validators } from '../source/key-source.js';
import type { KeyRecord, EmptyEvidence, KeyState, RecordedKey, Tombstone } from './key-record.js';
import type { KeyRecordDraft } from './merge-key-sets.js';

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

/** Generous for a hundred keys of any kind and their tombstones; the size of the text is bounded elsewhere. */
const limits = { depth: 16, members: 50_000 };

type Document = Omit<KeyRecordDraft, 'validatedAtMs'>;

/** A document that is not a record's. The message is a constant sentence. */
class MalformedDocument extends Error {}

/**
 * Everything of a record but its fence and the time of its evidence, as JSON. Two members have other names there than in
 * this code, `standing` and `looks`: other versions of this service read and write them in the same store.
 */
function writeDocument({
  refreshAfterMs,
  keys,
  tombstones,
  sequence,
  emptyEvidence,
  validators,
}: KeyRecordDraft): string {
  // As plain data: interfaces are no index types, and what is undefined is left out.
  const document = {
    refreshAfterMs,
    keys: keys.map(storedKey),
    tombstones,
    sequence,
    emptyEvidence: emptyEvidence && storedEvidence(emptyEvidence),
    validators,
  };
  return stringifyJson(document as unknown as JsonObject);
}

function storedKey({ thumbprint, jwks, state, firstSeenMs, lastSeenMs }: RecordedKey): object {
  return { thumbprint, jwks, standing: state, firstSeenMs, lastSeenMs };
}

function storedEvidence({ sinceMs, latestMs, fetches }: EmptyEvidence): object {
  return { sinceMs, latestMs, looks: fetches };
}

/**
 * Reads a document that this service has written, perhaps another version of it.
 * @returns undefined where it is not one
 */
function readDocument(bytes: Uint8Array): Document | undefined {
  try {
    return documentOf(parseStrictJson(bytes, limits));
  } catch (error) {
    if (error instanceof StrictJsonError || error instanceof MalformedDocument) return undefined;
    throw error;
  }
}

function documentOf(value: JsonValue): Document {
  const { refreshAfterMs, keys, tombstones, sequence, emptyEvidence, validators } = object(value);
  return {
    refreshAfterMs: number(refreshAfterMs),
    keys: list(keys, keyOf),
    tombstones: list(tombstones, tombstoneOf),
    ...(sequence === undefined ? {} : { sequence: number(sequence) }),
    ...(emptyEvidence === undefined ? {} : { emptyEvidence: evidenceOf(emptyEvidence) }),
    ...(validators === undefined ? {} : { validators: validatorsOf(validators) }),
  };
}

function keyOf(value: JsonValue): RecordedKey {
  const { thumbprint, jwks, standing, firstSeenMs, lastSeenMs } = object(value);
  return {
    thumbprint: text(thumbprint),
    jwks: list(jwks, object),
    state: stateOf(standing),
    firstSeenMs: number(firstSeenMs),
    lastSeenMs: number(lastSeenMs),
  };
}

function stateOf(value: JsonValue | undefined): KeyState {
  const { name, sinceMs } = object(value);
  if (name === 'active') return { name };
  if (name === 'retiring' || name === 'returning') return { name, sinceMs: number(sinceMs) };
  throw new MalformedDocument('an unknown state of a key');
}

function tombstoneOf(value: JsonValue): Tombstone {
  const { thumbprint, removedAtMs } = object(value);
  return { thumbprint: text(thumbprint), removedAtMs: number(removedAtMs) };
}

function evidenceOf(value: JsonValue): EmptyEvidence {
  const { sinceMs, latestMs, looks } = object(value);
  return { sinceMs: number(sinceMs), latestMs: number(latestMs), fetches: number(looks) };
}

function validatorsOf(value: JsonValue): Validators {
  const { url, etag, lastModified } = object(value);
  return {
    url: text(url),
    ...(etag === undefined ? {} : { etag: text(etag) }),
    ...(lastModified === undefined ? {} : { lastModified: text(lastModified) }),
  };
}

function object(value: JsonValue | undefined): JsonObject {
  if (isJsonObject(value)) return value;
  throw new MalformedDocument('an object was expected');
}

function list<T>(value: JsonValue | undefined, read: (member: JsonValue) => T): readonly T[] {
  if (isJsonArray(value)) return value.map(read);
  throw new MalformedDocument('a list was expected');
}

function text(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new MalformedDocument('a text was expected');
}

function number(value: JsonValue | undefined): number {
  if (typeof value === 'number') return value;
  throw new MalformedDocument('a number was expected');
}
