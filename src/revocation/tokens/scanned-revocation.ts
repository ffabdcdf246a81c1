/**
 * A replica that starts reads a million decisions about tokens and sessions. Of each it needs a few numbers: they are taken from the bytes
 * as they came, because to make strings and lists of them first takes several times as long.
 */

import { DIGEST_BYTES } from './digest-table.js';
import type { Revocation } from './revocation.js';

/** What each kind begins with, and what stands behind its digest. */
const kinds = [
  { kind: 'token', head: Buffer.from('["token","') },
  { kind: 'session', head: Buffer.from('["session","') },
] as const;
const verdicts = [
  { verdict: 'revoked', word: Buffer.from('","revoked",') },
  { verdict: 'allowed', word: Buffer.from('","allowed",') },
] as const;
const between = Buffer.from('","');

const [QUOTE, BACKSLASH, COMMA, END, ZERO] = [0x22, 0x5c, 0x2c, 0x5d, 0x30];

/** Characters of a digest. The last of them has four bits too many. */
const DIGEST_LENGTH = 22;

/** The first second that a table of 32-bit numbers cannot hold. */
const NO_SECOND = 2 ** 32;

/** Of each byte, what it stands for in base64url; 64: nothing. */
const sextets = new Uint8Array(256).fill(64);
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
for (const [value, byte] of alphabet.entries()) sextets[byte] = value;

/** The registration of the entry before: most are of the same one, and need not be made into a string again. */
let former = { bytes: Buffer.alloc(0), issuerId: '' };

/**
 * Reads a decision about a token or a session as `writeRevocation` writes it.
 * @param start where the text begins; it ends with the bytes
 * @returns undefined for everything else, which is for `readRevocation`
 */
export function scanRevocation(bytes: Buffer, start: number): Revocation | undefined {
  const found = kinds.find(({ head }) => standsAt(bytes, start, head));
  if (!found) return undefined;
  const nameAt = start + found.head.length;
  const nameEnd = plainEnd(bytes, nameAt);
  if (!standsAt(bytes, nameEnd, between)) return undefined;
  const digestAt = nameEnd + between.length;
  const judged = verdicts.find(({ word }) => standsAt(bytes, digestAt + DIGEST_LENGTH, word));
  const digest = judged && digestOf(bytes, digestAt);
  if (!digest) return undefined;
  const atAt = digestAt + DIGEST_LENGTH + judged.word.length;
  const untilAt = digitsEnd(bytes, atAt) + 1;
  const end = digitsEnd(bytes, untilAt);
  if (bytes[untilAt - 1] !== COMMA || bytes[end] !== END || end + 1 !== bytes.length) return undefined;
  const [at, until] = [secondOf(bytes, atAt, untilAt - 1), secondOf(bytes, untilAt, end)];
  if (at === NO_SECOND || until === NO_SECOND) return undefined;
  const issuerId = issuerIdOf(bytes, nameAt, nameEnd);
  return { issuerId, kind: found.kind, digest, before: 0, verdict: judged.verdict, at, until };
}

function standsAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

/** Where a run of characters ends that mean nothing to JSON and are one byte each. */
function plainEnd(bytes: Buffer, at: number): number {
  let end = at;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20 || byte > 0x7e) break;
  }
  return end;
}

function digitsEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end++;
  return end;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** @returns {@link NO_SECOND} for what is none, or is not written as JSON wants it */
function secondOf(bytes: Buffer, at: number, end: number): number {
  const hasLeadingZero = bytes[at] === ZERO && end - at > 1;
  if (end === at || end - at > 10 || hasLeadingZero) return NO_SECOND;
  let second = 0;
  for (let i = at; i < end; i++) second = 10 * second + (bytes[i] ?? 0) - ZERO;
  return Math.min(second, NO_SECOND);
}

function digestOf(bytes: Buffer, start: number): Buffer | undefined {
  const digest = Buffer.allocUnsafe(DIGEST_BYTES);
  let [bits, count, at] = [0, 0, 0];
  for (let i = start; i < start + DIGEST_LENGTH; i++) {
    const sextet = sextets[bytes[i] ?? 0] ?? 64;
    if (sextet === 64) return undefined;
    bits = ((bits << 6) | sextet) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    digest[at++] = bits >>> count;
  }
  return digest;
}

function issuerIdOf(bytes: Buffer, at: number, end: number): string {
  if (end - at !== former.bytes.length || !standsAt(bytes, at, former.bytes)) {
    former = { bytes: Buffer.from(bytes.subarray(at, end)), issuerId: bytes.toString('latin1', at, end) };
  }
  return former.issuerId;
}
