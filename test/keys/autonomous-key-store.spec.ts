import { beforeEach, describe, expect, it } from 'vitest';

import { ReplicaOfFour, timing } from './support/replica-of-four.js';

describe('AutonomousKeyStore', () => {
  let replica: ReplicaOfFour;
  let clock: ReplicaOfFour['clock'];
  let storeClock: ReplicaOfFour['storeClock'];
  let shared: ReplicaOfFour['shared'];
  let events: ReplicaOfFour['events'];
  let store: ReplicaOfFour['store'];

  const wish: ReplicaOfFour['wish'] = (...args) => replica.wish(...args);
  const granted: ReplicaOfFour['granted'] = (...args) => replica.granted(...args);
  const commit: ReplicaOfFour['commit'] = (...args) => replica.commit(...args);
  const names: ReplicaOfFour['names'] = () => replica.names();

  beforeEach(() => {
    replica = new ReplicaOfFour();
    ({ clock, storeClock, shared, events, store } = replica);
  });

  it('speaks in one time of its own, and writes in that of the store', async () => {
    const grant = await granted('refresh');
    expect(grant.atMs).toBe(clock.wallMs());
    await commit(grant);

    expect((await shared.load('s'))?.record.validatedAtMs).toBe(clock.wallMs() + 3_000);
    await clock.advance(7_000);
    const loaded = await store.load('s');
    expect(loaded!.storeNowMs - loaded!.record.validatedAtMs).toBe(7_000);
  });

  it('goes on from the newest record that it knows', async () => {
    const grant = await granted('refresh');
    await commit(grant);
    shared.isAway = true;
    await clock.advance(269_000);

    expect((await store.load('s'))?.record.keys[0]?.thumbprint).toBe('a');
    expect(await wish('refresh', grant.fence)).toMatchObject({ verdict: 'FRESH', retryInMs: 1_000 });
    await clock.advance(1_000);
    const alone = await granted('refresh', grant.fence);
    expect(alone.baseFence).toBe(grant.fence);
    expect(await commit(alone, 'b')).toBe('OK');
    expect((await store.load('s'))?.record).toMatchObject({ fence: alone.fence, keys: [{ thumbprint: 'b' }] });
  });

  it('I1 rations fetches for unknown keys by the number of replicas', async () => {
    shared.isAway = true;
    const grantedAtS: number[] = [];
    for (let atS = 0; atS <= 240; atS += 2) {
      const verdict = await wish('miss', Number.MAX_SAFE_INTEGER);
      if (verdict.verdict === 'GRANT') {
        grantedAtS.push(atS);
        await commit(verdict);
      }
      await clock.advance(2_000);
    }

    expect(grantedAtS).toEqual([0, 2, 4, 120, 240]);
  });

  it('F2 pauses after failures by the number of replicas', async () => {
    shared.isAway = true;
    const first = await granted('refresh');

    expect(await store.fail('s', { fence: first.fence, timing })).toBe(4_000);
    await clock.advance(4_000);
    const second = await granted('refresh');
    expect(await store.fail('s', { fence: second.fence, timing })).toBe(8_000);
  });

  it('keeps what was seen when the store goes away during the fetch', async () => {
    const grant = await granted('refresh');
    shared.isAway = true;

    expect(await commit(grant)).toBe('OK');
    expect((await store.load('s'))?.record.fence).toBe(grant.fence);
  });

  it('I2 spaces its fetches, wherever they were granted', async () => {
    await commit(await granted('refresh'));
    shared.isAway = true;
    await clock.advance(1_000);

    expect(await wish('miss', Number.MAX_SAFE_INTEGER)).toMatchObject({ verdict: 'SPACED', retryInMs: 1_000 });
    await clock.advance(1_000);
    await commit(await granted('miss', Number.MAX_SAFE_INTEGER));
    shared.isAway = false;
    await clock.advance(500);
    expect(await wish('miss', Number.MAX_SAFE_INTEGER)).toMatchObject({ verdict: 'SPACED', retryInMs: 1_500 });
  });

  it('brings nothing to a store that is away', async () => {
    shared.isAway = true;

    expect(await store.acquire('s', { kind: 'push', validatedAtMs: clock.wallMs() })).toMatchObject({
      verdict: 'BUSY',
    });
  });

  it('reports when it begins and ends to decide alone', async () => {
    await store.load('s');
    shared.isAway = true;
    await store.load('s');
    await store.load('s');
    expect(store.isAutonomous).toBe(true);
    shared.isAway = false;
    await store.load('s');

    expect(names()).toEqual([true, false]);
    expect(events.all[0]).toEqual({ event: 'autonomous', entered: true, replicas: 4 });
    expect(store.isAutonomous).toBe(false);
  });

  it('raises the alarm when a clock was moved by more than 5 s, and keeps its own ages', async () => {
    await commit(await granted('refresh'));
    expect(names()).toEqual([]);
    storeClock.aheadMs = -60_000;
    await clock.advance(10_000);
    await store.load('s');

    expect(events.all).toEqual([{ event: 'clocks_apart', entered: true, skewMs: -60_000 }]);
  });

  it('lets errors of ours through', async () => {
    shared.load = () => Promise.reject(new TypeError('ours'));

    await expect(store.load('s')).rejects.toThrow(TypeError);
  });
});
