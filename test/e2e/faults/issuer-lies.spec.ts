import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../fakes/eventually.js';
import { hang, json, respond } from '../../fakes/misbehaviours.js';
import { RedisServer } from '../../redis/redis-server.js';
import { Fleet, SLACK_MS, verdictOf, Watchman } from './support/fleet.js';

/** Three replicas, a real Redis, and an issuer that goes wrong. One odd answer changes nothing; evidence does. */
describe('the issuer is in trouble', () => {
  let redis: RedisServer;
  let fleet: Fleet;

  beforeAll(async () => {
    redis = await RedisServer.start();
    fleet = await Fleet.start(() => ({ url: redis.url }));
  });

  afterEach(() => {
    fleet.issuer.recover();
  });

  afterAll(async () => {
    await fleet.stop();
    await redis.stop();
  });

  it.each([
    ['hangs', hang],
    ['answers with HTML', respond(200, '<html>', { 'content-type': 'text/html' })],
    ['publishes an empty set', json('{"keys":[]}')],
    ['is broken', respond(500)],
  ])('%s: known keys never falter, and it recovers', async (_name, behaviour) => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const watchman = new Watchman(fleet, token);
    const before = fleet.issuer.keySetRequests;

    fleet.issuer.behaveForKeys(behaviour);
    await eventually(() => fleet.issuer.keySetRequests >= before + 2);
    fleet.issuer.recover();
    await fleet.issuer.addKey();
    const young = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(young)).every((verdict) => verdict === true));

    expect(await watchman.dismiss()).toEqual([]);
  });

  it('publishes a set without the live key once, as a lagging edge does: the key is not lost', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    const watchman = new Watchman(fleet, token);
    const good = fleet.issuer.keySet();
    const other = await fleet.issuer.addKey();
    let isFirst = true;
    fleet.issuer.behaveForKeys((_request, response) => {
      const set = isFirst
        ? { keys: [other.publicJwk] }
        : { keys: [...(good as { keys: object[] }).keys, other.publicJwk] };
      isFirst = false;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(set));
    });
    const before = fleet.issuer.keySetRequests;

    await eventually(() => fleet.issuer.keySetRequests >= before + 3);

    expect(await watchman.dismiss()).toEqual([]);
  });

  it('withdraws a key: it is refused everywhere after a second fetch, and stays refused', async () => {
    const key = fleet.issuer.key;
    const withdrawn = await fleet.issuer.sign();
    await fleet.issuer.addKey();
    const token = await fleet.issuer.sign();
    await eventually(async () => (await fleet.verdicts(token)).every((verdict) => verdict === true));

    fleet.issuer.removeKey(key.kid);
    await eventually(async () => (await fleet.verdicts(withdrawn)).every((verdict) => verdict === false));
    await fleet.fetched(2, async () => {
      expect(await fleet.verdicts(withdrawn)).toEqual([false, false, false]);
    });
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
  });

  it('serves a fleet with one fetch for each period, however many replicas there are', async () => {
    await fleet.verdicts(await fleet.issuer.sign());
    await fleet.fetched(1);
    // R is 2 s, and a fetch is due after 0.9 R to R: no fetch is sooner because there are other replicas.
    expect(await fleet.fetched(4)).toBeGreaterThan(4 * 1_800 - SLACK_MS);
  });

  it('is down while replicas are replaced: a new one is ready with the shared keys and asks the issuer nothing', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    fleet.issuer.behaveForKeys(respond(503));

    const late = await fleet.startReplica(3);
    const first = await verdictOf(late, token);
    await late.stop();

    expect(first).toBe(true);
  });

  // The last one: from here on there are two replicas.
  it('is being asked by a replica that is killed in the middle: another one takes over', async () => {
    const token = await fleet.issuer.sign();
    expect(await fleet.verdicts(token)).toEqual([true, true, true]);
    fleet.issuer.behaveForKeys(hang);
    const before = fleet.issuer.keySetRequests;
    await eventually(() => fleet.issuer.keySetRequests > before);
    const [killed, ...others] = fleet.replicas;
    killed!.signal('SIGKILL');
    fleet.issuer.recover();
    await fleet.issuer.addKey();
    const young = await fleet.issuer.sign();

    await eventually(
      async () =>
        (await Promise.all(others.map((replica) => verdictOf(replica, young)))).every((verdict) => verdict === true),
      undefined,
      20_000,
    );
    expect(await Promise.all(others.map((replica) => verdictOf(replica, token)))).toEqual([true, true]);
  });
});
