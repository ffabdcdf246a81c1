import { describe, expect, it } from 'vitest';
import { aCaller, basic, Reception } from './reception.js';

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';

describe('I-02 brute force', () => {
  const limits = { burst: 20, forgiveMs: 1000 };
  const reception = () =>
    new Reception([aCaller({ secrets: [secret] }), aCaller({ id: 'billing', secrets: [`${secret}-2`] })], [], limits);

  async function statuses(at: Reception, attempts: number, source: (i: number) => string, id: (i: number) => string) {
    const seen = new Map<number, number>();
    for (let i = 0; i < attempts; i++) {
      const { status } = await at.refusal({ ...basic(id(i), `guess-${i}`), source: source(i) });
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    return seen;
  }

  it('I-02 X16 a thousand guesses from one source get twenty answers, and Retry-After', async () => {
    const at = reception();
    const seen = await statuses(
      at,
      1000,
      () => '192.0.2.66',
      () => 'orders-api',
    );
    expect(seen).toEqual(
      new Map([
        [401, 19],
        [429, 981],
      ]),
    );
    expect(await at.refusal({ ...basic('orders-api', 'wrong'), source: '192.0.2.66' })).toMatchObject({
      status: 429,
      code: 'temporarily_unavailable',
      retryAfterSeconds: 1,
    });
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '192.0.2.66' })).id).toBe('orders-api');
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '198.51.100.1' })).id).toBe('orders-api');
    expect((await at.authenticate({ ...basic('billing', `${secret}-2`), source: '198.51.100.1' })).id).toBe('billing');
  });

  it('I-02 guesses that are spread over ids are slowed by their source', async () => {
    const seen = await statuses(
      reception(),
      1000,
      () => '192.0.2.66',
      (i) => `id-${i}`,
    );
    expect(seen.get(401)).toBe(19);
  });

  it('I-02 guesses that are spread over sources are slowed by the id, and the caller is still served', async () => {
    const at = reception();
    const seen = await statuses(
      at,
      1000,
      (i) => `10.0.${i >> 8}.${i & 255}`,
      () => 'orders-api',
    );
    expect(seen.get(401)).toBe(19);
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '198.51.100.1' })).id).toBe('orders-api');
  });

  it('I-02 R6749-07 a right secret never locks out, however often it is used', async () => {
    const at = reception();
    for (let i = 0; i < 1000; i++) await at.authenticate(basic('orders-api', secret));
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
  });

  it('I-02 R6749-07 a caller is served beside an attacker at its own address who guesses at its own id, known before or not', async () => {
    const at = reception();
    await statuses(
      at,
      1000,
      () => '192.0.2.1',
      () => 'orders-api',
    );
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
    expect((await at.authenticate(basic('billing', `${secret}-2`))).id).toBe('billing');
  });

  it('I-02 the wait ends', async () => {
    const at = reception();
    await statuses(
      at,
      100,
      () => '192.0.2.66',
      () => 'orders-api',
    );
    await at.clock.advance(2000);
    expect(await at.refusal({ ...basic('orders-api', 'mistyped'), source: '192.0.2.66' })).toMatchObject({
      status: 401,
    });
  });

  it('requests without credentials are not guesses', async () => {
    const at = reception();
    for (let i = 0; i < 100; i++) expect((await at.refusal({})).status).toBe(401);
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
  });
});
