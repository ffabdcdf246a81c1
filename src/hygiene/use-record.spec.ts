import { describe, expect, it } from 'vitest';
import { partName } from './use-parts.js';
import {
  currentUses,
  isNews,
  LONGEST_RECORD,
  mergeUses,
  MOST_PARTS,
  readUses,
  RESOLUTION_MS,
  type UseRecord,
  writeUses,
} from './use-record.js';

const day = 24 * 3_600_000;
const record = (sinceMs: number, more: Partial<UseRecord> = {}): UseRecord => ({ sinceMs, parts: new Map(), ...more });

const one = record(5 * day, {
  lastMs: 9 * day,
  parts: new Map([
    ['a', { sinceMs: 5 * day }],
    ['b', { sinceMs: 5 * day, lastMs: 6 * day }],
  ]),
  longest: { seconds: 60, atMs: 9 * day },
});
const other = record(3 * day, {
  lastMs: 7 * day,
  parts: new Map([
    ['b', { sinceMs: 4 * day, lastMs: 8 * day }],
    ['c', { sinceMs: 7 * day }],
  ]),
  longest: { seconds: 3_600, atMs: 4 * day },
});

describe('records of use', () => {
  it('are the same in whatever order and however often they are merged: the longest watch, the latest use', () => {
    const merged = mergeUses(one, other);
    expect(merged).toEqual(
      record(3 * day, {
        lastMs: 9 * day,
        parts: new Map([
          ['a', { sinceMs: 5 * day }],
          ['b', { sinceMs: 4 * day, lastMs: 8 * day }],
          ['c', { sinceMs: 7 * day }],
        ]),
        longest: { seconds: 3_600, atMs: 4 * day },
      }),
    );
    expect(mergeUses(other, one)).toEqual(merged);
    expect(mergeUses(merged, one)).toEqual(merged);
  });

  it('come back as they were written', () => {
    expect(readUses(Buffer.from(writeUses(one)))).toEqual(one);
  });

  it('come back also with the most parts, of the longest names and times', () => {
    const longest = [...Array(MOST_PARTS).keys()].map((i) => partName('audience', `https://${'a'.repeat(500)}/${i}`));
    const full = record(day, {
      parts: new Map(longest.map((name) => [name, { sinceMs: 9e12 + 1, lastMs: 9e12 + 2 }])),
    });
    const written = Buffer.from(writeUses(full));
    expect(written.length).toBeLessThan(LONGEST_RECORD);
    expect(readUses(written)).toEqual(full);
  });

  it.each([
    ['no JSON', 'x'],
    ['no times', '{"parts":{}}'],
    ['a time that no date can show', '{"times":[1e14],"parts":{}}'],
    ['three times', '{"times":[1,2,3],"parts":{}}'],
    ['a part without times', '{"times":[1],"parts":{"a":[]}}'],
    ['a lifetime without a time', '{"times":[1],"parts":{},"longest":[1]}'],
    [
      'too many parts',
      JSON.stringify({ times: [1], parts: Object.fromEntries([...Array(MOST_PARTS + 1).keys()].map((i) => [i, [1]])) }),
    ],
  ])('are not read from %s', (_what, text) => {
    expect(readUses(Buffer.from(text))).toBeUndefined();
  });

  it('keep what is there, forget what is gone, and have no time that is to come', () => {
    const kept = currentUses(
      mergeUses(one, other),
      new Map([
        ['b', 9 * day],
        ['new', 8 * day],
      ]),
      7 * day,
    );
    expect(kept.lastMs).toBe(7 * day);
    expect([...kept.parts]).toEqual([
      ['b', { sinceMs: 4 * day, lastMs: 7 * day }],
      ['new', { sinceMs: 7 * day }],
    ]);
  });

  it('keep all while it is not known what is there', () => {
    expect(currentUses(one, undefined, 20 * day).parts).toEqual(one.parts);
  });

  it('forget how long tokens lived of which none was seen for a month: the issuer may be set up anew', () => {
    expect(currentUses(other, undefined, 4 * day + 29 * day).longest).toEqual(other.longest);
    expect(currentUses(other, undefined, 4 * day + 30 * day)).not.toHaveProperty('longest');
  });

  it('are written again for what is new, and not for a few seconds', () => {
    expect(isNews(one, undefined)).toBe(true);
    expect(isNews(one, one)).toBe(false);
    expect(isNews({ ...one, lastMs: 9 * day + RESOLUTION_MS - 1 }, one)).toBe(false);
    expect(isNews({ ...one, lastMs: 9 * day + RESOLUTION_MS }, one)).toBe(true);
    expect(isNews({ ...one, longest: { seconds: 61, atMs: 9 * day } }, one)).toBe(true);
    const used = new Map([...one.parts, ['a', { sinceMs: 5 * day, lastMs: 9 * day }]]);
    expect(isNews({ ...one, parts: used }, one)).toBe(true);
  });
});
