import { isJsonObject, type JsonValue } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import { rejectionCodes } from '../tokens/rejection.js';

/** What became of the tokens that a caller asked about, and of its requests that were too many. */
export interface CallerCounts {
  readonly active: number;
  /** Requests that its rate limit has refused. */
  readonly limited: number;
  /** Tokens that were not good, or not good enough, by the reason that no caller hears. */
  readonly refused: ReadonlyMap<string, number>;
}

/** By the caller's id. */
export type CountsByCaller = ReadonlyMap<string, CallerCounts>;

/** Longest text of the counts of one replica, in bytes. */
export const LONGEST_COUNTS = 64 * 1024;

const reasons: ReadonlySet<string> = new Set([...rejectionCodes, 'insufficient_scope']);

/** The sums. */
export function addCounts(all: Iterable<CountsByCaller>): CountsByCaller {
  const sums = new Map<string, CallerCounts>();
  for (const each of all) {
    for (const [caller, counts] of each) {
      const known = sums.get(caller);
      sums.set(caller, known ? sumOf(known, counts) : counts);
    }
  }
  return sums;
}

function sumOf(one: CallerCounts, other: CallerCounts): CallerCounts {
  const refused = new Map(one.refused);
  for (const [reason, count] of other.refused) refused.set(reason, (refused.get(reason) ?? 0) + count);
  return { active: one.active + other.active, limited: one.limited + other.limited, refused };
}

/** As they are stored; callers beyond the bound are left out. */
export function writeCounts(counts: CountsByCaller): string {
  const written = [...counts].map(
    ([id, { active, limited, refused }]) => [id, [active, limited, Object.fromEntries(refused)]] as const,
  );
  let text: string;
  do text = JSON.stringify(Object.fromEntries(written));
  while (text.length > LONGEST_COUNTS && written.splice(Math.floor(written.length / 2)).length > 0);
  return text;
}

/** What {@link writeCounts} has written. @returns undefined for anything else */
export function readCounts(text: Uint8Array): CountsByCaller | undefined {
  const value = text.length <= LONGEST_COUNTS ? readStrictJson(text, { members: 20_000 }) : undefined;
  if (!isJsonObject(value)) return undefined;
  const read = Object.entries(value).map(([id, counts]) => [id, readOne(counts)] as const);
  const sound = read.filter((each): each is [string, CallerCounts] => each[1] !== undefined);
  return sound.length === read.length ? new Map(sound) : undefined;
}

function readOne(value: JsonValue | undefined): CallerCounts | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [active, limited, refused] = value as readonly JsonValue[];
  if (!isCount(active) || !isCount(limited) || refused === undefined || !isJsonObject(refused)) return undefined;
  const entries = Object.entries(refused);
  const areSound = entries.every(([reason, count]) => reasons.has(reason) && isCount(count));
  return areSound ? { active, limited, refused: new Map(entries as [string, number][]) } : undefined;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
