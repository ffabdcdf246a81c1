import { describe, expect, it } from 'vitest';
import { lifetimeMsOf, retryAfterMsOf, validatorsOf } from './response-freshness.js';

const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
const anHourLater = 'Sat, 21 Nov 2026 13:00:00 GMT';

describe('lifetimeMsOf', () => {
  it.each([
    ['R9111-01 max-age', { 'cache-control': 'public, max-age=300' }, 300_000],
    ['R9111-01 s-maxage first', { 'cache-control': 'max-age=10, s-maxage=600' }, 600_000],
    ['R9111-01 Expires minus Date', { expires: anHourLater, date }, 3_600_000],
    ['R9111-01 max-age before Expires', { 'cache-control': 'max-age=60', expires: anHourLater, date }, 60_000],
    ['R9111-01 less the age', { 'cache-control': 'max-age=300', age: '100' }, 200_000],
    ['nothing said', {}, undefined],
    ['nothing about time', { 'cache-control': 'public' }, undefined],
    ['quoted', { 'cache-control': 'max-age="60"' }, 60_000],
    ['F-22 max-age=0', { 'cache-control': 'max-age=0' }, 0],
    ['F-22 no-store', { 'cache-control': 'no-store, max-age=300' }, 0],
    ['F-22 no-cache', { 'cache-control': 'NO-CACHE' }, 0],
    ['F-22 negative', { 'cache-control': 'max-age=-1' }, 0],
    ['F-22 huge', { 'cache-control': 'max-age=99999999999' }, 99_999_999_999_000],
    ['F-22 two directives', { 'cache-control': 'max-age=300, max-age=600' }, 0],
    ['F-22 two headers', { 'cache-control': ['max-age=300', 'max-age=600'] as unknown as string }, 0],
    ['F-22 Expires: 0', { expires: '0', date }, 0],
    ['F-22 Expires without Date', { expires: anHourLater }, 0],
    ['F-22 Date after Expires', { expires: date, date: anHourLater }, 0],
    ['F-22 Age: 10^9', { 'cache-control': 'max-age=300', age: '1000000000' }, 0],
    ['not a number', { 'cache-control': 'max-age=1e3' }, 0],
  ])('%s', (_case, headers, expected) => {
    expect(lifetimeMsOf(headers)).toBe(expected);
  });
});

describe('retryAfterMsOf', () => {
  it.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['a date', { 'retry-after': anHourLater, date }, 3_600_000],
    ['a date gone by', { 'retry-after': date, date: anHourLater }, 0],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a date without Date', { 'retry-after': anHourLater }, undefined],
    ['nothing', {}, undefined],
  ])('R9110-03 %s', (_case, headers, expected) => {
    expect(retryAfterMsOf(headers)).toBe(expected);
  });
});

describe('validatorsOf', () => {
  const url = 'https://keys.example/jwks';

  it('R9111-03 keeps both validators with the place they came from', () => {
    expect(validatorsOf(url, { etag: 'W/"1"', 'last-modified': date })).toEqual({
      url,
      etag: 'W/"1"',
      lastModified: date,
    });
  });

  it('F-23 forgets a validator that is longer than any reason', () => {
    expect(validatorsOf(url, { etag: `"${'x'.repeat(1_000)}"` })).toBeUndefined();
    expect(validatorsOf(url, {})).toBeUndefined();
  });
});
