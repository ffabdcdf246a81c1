import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestTable, keyOf, sweepTurns } from './digest-table.js';

const digest = (n: number | string): Buffer => createHash('sha256').update(String(n)).digest().subarray(0, 16);

describe('DigestTable', () => {
  it('finds exactly what was put in, while it grows', () => {
    const table = new DigestTable(7);
    for (let n = 0; n < 50_000; n++) table.set(digest(n), { until: 1_000 + (n % 2), at: n, tag: n + 1 });

    expect(table.size).toBe(50_000);
    for (let n = 0; n < 50_000; n++) expect(table.tagOf(keyOf(digest(n)), 999)).toBe(n + 1);
    for (let n = 50_000; n < 60_000; n++) expect(table.tagOf(keyOf(digest(n)), 999)).toBe(0);
    expect(table.get(digest(7))).toEqual({ until: 1_001, at: 7, tag: 8 });
  });

  it('tells digests apart by each of their words', () => {
    const table = new DigestTable(7);
    const one = digest('one');
    table.set(one, { until: 10, at: 1, tag: 1 });
    for (let i = 0; i < one.length; i++) {
      const other = Buffer.from(one);
      other[i] = (other[i] ?? 0) ^ 1;
      expect(table.tagOf(keyOf(other), 1)).toBe(0);
    }
  });

  it('replaces an entry in its place', () => {
    const table = new DigestTable(7);
    table.set(digest(1), { until: 10, at: 1, tag: 1 });
    table.set(digest(1), { until: 20, at: 2, tag: 2 });
    expect([table.size, table.tagOf(keyOf(digest(1)), 15)]).toEqual([1, 2]);
  });

  it('ends an entry with its second, and forgets it with the next sweep, and nothing else', () => {
    const table = new DigestTable(7);
    for (let n = 0; n < 10_000; n++) table.set(digest(n), { until: n % 3 === 0 ? 100 : 200, at: 1, tag: n + 1 });
    expect([table.tagOf(keyOf(digest(0)), 99), table.tagOf(keyOf(digest(0)), 100)]).toEqual([1, 0]);
    const before = table.bytes;

    const gone: number[] = [];
    for (let turn = 0; turn < sweepTurns; turn++) table.sweep(turn, 100, (tag) => gone.push(tag));
    expect(gone.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 3_334 }, (_, i) => 3 * i + 1));
    expect(table.size).toBe(6_666);
    for (let n = 0; n < 10_000; n++) expect(table.tagOf(keyOf(digest(n)), 0)).toBe(n % 3 === 0 ? 0 : n + 1);
    for (let turn = 0; turn < sweepTurns; turn++) table.sweep(turn, 200, () => undefined);
    expect([table.size, table.bytes < before]).toEqual([0, true]);
  });

  it('REV-16 keeps a million entries within 64 MiB, and beyond the first thousands no insertion moves another entry', () => {
    const table = new DigestTable(7);
    const word = Buffer.alloc(16);
    let grown = 0;
    for (let n = 0; n < 1_000_000; n++) {
      // A step that is no power of two, and visits each number once: as good as digests, and quicker to make.
      for (let i = 0; i < 4; i++) word.writeUInt32LE(Math.imul(n * 4 + i + 1, 0x9e3779b1) >>> 0, 4 * i);
      const before = table.bytes;
      table.set(word, { until: 10, at: 1, tag: 1 });
      if (n > 30_000) grown += table.bytes - before;
    }
    expect([table.size, grown]).toEqual([1_000_000, 0]);
    expect(table.bytes).toBeLessThanOrEqual(64 * 1024 ** 2);
  });

  it('finds what is more than it was sized for', () => {
    const table = new DigestTable(7);
    // The place follows from the first half alone, so that these are all in one part.
    const all = Array.from({ length: 6_000 }, (_, n) => Buffer.concat([Buffer.alloc(8, 1), digest(n).subarray(0, 8)]));
    all.forEach((each, n) => {
      table.set(each, { until: 10, at: 1, tag: n + 1 });
    });
    expect(all.every((each, n) => table.tagOf(keyOf(each), 1) === n + 1)).toBe(true);
  });
});
