import { describe, expect, it } from 'vitest';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { Rejection } from '../../src/tokens/rejection.js';
import { aKey } from '../builders/a-key.js';
import { issuerOf, Remembering } from './support/remembering.js';

/** Tokens of one issuer that are under way at once; the others wait in its own line. */
const UNDER_WAY = 16;

const cheap = 'https://cheap.example';

/** An issuer with keys that are expensive to check, beside one whose keys are not. */
function twoIssuers() {
  const r = new Remembering();
  const [large, small] = [aKey('ES512'), aKey('EdDSA')];
  const ids = { id: 'cheap', issuer: cheap, keySourceFingerprint: 'cheap' };
  r.register(issuerOf([large]), issuerOf([small], ids));
  const expensive = r.good.signedBy(large).build();
  // Never good, so never remembered, and each costs a whole check.
  const forged = (i: number) => expensive.slice(0, -8) + i.toString().padStart(8, '0');
  return { r, forged, cheap: r.good.from(cheap).signedBy(small).build() };
}

describe('an issuer with expensive keys', () => {
  it('does not starve another one: its flood waits in its own line', async () => {
    const { r, forged, cheap: token } = twoIssuers();
    await r.verdict(forged(0));
    let ended = 0;
    const flood = Array.from({ length: 400 }, (_, i) => r.verdict(forged(i)).finally(() => ended++));
    expect(await r.verdict(token)).toBe('active');
    // At most those that the threads had before it, and those that ended together with it.
    expect(ended).toBeLessThanOrEqual(2 * UNDER_WAY);
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['signature_invalid']));
    expect(ended).toBe(400);
  });

  it('is told that we cannot know, never that its tokens are bad, when its line is too long', async () => {
    const { r, forged, cheap: token } = twoIssuers();
    const flood = Array.from({ length: 1_100 }, (_, i) => r.verifier.verify(forged(i)));
    const outcomes = await Promise.allSettled([...flood, r.verifier.verify(token)]);
    const unknown = outcomes.filter(({ status }) => status === 'rejected');
    expect(unknown).toHaveLength(1_100 - UNDER_WAY - 1_000);
    for (const outcome of unknown) {
      expect(outcome).toMatchObject({ reason: { issuerId: 'corp', retryAfterSeconds: 1 } });
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(KeysUnavailable);
    }
    expect(outcomes.at(-1)).toMatchObject({ status: 'fulfilled', value: { issuer: { id: 'cheap' } } });
    expect(outcomes[0]).toMatchObject({ value: expect.any(Rejection) as unknown });
  });

  it('does not delay tokens that are remembered at all', async () => {
    const { r, forged, cheap: token } = twoIssuers();
    await r.remembered(token);
    let ended = 0;
    const flood = Array.from({ length: 100 }, (_, i) => r.verdict(forged(i)).finally(() => ended++));
    expect(await r.verdict(token)).toBe('active');
    expect(ended).toBe(0);
    await Promise.all(flood);
  });
});
