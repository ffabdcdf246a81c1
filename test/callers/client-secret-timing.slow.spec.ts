import { describe, expect, it } from 'vitest';
import type { ClientCredentials } from '../../src/callers/credentials/basic-credentials.js';
import { composeWeakSecrets } from '../../src/callers/limits/weak-secrets.js';
import { ClientSecret } from '../../src/callers/methods/secret/client-secret.js';
import { AuthenticationFailure } from '../../src/callers/credentials/authentication-failure.js';
import { registrationsOf } from '../../src/callers/methods/caller-methods.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aCaller, prepared } from './reception.js';

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';

const callers = prepared([
  aCaller({ id: 'one-secret', secrets: [secret] }),
  aCaller({ id: 'rotating', secrets: ['Zk2Mv8Qp4Xt6Lr9Cw3Nb7Hs5Td1', secret] }),
]);
const clock = new FakeClock();
const clientSecret = new ClientSecret(clock, composeWeakSecrets('caller', clock));
clientSecret.replace(registrationsOf('secret', callers));

describe('I-01 the time of an attempt', () => {
  const samples = 100_000;
  const trials = 5;

  it.each([
    ['an unknown id', 'nobody', 'wrong-secret-of-thirty-two-chars'],
    ['a secret with all but one character right', 'one-secret', `${secret.slice(0, -1)}#`],
    ['a caller with two secrets', 'rotating', 'wrong-secret-of-thirty-two-chars'],
  ])(
    'I-01 does not tell %s from a wrong secret',
    (_what, clientId, presented) => {
      const known = { clientId: 'one-secret', secret: 'wrong-secret-of-thirty-two-chars' };
      const other = { clientId, secret: presented };
      expect(clientSecret.authenticate([other])).toBeInstanceOf(AuthenticationFailure);
      const isIndistinguishable = Array.from({ length: trials }).some(() => looksAlike(...measure([known], [other])));
      expect(isIndistinguishable).toBe(true);
    },
    120_000,
  );

  it('would tell two digests from one', () => {
    const once = { clientId: 'one-secret', secret: 'wrong' };
    expect(looksAlike(...measure([once], [once, once]))).toBe(false);
  }, 120_000);

  /** Nanoseconds of each attempt, taken in turns in an order that flips, so that drift and caches favour neither. */
  function measure(
    ...attempts: readonly [readonly ClientCredentials[], readonly ClientCredentials[]]
  ): [number[], number[]] {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < samples * 2; i++) {
      const which = (i & 1) ^ ((i >> 1) & 1) ? 1 : 0;
      const start = process.hrtime.bigint();
      void clientSecret.authenticate(attempts[which]);
      times[which].push(Number(process.hrtime.bigint() - start));
    }
    return times;
  }
});

/** Welch's t over the faster nine tenths (the rest is the machine's), or a difference that no network could carry. */
function looksAlike(a: readonly number[], b: readonly number[]): boolean {
  const [one, other] = [summary(a), summary(b)];
  const difference = Math.abs(one.mean - other.mean);
  const t = difference / Math.sqrt(one.variance / one.size + other.variance / other.size);
  return t < 4.5 || difference < 0.02 * one.mean;
}

function summary(times: readonly number[]) {
  const kept = [...times].sort((x, y) => x - y).slice(0, Math.floor(times.length * 0.9));
  const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
  const variance = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (kept.length - 1);
  return { mean, variance, size: kept.length };
}
