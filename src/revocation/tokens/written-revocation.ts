/** Writes a revocation as text, and reads what this or another version has written. */
import { isJsonArray, type JsonValue } from '../../shared/json-value.js';
import { readStrictJson } from '../../shared/strict-json.js';
import { DIGEST_BYTES } from './digest-table.js';
import { cutOffKinds, revocationKinds, type Revocation } from './revocation.js';

/** A decision as text: a JSON list, because there may be a million of them. One decision has one text. */
export function writeRevocation({ issuerId, kind, digest, before, verdict, at, until, note }: Revocation): string {
  const words = [kind, issuerId, digest.toString('base64url'), verdict, at, until];
  return JSON.stringify(note ? [...words, before, note.reason, note.by] : words);
}

/** Reads what this service has written, perhaps another version of it. @returns undefined where it is no decision */
export function readRevocation(text: string): Revocation | undefined {
  const words = readStrictJson(Buffer.from(text));
  if (!isJsonArray(words)) return undefined;
  const [kindWord, issuerId, digestText, verdict, at, until, before = 0, reason, by] = words;
  const kind = revocationKinds.find((each) => each === kindWord);
  if (!kind || typeof issuerId !== 'string' || typeof digestText !== 'string') return undefined;
  if (verdict !== 'revoked' && verdict !== 'allowed') return undefined;
  if (!isSecond(at) || !isSecond(until) || !isSecond(before)) return undefined;
  const digest = Buffer.from(digestText, 'base64url');
  if (digest.length !== DIGEST_BYTES) return undefined;
  const decision = { issuerId, kind, digest, before, verdict, at, until } as const;
  if (!cutOffKinds.has(kind)) return { ...decision, before: 0 };
  return typeof reason === 'string' && typeof by === 'string' ? { ...decision, note: { reason, by } } : undefined;
}

/** What a table of 32-bit numbers can hold: until the year 2106. */
function isSecond(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
