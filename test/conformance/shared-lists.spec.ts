import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisReplicaStates } from '../../src/admin/redis-replica-states.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import type { RedisLocation } from '../../src/redis/redis-client.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { DENIED_KEYS, RedisDeniedKeys } from '../../src/revocation/redis-denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { connectedLink, CollectedKeyEvents, testRecordKey, testNames } from '../redis/a-redis-key-store.js';
import { RedisCluster } from '../redis/redis-cluster.js';
import { SentinelGroup } from '../redis/sentinel-group.js';
import { aDecision, deniedKeysConformance } from './denied-keys.js';
import { aState, replicaStatesConformance } from './replica-states.js';

const STATES = [testNames.in('replicas', 'seen'), testNames.in('replicas', 'states')];

/** Several servers in the way that one kind of deployment has them. */
interface Deployment {
  readonly location: RedisLocation;
  stop(): Promise<unknown>;
}

describe.each<[string, () => Promise<Deployment>]>([
  ['on a cluster', () => RedisCluster.start()],
  ['behind Sentinels', () => SentinelGroup.start()],
])('what replicas share besides keys, %s', (_name, start) => {
  let deployment: Deployment;
  let link: RedisLink;

  beforeAll(async () => {
    deployment = await start();
    link = await connectedLink(deployment.location);
  }, 60_000);

  beforeEach(async () => {
    await link.client.del(DENIED_KEYS);
    await link.client.del(STATES);
  });

  afterAll(async () => {
    await link.close();
    await deployment.stop();
  });

  const deniedKeys = (clock: FakeClock): RedisDeniedKeys =>
    new RedisDeniedKeys({
      link,
      clock,
      mac: new RecordMac('https://assay.example', [testRecordKey]),
      events: new CollectedKeyEvents(),
    });

  describe('denied keys', () => {
    deniedKeysConformance(async () => {
      const clock = new FakeClock();
      return { store: deniedKeys(clock), other: deniedKeys(clock), clock };
    });
  });

  describe('states of replicas', () => {
    replicaStatesConformance(async () => ({
      states: new RedisReplicaStates(link, testNames),
      other: new RedisReplicaStates(link, testNames),
      advance: async (ms) => {
        for (const replica of await link.client.zrange(STATES[0]!, '0', '-1')) {
          await link.client.zincrby(STATES[0]!, -ms, replica);
        }
      },
    }));
  });

  it('outlasts a failover, where there is one', async () => {
    const store = deniedKeys(new FakeClock());
    await store.record(aDecision());
    if (deployment instanceof SentinelGroup) {
      await link.client.wait(1, 5_000);
      await deployment.failOver();
    }
    const listed = await vi.waitFor(() => store.list(), { timeout: 20_000, interval: 100 });
    expect(listed).toEqual([aDecision()]);
    await new RedisReplicaStates(link, testNames).report(aState('a'));
  }, 60_000);
});
