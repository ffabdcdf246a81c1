import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordMac, type RecordRefusal } from '../../src/redis/record-mac.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { RedisStreamStates } from '../../src/signals/streams/redis-stream-states.js';
import { connectedLink, testNames } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { streamStatesConformance } from './stream-states.js';

const STATE = testNames.in('signal:corp', 'state');
const LEASE = testNames.in('signal:corp', 'lease');
const mac = new RecordMac('test', [{ id: 'one', secret: 'a secret of this test' }]);

describe('RedisStreamStates', () => {
  let server: RedisServer;
  let link: RedisLink;
  let nowMs = 1_795_262_400_000;
  let refused: RecordRefusal[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });
  beforeEach(async () => {
    await link.client.flushall();
    refused = [];
  });
  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  const make = (): RedisStreamStates =>
    new RedisStreamStates({ link, names: testNames, mac, nowMs: () => nowMs, onRefused: (why) => refused.push(why) });

  streamStatesConformance(() =>
    Promise.resolve({
      states: make(),
      advance: (ms) => {
        nowMs += ms;
      },
    }),
  );

  it.each<[string, string, RecordRefusal]>([
    ['that nobody has sealed', '{"value":"acting"}', 'incomplete'],
    ['that is endless', 'x'.repeat(2_000), 'too_large'],
  ])('believes no state %s', async (_, text, reason) => {
    await link.client.hset(STATE, 'heldBy', text);
    expect(await make().read('corp')).toEqual({});
    expect(refused).toEqual([reason]);
  });

  it('believes no state of another stream or another field', async () => {
    await make().update('shop', { heldBy: 'acting' });
    await make().update('corp', { askedState: 'acting' });
    const [foreign, other] = [
      await link.client.hget(testNames.in('signal:shop', 'state'), 'heldBy'),
      await link.client.hget(STATE, 'askedState'),
    ];
    for (const sealed of [foreign, other]) {
      await link.client.hset(STATE, 'heldBy', sealed!);
      expect((await make().read('corp')).heldBy).toBeUndefined();
    }
    expect(refused).toEqual(['forged', 'forged']);
  });

  it('goes on where something else stands in its place, and where a lease is from a clock that was put back', async () => {
    await link.client.set(LEASE, 'something else');
    expect(await make().acquire('corp', 'one', 1_000)).toBeDefined();
    nowMs -= 3_600_000;
    expect(await make().acquire('corp', 'two', 1_000)).toBeDefined();
  });
});
