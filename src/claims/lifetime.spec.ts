import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import { refuseLongLived } from './lifetime.js';

const NOW = 1_795_262_400;
const HOUR = 3_600;

const { check } = refuseLongLived({ maxLifetimeSeconds: HOUR, clockToleranceSeconds: 30 });
const verdict = (claims: JsonObject): string => check({ header: { alg: 'ES256' }, claims }, NOW)?.code ?? 'accepted';

describe('refuseLongLived', () => {
  it.each<[string, JsonObject, string]>([
    ['exactly the limit', { iat: NOW, exp: NOW + HOUR }, 'accepted'],
    ['a second more', { iat: NOW, exp: NOW + HOUR + 1 }, 'lifetime_exceeded'],
    ['a fraction more', { iat: NOW, exp: NOW + HOUR + 0.5 }, 'lifetime_exceeded'],
    ['long lived, and nearly over', { iat: NOW - 10 * HOUR, exp: NOW + 1 }, 'lifetime_exceeded'],
    ['issued later than it ends', { iat: NOW + HOUR, exp: NOW }, 'accepted'],
    ['E-05 exp in milliseconds', { iat: NOW, exp: (NOW + 60) * 1_000 }, 'lifetime_exceeded'],
    ['no iat: what is left counts', { exp: NOW + HOUR }, 'accepted'],
    ['no iat, and more left than the limit', { exp: NOW + HOUR + 1 }, 'lifetime_exceeded'],
    ['D-08 no exp, and young', { iat: NOW - HOUR }, 'accepted'],
    ['D-08 no exp, within the tolerance', { iat: NOW - HOUR - 29 }, 'accepted'],
    ['D-08 no exp, and too old', { iat: NOW - HOUR - 30 }, 'expired'],
    ['neither', {}, 'claim_missing'],
  ])('%s', (_case, claims, expected) => {
    expect(verdict(claims)).toBe(expected);
  });

  it.each([0, -1, Number.NaN])('takes no limit of %d: it would be none', (maxLifetimeSeconds) => {
    expect(() => refuseLongLived({ maxLifetimeSeconds, clockToleranceSeconds: 30 })).toThrow(RangeError);
  });
});
