import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { OAuthError } from '../../src/transport/oauth-error.js';
import type { PresentedCredentials } from '../../src/callers/credentials/presented-credentials.js';
import { aCaller, Reception } from './reception.js';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, createHmac: vi.fn(real.createHmac) };
});

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';

function basic(id: string, presentedSecret: string, source = '192.0.2.1'): PresentedCredentials {
  const credentials = Buffer.from(`${id}:${presentedSecret}`).toString('base64');
  return { authorization: [`Basic ${credentials}`], form: {}, source };
}

async function outcome(reception: Reception, presented: PresentedCredentials): Promise<string | number> {
  try {
    return (await reception.callers.authenticator.authenticate(presented)).id;
  } catch (error) {
    return (error as OAuthError).status;
  }
}

/** What a header has proven is remembered; whether that is enough now is not. */
describe('a header that comes again', () => {
  it('costs no second comparison of the secret', async () => {
    const reception = new Reception([aCaller({ id: 'orders', secrets: [secret] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe('orders');
    vi.mocked(createHmac).mockClear();
    for (let i = 0; i < 10; i++) expect(await outcome(reception, basic('orders', secret))).toBe('orders');
    expect(createHmac).not.toHaveBeenCalled();
  });

  it('is remembered only where it was right', async () => {
    const reception = new Reception([aCaller({ id: 'orders', secrets: [secret] })]);
    for (let i = 0; i < 3; i++) expect(await outcome(reception, basic('orders', 'wrong-secret'))).toBe(401);
    expect(await outcome(reception, basic('orders', secret))).toBe('orders');
    expect(await outcome(reception, basic('orders', 'wrong-secret'))).toBe(401);
  });

  it('is refused once its secret, its caller or its rights are gone', async () => {
    const reception = new Reception([aCaller({ id: 'orders', secrets: [secret] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe('orders');
    reception.register([aCaller({ id: 'orders', secrets: ['another-secret-of-the-caller'] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe(401);
    reception.register([aCaller({ id: 'orders', secrets: [secret], issuers: [] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe(401);
    reception.register([aCaller({ id: 'other', secrets: [secret] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe(401);
    reception.register([aCaller({ id: 'orders', secrets: [secret] })]);
    expect(await outcome(reception, basic('orders', secret))).toBe('orders');
  });

  it('is as limited as it always is', async () => {
    const rateLimit = { perSecond: 1, burst: 2, shared: false };
    const reception = new Reception([aCaller({ id: 'orders', secrets: [secret], rateLimit })]);
    const outcomes = [];
    for (let i = 0; i < 4; i++) outcomes.push(await outcome(reception, basic('orders', secret)));
    expect(outcomes).toEqual(['orders', 'orders', 429, 429]);
    await reception.clock.advance(1_000);
    expect(await outcome(reception, basic('orders', secret))).toBe('orders');
  });

  it('R6749-07 is as good as it was where others guess, and before any was remembered too', async () => {
    const limits = { burst: 3, forgiveMs: 1_000, entries: 100 };
    for (const hasAsked of [true, false]) {
      const reception = new Reception([aCaller({ id: 'orders', secrets: [secret] })], [], limits);
      if (hasAsked) expect(await outcome(reception, basic('orders', secret))).toBe('orders');
      const guesses = [];
      for (let i = 0; i < 5; i++) guesses.push(await outcome(reception, basic('orders', `guess-${i}-of-the-secret`)));
      expect(guesses).toEqual([401, 401, 429, 429, 429]);
      expect(await outcome(reception, basic('orders', secret))).toBe('orders');
    }
  });

  it('is not remembered where its secret can be guessed: the limit for guesses is asked each time', async () => {
    const weak = 'correct-horse-battery-staple';
    const reception = new Reception([aCaller({ id: 'orders', secrets: [weak] })]);
    expect(await outcome(reception, basic('orders', weak))).toBe('orders');
    for (let i = 0; i < 60; i++) await outcome(reception, basic('orders', `guess-${i}`, `192.0.2.${i}`));
    expect(await outcome(reception, basic('orders', weak))).toBe(429);
  });
});
