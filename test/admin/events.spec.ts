import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operator, viewer } from './support/admin-world.js';
import { TwoReplicas } from './support/two-replicas.js';

describe('what happened lately', () => {
  let world: TwoReplicas;

  beforeEach(async () => {
    world = await TwoReplicas.start();
    for (const replica of [world.first, world.second]) await replica.isActive(await world.issuer.sign());
  });

  afterEach(() => world.stop());

  const read = async (service = world.second, query = '') =>
    (await service.ask('GET', `/admin/v1/events${query}`, { token: viewer })).body;
  const events = async (service = world.second, query = '') =>
    (await read(service, query))['events'] as readonly Record<string, unknown>[];
  const has = (event: string) => world.inTheEnd(async () => (await events()).some((each) => each['event'] === event));
  /** Fetches now, until it is among the events. */
  const fetchUntil = (event: string) =>
    world.inTheEnd(async () => {
      await world.first.ask('POST', '/admin/v1/issuers/corp/refresh', { token: operator });
      return (await events()).some((each) => each['event'] === event);
    });

  it('is read at any replica: who denied which key and why, and which key was seen first', async () => {
    await world.deny(world.first);
    await has('admin_deny');
    expect(await read(world.second)).toMatchObject({ covers: { replicas: 'all' } });
    const [denied] = await events(world.second, '?group=operators&issuer=corp');
    expect(denied).toMatchObject({ by: 'acting', issuer: 'corp', reason: 'stolen', result: 'done' });
    expect(denied?.['says']).toMatch(/^acting denied key .{10}… of corp: stolen$/);
    expect((await events(world.second, '?group=keys')).map(({ event }) => event)).toEqual(['key_added']);
    expect(await events(world.second, '?issuer=other')).toEqual([]);
    const { events: page, eventCount } = await read(world.second, '?limit=1');
    expect([(page as unknown[]).length, Number(eventCount) > 1]).toEqual([1, true]);
    expect((await world.second.ask('GET', '/admin/v1/events?group=odd', { token: viewer })).status).toBe(422);
    expect((await world.second.ask('GET', '/admin/v1/events')).status).toBe(401);
  });

  it('has that an issuer began to fail and answers again, and names nobody', async () => {
    world.issuer.behaveForKeys((_, response) => response.writeHead(500).end());
    const subject = 'anna-canary-8Kd';
    const body = { kind: 'subject', value: subject, reason: 'left' };
    await world.first.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
    await fetchUntil('issuer_failing');
    world.issuer.recover();
    await fetchUntil('issuer_recovered');
    const all = await events();
    expect(all.find(({ event }) => event === 'admin_revoke')).toMatchObject({ kind: 'subject', reason: 'left' });
    expect(JSON.stringify(all)).not.toContain(subject);
    const stored = await world.redis
      .client()
      .zrange((await world.redis.client().keys('assay:{*:events}:latest'))[0]!, '0', '-1');
    expect(stored.join()).not.toContain(subject);
    expect(stored.join()).toContain('admin_revoke');
  });

  it('is what this replica saw while Redis is away, and says so; a forged event is not shown', async () => {
    const client = world.redis.client();
    await has('replica_started');
    const [key] = await client.keys('assay:{*:events}:latest');
    const [member] = await client.zrange(key!, '0', '0');
    const forged = member!.replace(/"kind":"\w+"/, '"kind":"admin_allow"');
    expect(forged).not.toBe(member);
    await client.zadd(key!, Date.now(), forged);
    expect((await events()).map(({ event }) => event)).not.toContain('admin_allow');
    await world.redis.kill();
    await world.inTheEnd(async () => ((await read())['covers'] as { replicas: string }).replicas === 'this');
    expect(await read()).toMatchObject({ covers: { detail: expect.stringContaining('Redis does not answer') } });
    expect((await events()).map(({ event }) => event)).toContain('replica_started');
    await world.redis.restart();
  }, 60_000);
});
