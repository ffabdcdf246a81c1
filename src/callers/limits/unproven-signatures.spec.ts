import { beforeAll, describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../../../test/builders/a-key.js';
import { aToken } from '../../../test/builders/a-token.js';
import { aCaller, identifier, Reception } from '../../../test/callers/reception.js';

const key = aKey();
const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('signatures of strangers', () => {
  let reception: Reception;

  beforeAll(async () => {
    const assertion = { jwks: aJwks(key), algorithms: ['ES256'] } as const;
    reception = new Reception([aCaller({ id: 'orders', assertion }), aCaller({ id: 'billing', assertion })]);
    for (const id of ['caller:orders', 'caller:billing']) {
      await reception.keys.add(id, key, reception.assertionIssuers.byId(id)!);
    }
  });

  let serial = 0;

  function anAssertion(id: string, signer = key): string {
    return aToken()
      .header({ typ: 'client-authentication+jwt', kid: key.kid })
      .signedBy(signer)
      .at(reception.nowSeconds())
      .with({ iss: id, sub: id, aud: identifier, jti: `a-${++serial}`, client_id: undefined })
      .build();
  }

  /** How requests end, and after how many others each one does. */
  function present(assertions: readonly (readonly [assertion: string, source: string])[]) {
    let ended = 0;
    return Promise.all(
      assertions.map(async ([clientAssertion, source]) => {
        const form = { clientAssertion, clientAssertionType: type };
        const status = await reception.authenticate({ form, source }).then(
          () => 200,
          (error: unknown) => (error as { status: number }).status,
        );
        return { status, place: ended++ };
      }),
    );
  }

  it('I-02 are never 429: forged ones are 401, and those that the queue has no room for 503', async () => {
    const forged = anAssertion('orders', aKey('ES256', { kid: key.kid }));
    const crowd = Array.from({ length: 1_100 }, () => [forged, '192.0.2.1'] as const);
    const ends = await present([...crowd, [anAssertion('orders'), '198.51.100.1']]);
    const statuses = new Map<number, number>();
    for (const { status } of ends.slice(0, -1)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect([...statuses.keys()].sort()).toEqual([401, 503]);
    expect(statuses.get(401)).toBeGreaterThan(1_000);
    expect(ends.at(-1)?.status).toBe(200);
  });

  it('I-02 let a stranger in early who comes last, from another address or as another caller', async () => {
    const forged = anAssertion('orders', aKey('ES256', { kid: key.kid }));
    const crowd = Array.from({ length: 500 }, () => [forged, '192.0.2.1'] as const);
    const ends = await present([
      ...crowd,
      [anAssertion('orders'), '198.51.100.1'],
      [anAssertion('billing'), '192.0.2.1'],
    ]);
    const [elsewhere, beside] = ends.slice(-2);
    expect([elsewhere?.status, beside?.status]).toEqual([200, 200]);
    expect(elsewhere?.place).toBeLessThan(100);
    expect(beside?.place).toBeLessThan(100);
  });

  it('I-02 let a caller that signed well there before pass all strangers, however many addresses they have', async () => {
    const forged = anAssertion('orders', aKey('ES256', { kid: key.kid }));
    expect(await present([[anAssertion('orders'), '203.0.113.1']])).toMatchObject([{ status: 200 }]);
    const crowd = Array.from({ length: 1_100 }, (_, i) => [forged, `10.0.${i >> 8}.${i & 255}`] as const);
    const right = Array.from({ length: 20 }, () => [anAssertion('orders'), '203.0.113.1'] as const);
    const ends = (await present([...crowd, ...right])).slice(crowd.length);
    expect(ends.map(({ status }) => status)).toEqual(right.map(() => 200));
    expect(Math.max(...ends.map(({ place }) => place))).toBeLessThan(300);
  });

  it('I-02 let a caller in who comes last for the first time, and with it all that it sent from there', async () => {
    const forged = anAssertion('orders', aKey('ES256', { kid: key.kid }));
    const crowd = Array.from({ length: 900 }, (_, i) => [forged, `10.1.${i >> 8}.${i & 255}`] as const);
    const right = Array.from({ length: 20 }, () => [anAssertion('orders'), '203.0.113.2'] as const);
    const ends = (await present([...crowd, ...right])).slice(crowd.length);
    expect(ends.map(({ status }) => status)).toEqual(right.map(() => 200));
    expect(Math.max(...ends.map(({ place }) => place))).toBeLessThan(300);
  });

  it('I-02 cost nothing where they claim an id that nobody has', async () => {
    const invented = Array.from({ length: 200 }, (_, i) => [anAssertion(`id-${i}`), '192.0.2.1'] as const);
    const ends = await present([...invented, [anAssertion('orders'), '192.0.2.1']]);
    expect(ends.map(({ status }) => status)).toEqual([...invented.map(() => 401), 200]);
  });
});
