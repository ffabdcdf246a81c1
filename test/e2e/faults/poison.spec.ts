import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../fakes/eventually.js';
import { FakeIssuer } from '../../fakes/fake-issuer.js';
import { RedisServer } from '../../redis/redis-server.js';
import { Fleet, Watchman } from './support/fleet.js';

/** Somebody can write into Redis. That must not be the power to mint tokens, nor to silence an issuer. */
describe('poison in Redis', () => {
  let redis: RedisServer;
  let fleet: Fleet;
  let attacker: FakeIssuer;

  beforeAll(async () => {
    redis = await RedisServer.start();
    fleet = await Fleet.start(() => ({ url: redis.url }));
    attacker = await FakeIssuer.start();
  });

  afterAll(async () => {
    await fleet.stop();
    await attacker.stop();
    await redis.stop();
  });

  it('never changes a verdict, and raises an alarm', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const { kid } = fleet.issuer.key;
    const forged = await attacker.sign({ iss: fleet.issuer.issuer }, attacker.key, { kid });
    const client = redis.client();
    const [name] = await client.keys('assay:*:rec');
    const genuine = await client.hgetall(name!);
    const watchman = new Watchman(fleet, token);
    const foreign = JSON.stringify({ keys: [{ ...attacker.key.publicJwk, kid }] });

    const poisons: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['garbage', () => client.set(name!, 'garbage')],
      ['a list', () => client.lpush(name!, 'x')],
      [
        'a foreign key set in every field',
        () =>
          client.hset(
            name!,
            mapValues(genuine, () => foreign),
          ),
      ],
      [
        'a record from the future',
        () => client.hset(name!, { ...genuine, f: '99999999999999', fence: '99999999999999' }),
      ],
      ['a record without its code', () => client.hset(name!, { ...genuine, mac: '' })],
      ['512 MiB', () => client.setrange(name!, 512 * 1024 * 1024 - 1, 'x')],
    ];
    for (const [, poison] of poisons) {
      await client.del(name!);
      await poison();
      // Who fetches asks the store before and after it; the others ask as often.
      await fleet.fetched(2, async () => {
        expect(await fleet.verdicts(forged)).toEqual([false, false, false]);
      });
    }
    await client.del(name!);
    client.disconnect();

    expect(await watchman.dismiss()).toEqual([]);
    const alarm = 'shared record rejected; check who may write to Redis';
    await eventually(() => fleet.logged(alarm) > 0);
  });
});

function mapValues(record: Readonly<Record<string, string>>, to: () => string): Record<string, string> {
  return Object.fromEntries(Object.keys(record).map((name) => [name, to()]));
}
