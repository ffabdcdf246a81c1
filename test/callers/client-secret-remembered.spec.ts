import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { OAuthError } from '../../src/transport/oauth-error.js';
import type { PresentedCredentials } from '../../src/callers/credentials/presented-credentials.js';
import { aCaller, Reception } from './reception.js';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, createHmac: vi.fn(real.createHmac) };
});

const secret = 'correct-horse-battery-staple-xyz';

function basic(id: string, presentedSecret: string, source = '192.0.2.1'): PresentedCredentials {
  const credentials = Buffer.from(`${id}:${presentedSecret}`).toString('base64');
  return { authorization: [`Basic ${credentials}`], form: {}, source };
}

async function outcome(reception: Reception, presented: PresentedCredentials): Promise<string | number> {
  return reception.callers.authenticator.authenticate(presented).then(
    ({ id }) => id,
    (error: unknown) => (error as OAuthError).status,
  );
}

/** What a header has proven is remembered; whether that is enough now is not. */
describe('a header that comes again', () => {
  it('costs no second look at the secret', async () => {
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

  it('R6749-07 is braked where its source guesses, as it would be at its first time', async () => {
    const limits = { burst: 3, forgiveMs: 1_000, provenMs: 3_600_000, entries: 100 };
    const callers = [aCaller({ id: 'orders', secrets: [secret] })];
    const guessing = async (hasAsked: boolean) => {
      const reception = new Reception(callers, [], limits);
      if (hasAsked) await outcome(reception, basic('orders', secret, '198.51.100.7'));
      for (let i = 0; i < 5; i++) await outcome(reception, basic('orders', `guess-${i}-of-the-secret`, '192.0.2.66'));
      return [
        await outcome(reception, basic('orders', secret, '192.0.2.66')),
        await outcome(reception, basic('orders', secret, '198.51.100.7')),
      ];
    };
    expect(await guessing(true)).toEqual(await guessing(false));
    expect((await guessing(true))[0]).toBe(429);
  });
});
