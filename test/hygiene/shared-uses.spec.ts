import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisSharedUses } from '../../src/hygiene/redis-shared-uses.js';
import type { Subject } from '../../src/hygiene/shared-uses.js';
import { RecordMac, type RecordKey } from '../../src/redis/record-mac.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import { SystemClock } from '../../src/shared/clock.js';
import { testEnvironment, testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisWorld } from '../redis/redis-world.js';

const newKey: RecordKey = { id: 'k2', secret: 'another-record-key-for-tests-9876543210' };
const record = { sinceMs: 1_000, lastMs: 2_000, parts: new Map([['corp', { sinceMs: 1_000 }]]) };
const orders: Subject = { kind: 'caller', id: 'orders' };

describe('what replicas share of how issuers and callers are used', () => {
  let world: RedisWorld;
  let refusals: string[];

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  beforeEach(async () => {
    refusals = [];
    await world.reset();
  });
  afterAll(() => world.stop());

  const uses = (keys: readonly RecordKey[] = [testRecordKey], environment = testEnvironment): RedisSharedUses =>
    new RedisSharedUses({
      link: world.link,
      names: new RedisNames(environment),
      mac: new RecordMac(environment, keys),
      clock: new SystemClock(),
      onRefused: (reason) => refusals.push(reason),
    });

  it('comes back as it was written, to the same environment alone', async () => {
    await uses().write([[orders, record]]);
    expect(await uses().read([orders])).toEqual([{ record, isSealedByOlderKey: false }]);
    expect(await uses([testRecordKey], 'https://staging.example').read([orders])).toEqual([undefined]);
    expect(await uses().read([{ kind: 'issuer', id: 'orders' }])).toEqual([undefined]);
    expect(refusals).toEqual([]);
  });

  it('is said to be sealed by an older key, so that it is sealed anew before that key goes', async () => {
    await uses().write([[orders, record]]);
    expect(await uses([newKey, testRecordKey]).read([orders])).toMatchObject([{ isSealedByOlderKey: true }]);
    expect(await uses([newKey]).read([orders])).toEqual([undefined]);
    expect(refusals).toEqual(['unknown_key']);
  });

  it('takes one command to be read, and one to be written, however much it is; it is forgotten when nobody reads it', async () => {
    const many = [...Array(400).keys()].map((i): Subject => ({ kind: 'issuer', id: `issuer-${i}` }));
    const shared = uses();
    const commands = async (): Promise<number> => {
      const stats = await world.hand.info('commandstats');
      return [...stats.matchAll(/cmdstat_(?:eval|evalsha):calls=(\d+),[^\r]*failed_calls=(\d+)/g)]
        .map(([, calls, failed]) => Number(calls) - Number(failed))
        .reduce((sum, each) => sum + each, 0);
    };
    const before = await commands();
    await shared.write(many.map((each) => [each, record]));
    expect(await shared.read(many)).toHaveLength(400);
    expect((await commands()) - before).toBe(2);
    const [name] = await world.hand.keys('assay:{*:hygiene}:*');
    expect(await world.hand.pttl(name!)).toBeGreaterThan(390 * 24 * 3_600_000);
  });
});
