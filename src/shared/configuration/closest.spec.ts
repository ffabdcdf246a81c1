import { describe, expect, it } from 'vitest';
import { closest } from './closest.js';

const keys = ['id', 'issuer', 'audiences', 'algorithms', 'clockTolerance', 'jwksUri', 'jwksFile'];

describe('did you mean', () => {
  it.each([
    ['audience', 'audiences'],
    ['audeinces', 'audiences'],
    ['Issuer', 'issuer'],
    ['isuer', 'issuer'],
    ['algorihtms', 'algorithms'],
    ['clock_tolerance', 'clockTolerance'],
    ['jwksUrl', 'jwksUri'],
    ['jwks_file', 'jwksFile'],
    ['di', 'id'],
  ])('%s → %s', (word, meant) => {
    expect(closest(word, keys)).toBe(meant);
  });

  it.each(['', 'password', 'xx', 'insecureSkipVerify', 'a'.repeat(10_000)])('%j is like nothing', (word) => {
    expect(closest(word, keys)).toBeUndefined();
  });

  it('prefers the nearest, and of equals the first', () => {
    expect(closest('cat', ['cart', 'cat'])).toBe('cat');
    expect(closest('cab', ['cat', 'car'])).toBe('cat');
  });
});
