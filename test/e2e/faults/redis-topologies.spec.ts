import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fakes/eventually.js';
import { RedisServer } from '../../redis/redis-server.js';
import { SentinelGroup } from '../../redis/sentinel-group.js';
import { Fleet, SLACK_MS, Watchman } from './support/fleet.js';
import { TcpProxy } from './support/tcp-proxy.js';

describe('Redis of several servers', () => {
  const open: { stop(): Promise<unknown> }[] = [];

  afterEach(async () => {
    while (open.length > 0) await open.pop()!.stop();
  });

  const again = 'shared store answers again';

  function opened<T extends { stop(): Promise<unknown> }>(part: T): T {
    open.push(part);
    return part;
  }

  it('fails over behind Sentinels: known keys never falter, and a new key works afterwards', async () => {
    const group = opened(await SentinelGroup.start());
    const { sentinels, sentinelName } = group.location;
    const fleet = opened(await Fleet.start(() => ({ sentinels, sentinelName })));
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const watchman = new Watchman(fleet, token);

    await group.failOver();
    await fleet.fetched(2);
    await fleet.issuer.addKey();
    const young = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(young)).every((verdict) => verdict === true), undefined, 30_000);
    await eventually(async () => {
      const client = group.replica.client();
      const names = await client.keys('assay:*:rec');
      client.disconnect();
      return names.length === 1;
    });

    expect(await watchman.dismiss()).toEqual([]);
  });

  it('loses a region: with its replica cut off from the primary it decides alone, keeps every bound, and comes back', async () => {
    const primary = opened(await RedisServer.start());
    const link = opened(await TcpProxy.start(primary.port));
    const replica = opened(
      await RedisServer.start([`replicaof 127.0.0.1 ${primary.port}`, 'repl-diskless-sync-delay 0']),
    );
    // Replica 0 is at home with the primary; 1 and 2 are in the other region, beside the read replica.
    const fleet = opened(
      await Fleet.start((i) =>
        i === 0 ? { url: primary.url, region: 'a' } : { url: link.url, readUrl: replica.url, region: 'b' },
      ),
    );
    const withdrawn = await fleet.issuer.sign();
    const withdrawnKey = fleet.issuer.key;
    await fleet.issuer.addKey();
    const token = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(token)).every((verdict) => verdict === true));
    const watchman = new Watchman(fleet, token);

    link.mode = 'stall';
    const client = replica.client();
    await client.call('REPLICAOF', 'NO', 'ONE');
    client.disconnect();
    fleet.issuer.removeKey(withdrawnKey.kid);
    await eventually(
      async () => (await fleet.verdicts(withdrawn)).every((verdict) => verdict === false),
      undefined,
      30_000,
    );
    link.mode = 'pass';
    await eventually(() => fleet.logged(again) >= 2);
    await fleet.fetched(2, async () => {
      expect(await fleet.verdicts(withdrawn)).toEqual([false, false, false]);
    });
    expect(await watchman.dismiss()).toEqual([]);
  });

  it('has a Redis in each region: each fetch for itself, and one that loses its Redis is no trouble to the other', async () => {
    const [a, b] = [opened(await RedisServer.start()), opened(await RedisServer.start())];
    const fleet = opened(
      await Fleet.start((i) => (i < 2 ? { url: a.url, region: 'a' } : { url: b.url, region: 'b' }), { size: 4 }),
    );
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true, true]);
    const watchman = new Watchman(fleet, token);
    // Two clients for the issuer, not four: R is 2 s, so each region makes its next five fetches in no less than four times 0.9 R.
    expect(await fleet.fetched(10)).toBeGreaterThan(4 * 1_800 - SLACK_MS);

    await a.kill();
    await fleet.issuer.addKey();
    const young = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(young)).every((verdict) => verdict === true), undefined, 30_000);

    expect(await watchman.dismiss()).toEqual([]);
    const alone = 'shared store does not answer; this replica decides alone';
    expect(fleet.replicas.slice(2).some(({ output }) => output.includes(alone))).toBe(false);
  });
});
