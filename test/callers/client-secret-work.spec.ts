import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { composeWeakSecrets } from '../../src/callers/limits/weak-secrets.js';
import { ClientSecret } from '../../src/callers/methods/secret/client-secret.js';
import { registrationsOf } from '../../src/callers/methods/caller-methods.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aCaller, prepared } from './reception.js';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, createHmac: vi.fn(real.createHmac), timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';
const prefixes = Array.from({ length: secret.length }, (_, k) => secret.slice(0, k).padEnd(secret.length, '#'));

const callers = prepared([
  aCaller({ id: 'one-secret', secrets: [secret] }),
  aCaller({ id: 'rotating', secrets: ['Zk2Mv8Qp4Xt6Lr9Cw3Nb7Hs5Td1', secret] }),
  aCaller({ id: 'no-secret', certificate: { sanDns: 'a.example' } }),
]);
const clock = new FakeClock();
const clientSecret = new ClientSecret(clock, composeWeakSecrets('caller', clock));
clientSecret.replace(registrationsOf('secret', callers));

/** What one attempt costs: digests made, digests compared. */
function workOf(clientId: string, presented: string): readonly [digests: number, comparisons: number] {
  vi.mocked(createHmac).mockClear();
  vi.mocked(timingSafeEqual).mockClear();
  void clientSecret.authenticate([{ clientId, secret: presented }]);
  return [vi.mocked(createHmac).mock.calls.length, vi.mocked(timingSafeEqual).mock.calls.length];
}

describe('I-01 the work of an attempt', () => {
  it('I-01 R6749-13 is the same for a right secret, a wrong one, and a caller that does not exist', () => {
    const ids = ['one-secret', 'rotating', 'no-secret', 'nobody', '__proto__', ''];
    const works = ids.flatMap((id) => ['', 'wrong', 'x'.repeat(5000), secret, ...prefixes].map((s) => workOf(id, s)));
    expect(new Set(works.map(String))).toEqual(new Set(['1,4']));
  });

  it('I-01 is only ever the comparison of digests of one length', () => {
    vi.mocked(timingSafeEqual).mockClear();
    for (const prefix of prefixes) void clientSecret.authenticate([{ clientId: 'one-secret', secret: prefix }]);
    const lengths = vi
      .mocked(timingSafeEqual)
      .mock.calls.flat()
      .map((digest) => digest.byteLength);
    expect(new Set(lengths)).toEqual(new Set([32]));
  });

  it('I-01 digests of secrets that share a prefix share nothing', () => {
    vi.mocked(timingSafeEqual).mockClear();
    for (const prefix of prefixes) void clientSecret.authenticate([{ clientId: 'one-secret', secret: prefix }]);
    const presented = vi
      .mocked(timingSafeEqual)
      .mock.calls.map(([digest]) => Buffer.from(digest as Buffer).toString('hex', 0, 4));
    expect(new Set(presented).size).toBe(prefixes.length);
  });
});
