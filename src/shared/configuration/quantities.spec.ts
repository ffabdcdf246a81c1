import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, formatDuration, hour, minute, parseDuration, second, formatSize, parseSize } from './quantities.js';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['0s', 0],
    ['1s', 1_000],
    ['30s', 30_000],
    ['5m', 300_000],
    ['4h', 14_400_000],
    ['7d', 604_800_000],
    ['90s', 90_000],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', '5 s', ' 5s', '5s ', '-5s', '1.5h', '5S', '5min', 's', '5sm', '1h30m', '١s', '5s\n'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [0, '0s'],
    [1, '1ms'],
    [second, '1s'],
    [90 * second, '90s'],
    [5 * minute, '5m'],
    [4 * hour, '4h'],
    [7 * day, '7d'],
    [25 * hour, '25h'],
  ])('%d milliseconds are written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400 * day }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['0B', 0],
    ['512B', 512],
    ['256KiB', 262_144],
    ['1MiB', 1_048_576],
    ['2GiB', 2_147_483_648],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
    expect(formatSize(bytes)).toBe(text);
  });

  it.each(['', '5', '256KB', '256kib', '1.5MiB', '-1B', '1 MiB', '1MiB '])('%j is none', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    );
  });
});
