import { describe, expect, it } from 'vitest';
import { aKey } from '../../../test/builders/a-key.js';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { aCaller, type Registration } from '../../../test/callers/reception.js';
import { aSigning, ourKeys } from '../../../test/signing/support/a-signing.js';
import type { SigningSection } from '../../signing/signing.config.js';
import { prepareCaller } from './prepare-callers.js';

const upstream = 'https://orders.internal';

function prepare(registration: Registration, signing: SigningSection | undefined = aSigning(...ourKeys)) {
  const recorded = new RecordedProblems();
  const secrets = ['Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz'];
  const context = { identifier: 'https://assay.example.com', signing };
  const prepared = prepareCaller(aCaller({ secrets, ...registration }), recorded.place('callers[0]'), context);
  return { prepared, paths: recorded.paths };
}

describe('how answers to a caller are signed', () => {
  it('is as it says, or with RS256, for its id', () => {
    const signedOf = (registration: Registration) => prepare({ id: 'orders', ...registration }).prepared?.caller.signed;
    expect(signedOf({ signed: { alg: 'ES256', required: true } })).toEqual({
      alg: 'ES256',
      isRequired: true,
      audience: 'orders',
    });
    expect(signedOf({ signed: {} })).toEqual({ alg: 'RS256', isRequired: false, audience: 'orders' });
    expect(signedOf({})).toBeUndefined();
  });

  it('is for its resource, where it has one', () => {
    const resource = 'https://api.corp.example/orders';
    const { prepared } = prepare({ signed: {}, proxy: true, resource });
    expect(prepared?.caller.signed?.audience).toBe(resource);
  });

  it('is for what is behind a proxy under the name of that', () => {
    const upstreamOf = (registration: Registration) =>
      prepare({ proxy: true, ...registration }).prepared?.proxy?.upstream;
    expect(upstreamOf({ upstream })).toEqual({ audience: upstream, alg: 'RS256' });
    expect(upstreamOf({ upstream, signed: { alg: 'ES256' } })).toEqual({ audience: upstream, alg: 'ES256' });
    expect(upstreamOf({ signed: {} })).toBeUndefined();
  });

  it.each([
    ['callers[0].signed.alg', { signed: { alg: 'PS256' } }],
    ['callers[0]', { upstream }],
  ] as const)('needs what is not there: %s', (path, registration) => {
    expect(prepare(registration).paths).toEqual([path]);
  });

  it('needs keys, and the word which where several sign', () => {
    const several = aSigning(['signing', aKey('ES256')], ['signing', aKey('EdDSA')]);
    const none = { keys: [] };
    for (const signing of [several, none]) {
      expect(prepare({ signed: {} }, signing).paths).toEqual(['callers[0].signed']);
      expect(prepare({ proxy: true, upstream }, signing).paths).toEqual(['callers[0].upstream']);
    }
  });
});
