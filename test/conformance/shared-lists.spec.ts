import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisReplicaStates } from '../../src/admin/redis-replica-states.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { ChangeLog } from '../../src/changes/change-log.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { connectedLink, testEnvironment, testRecordKey, testNames } from '../redis/a-redis-key-store.js';
import { RedisCluster } from '../redis/redis-cluster.js';
import { SentinelGroup } from '../redis/sentinel-group.js';
import { aDecision, deniedKeysConformance, listed } from './denied-keys.js';
import { aState, HOUR_MS, replicaStatesConformance } from './replica-states.js';

const LOG = ['last', 'keys', 'denials'].map((kind) => testNames.in('log', kind));
const STATES = [
  testNames.in('replicas', 'seen'),
  testNames.in('replicas', 'states'),
  testNames.in('replicas', 'reach'),
];

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
    await link.client.del(LOG);
    await link.client.del(STATES);
  });

  afterAll(async () => {
    await link.close();
    await deployment.stop();
  });

  function deniedKeys(clock: FakeClock): LoggedDeniedKeys {
    const store = new RedisChangeStore({ primary: link, names: testNames });
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    return new LoggedDeniedKeys({ log: new ChangeLog({ store, mac, clock, onRefused: () => undefined }), clock });
  }

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
      // In short turns: a connection on which nothing comes for two seconds is given up.
      await vi.waitFor(async () => {
        expect(await link.client.wait(1, 500)).toBe(1);
      }, 10_000);
      await deployment.failOver();
    }
    const found = await vi.waitFor(() => listed(deniedKeys(new FakeClock())), { timeout: 20_000, interval: 100 });
    expect(found).toEqual([aDecision()]);
    await new RedisReplicaStates(link, testNames).report(aState('a'), HOUR_MS);
  }, 60_000);
});
