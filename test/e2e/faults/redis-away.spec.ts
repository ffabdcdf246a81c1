import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fakes/eventually.js';
import { RedisServer } from '../../redis/redis-server.js';
import { probe } from '../support/configuration.js';
import { Fleet, Watchman } from './support/fleet.js';
import { TcpProxy } from './support/tcp-proxy.js';

/** Three replicas of the built program, and a real Redis that things happen to. */
describe('Redis is in trouble', () => {
  let redis: RedisServer;
  let proxy: TcpProxy;
  let fleet: Fleet;

  beforeEach(async () => {
    redis = await RedisServer.start();
    proxy = await TcpProxy.start(redis.port);
    fleet = await Fleet.start(() => ({ url: proxy.url }));
  });

  afterEach(async () => {
    await fleet.stop();
    await proxy.stop();
    await redis.stop();
  });

  const alone = 'shared store does not answer; this replica decides alone';

  async function recordsInRedis(): Promise<number> {
    const client = redis.client();
    const names = await client.keys('assay:*:rec');
    client.disconnect();
    return names.length;
  }

  /** A key is withdrawn during the fault; nothing that Redis forgets or remembers brings it back. */
  async function expectNothingResurrected(withdrawn: string): Promise<void> {
    await eventually(async () => (await fleet.verdicts(withdrawn)).every((verdict) => verdict === false));
    await fleet.fetched(2, async () => {
      expect(await fleet.verdicts(withdrawn)).toEqual([false, false, false]);
    });
  }

  it('SIGKILLed and restarted empty: known keys never falter, the record is put back, nothing is resurrected', async () => {
    const withdrawnKey = fleet.issuer.key;
    const withdrawn = await fleet.issuer.sign();
    expect(await fleet.verdicts(withdrawn)).toEqual([true, true, true]);
    await fleet.issuer.addKey();
    const token = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(token)).every(Boolean));
    const watchman = new Watchman(fleet, token);

    await redis.kill();
    fleet.issuer.removeKey(withdrawnKey.kid);
    await eventually(() => fleet.logged(alone) === 3);
    await eventually(async () => (await fleet.verdicts(withdrawn)).every((verdict) => verdict === false));
    await redis.restart();
    await eventually(async () => (await recordsInRedis()) === 1);
    await expectNothingResurrected(withdrawn);

    expect(await watchman.dismiss()).toEqual([]);
    expect(watchman.asked).toBeGreaterThan(100);
  });

  it('SIGSTOPped: known keys never falter, a new key works, each replica fetches for itself, and they come together again', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const watchman = new Watchman(fleet, token);

    redis.pause();
    await eventually(() => fleet.logged(alone) >= 3);
    await fleet.issuer.addKey();
    const young = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(young)).every((verdict) => verdict === true), undefined, 30_000);
    // Long enough for every replica to try Redis again several times in vain.
    await fleet.fetched(15);
    redis.resume();
    await eventually(() => fleet.logged('shared store answers again') >= 3, undefined, 20_000);

    expect(await watchman.dismiss()).toEqual([]);
    expect(await fleet.verdicts(young)).toEqual([true, true, true]);
  });

  it('replies cut in the middle: known keys never falter', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const watchman = new Watchman(fleet, token);

    proxy.mode = 'cut';
    await fleet.fetched(2);
    proxy.mode = 'stall';
    await fleet.fetched(2);
    proxy.mode = 'pass';
    await eventually(async () => (await recordsInRedis()) === 1);

    expect(await watchman.dismiss()).toEqual([]);
  });

  it('away when a replica starts: it fetches for itself and answers, and is not ready before it knows what is denied', async () => {
    await redis.kill();
    const late = await fleet.startReplica(3);
    const token = await fleet.issuer.sign();
    const verdicts: unknown[] = [];
    const { verdictOf } = await import('./support/fleet.js');
    await eventually(async () => {
      verdicts.push(await verdictOf(late, token));
      return verdicts.at(-1) === true;
    });
    expect(await probe(late, '/readyz')).toBe(503);
    await redis.restart();
    await eventually(async () => (await probe(late, '/readyz')) === 200);
    await late.stop();
    expect(verdicts.filter((verdict) => verdict === false)).toEqual([]);
  });
});
