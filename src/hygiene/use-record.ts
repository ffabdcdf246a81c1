import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';

/** Since when something is watched, and when it was last used; absent: never since then. Wall times, milliseconds since the epoch. */
export interface Watched {
  readonly sinceMs: number;
  readonly lastMs?: number;
}

/** The longest time from `iat` to `exp` of a token, and when the latest such token was seen. */
export interface LongestLifetime {
  readonly seconds: number;
  readonly atMs: number;
}

/** How one issuer, one caller or one admin is used. No verdict depends on it, and it names no subject and no token. */
export interface UseRecord extends Watched {
  /** Of an issuer: its keys, by thumbprint. Of a caller: the issuers that it was granted, by their ids. Of both: what has a `partName`. */
  readonly parts: ReadonlyMap<string, Watched>;
  /** Of an issuer; absent where no token was seen that says both times. */
  readonly longest?: LongestLifetime;
}

/** Most parts of one kind; further ones are not watched. */
export const MOST_PARTS_OF_KIND = 100;

/** Most parts of a record: a caller has issuers, audiences and claims. */
export const MOST_PARTS = 3 * MOST_PARTS_OF_KIND + 1;

/** Longest text of a record, in bytes: that of the most parts with the longest names. */
export const LONGEST_RECORD = 32 * 1024;

/** Times that differ by less are not worth a write, in milliseconds: what is asked of them is days. */
export const RESOLUTION_MS = 5 * 60_000;

/** A token that was seen longer ago says nothing of how an issuer is set now, in milliseconds. */
const LIFETIME_KEPT_MS = 30 * 24 * 3_600_000;

/**
 * What two replicas know together. In whatever order and however often records are merged, the result is the same: after a write that
 * is lost, the next one suffices.
 */
export function mergeUses(one: UseRecord, other: UseRecord): UseRecord {
  const parts = new Map(one.parts);
  for (const [name, watched] of other.parts) {
    const known = parts.get(name);
    parts.set(name, known ? mergeWatched(known, watched) : watched);
  }
  const longest = longerOf(one.longest, other.longest);
  return { ...mergeWatched(one, other), parts, ...(longest && { longest }) };
}

/** The same of one thing. */
function mergeWatched(one: Watched, other: Watched): Watched {
  const lastMs = Math.max(one.lastMs ?? -Infinity, other.lastMs ?? -Infinity);
  return { sinceMs: Math.min(one.sinceMs, other.sinceMs), ...(Number.isFinite(lastMs) && { lastMs }) };
}

function longerOf(one?: LongestLifetime, other?: LongestLifetime): LongestLifetime | undefined {
  if (!one || !other) return one ?? other;
  if (one.seconds === other.seconds) return one.atMs > other.atMs ? one : other;
  return one.seconds > other.seconds ? one : other;
}

/**
 * The record of what is there now.
 * @param parts what there is, and since when at the latest; `undefined` where that is not known now, and all stays
 * @param nowMs no time is later: it would be of a clock that is ahead
 */
export function currentUses(
  record: UseRecord,
  parts: ReadonlyMap<string, number> | undefined,
  nowMs: number,
): UseRecord {
  const { longest } = record;
  const there = parts ?? new Map([...record.parts].map(([name, { sinceMs }]) => [name, sinceMs]));
  const kept = [...there].slice(0, MOST_PARTS).map(([name, sinceMs]) => {
    const watched = { sinceMs };
    const known = record.parts.get(name);
    return [name, notAfter(nowMs, known ? mergeWatched(known, watched) : watched)] as const;
  });
  return {
    ...notAfter(nowMs, record),
    parts: new Map(kept),
    ...(longest && nowMs - longest.atMs < LIFETIME_KEPT_MS && { longest }),
  };
}

function notAfter(nowMs: number, { sinceMs, lastMs }: Watched): Watched {
  return { sinceMs: Math.min(sinceMs, nowMs), ...(lastMs !== undefined && { lastMs: Math.min(lastMs, nowMs) }) };
}

/** Whether `own` says something that is not in `shared`, and is worth a write. */
export function isNews(own: UseRecord, shared: UseRecord | undefined): boolean {
  if (!shared || isNewer(own, shared) || isLonger(own.longest, shared.longest)) return true;
  return [...own.parts].some(([name, watched]) => isNewer(watched, shared.parts.get(name)));
}

function isLonger(own: LongestLifetime | undefined, shared: LongestLifetime | undefined): boolean {
  if (!own || !shared) return own !== undefined;
  const isAsLong = own.seconds === shared.seconds;
  return own.seconds > shared.seconds || (isAsLong && own.atMs - shared.atMs >= RESOLUTION_MS);
}

function isNewer(own: Watched, shared: Watched | undefined): boolean {
  if (shared === undefined || shared.sinceMs - own.sinceMs >= RESOLUTION_MS) return true;
  return own.lastMs !== undefined && own.lastMs - (shared.lastMs ?? -Infinity) >= RESOLUTION_MS;
}

/** As it is stored. */
export function writeUses(record: UseRecord): string {
  const { parts, longest } = record;
  const written = [...parts].slice(0, MOST_PARTS).map(([name, part]) => [name, timesOf(part)] as const);
  return JSON.stringify({
    times: timesOf(record),
    parts: Object.fromEntries(written),
    ...(longest && { longest: [longest.seconds, Math.round(longest.atMs)] }),
  });
}

function timesOf({ sinceMs, lastMs }: Watched): readonly number[] {
  return [sinceMs, ...(lastMs === undefined ? [] : [lastMs])].map(Math.round);
}

/** What {@link writeUses} has written. @returns undefined for anything else */
export function readUses(text: Uint8Array): UseRecord | undefined {
  const value = text.length <= LONGEST_RECORD ? readStrictJson(text) : undefined;
  if (!isJsonObject(value) || !isJsonObject(value['parts'])) return undefined;
  const times = readTimes(value['times']);
  const parts = Object.entries(value['parts']).map(([name, part]) => [name, readTimes(part)] as const);
  const longest = value['longest'] === undefined ? undefined : readPair(value['longest']);
  if (!times || parts.length > MOST_PARTS || (value['longest'] !== undefined && !longest)) return undefined;
  const sound = parts.filter((part): part is [string, Watched] => part[1] !== undefined);
  if (sound.length < parts.length) return undefined;
  return {
    ...times,
    parts: new Map(sound),
    ...(longest && { longest: { seconds: longest[0], atMs: longest[1] } }),
  };
}

function readTimes(value: JsonValue | undefined): Watched | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2 || !value.every(isQuantity)) return undefined;
  const [sinceMs, lastMs] = value as [number, number?];
  return { sinceMs, ...(lastMs !== undefined && { lastMs }) };
}

function readPair(value: JsonValue): readonly [number, number] | undefined {
  return Array.isArray(value) && value.length === 2 && value.every(isQuantity)
    ? (value as [number, number])
    : undefined;
}

/** As milliseconds, a time that every date can show. */
function isQuantity(value: JsonValue): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1e13;
}
