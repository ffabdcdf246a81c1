import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminService, operator, viewer } from './support/admin-world.js';
import { TwoReplicas } from './support/two-replicas.js';

describe('what is promised of a revocation', () => {
  let world: TwoReplicas;
  beforeEach(async () => {
    world = await TwoReplicas.start();
  });
  afterEach(() => world.stop());

  const revoke = () =>
    world.first.ask('POST', '/admin/v1/issuers/corp/revocations', {
      token: operator,
      body: { kind: 'session', value: 's1', reason: 'stolen' },
    });

  it('is a time where every replica that is remembered is live', async () => {
    await world.inTheEnd(async () => (await world.replicas(world.first)).length === 2);
    const { status, body } = await revoke();
    expect([status, body['isShared'], body['effectiveWithinSeconds']]).toEqual([201, true, 7]);
  });

  it('comes with the replicas that have confirmed it, in the list as well', async () => {
    await world.inTheEnd(async () => (await world.replicas(world.first)).length === 2);
    const { body } = await revoke();
    expect(body).toMatchObject({ isComplete: false, notConfirmedBy: [{ state: 'waiting' }] });
    const confirmed = async (service: AdminService): Promise<number> => {
      const answer = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
      const [first] = answer.body['revocations'] as readonly Record<string, unknown>[];
      return (first?.['confirmedBy'] as readonly string[] | undefined)?.length ?? 0;
    };
    for (const service of [world.first, world.second])
      await world.inTheEnd(async () => (await confirmed(service)) === 2);
  });

  it('is not said of a replica that does not believe an entry of the log', async () => {
    await world.inTheEnd(async () => (await world.replicas(world.first)).length === 2);
    const client = world.redis.client();
    await revoke();
    const [key] = await client.keys('assay:{*:log}:revocations');
    await client.zadd(key!, Number((await client.time())[0]) * 1_000_000, 'azE forged');
    await world.inTheEnd(async () => {
      const answer = await world.first.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
      const [first] = answer.body['revocations'] as readonly { notConfirmedBy: { state: string }[] }[];
      return first?.notConfirmedBy[0]?.state === 'unknown';
    });
  });

  it('is none where one of them went without a word', async () => {
    await world.inTheEnd(async () => (await world.replicas(world.first)).length === 2);
    const client = world.redis.client();
    const [seen] = await client.keys('assay:{*:replicas}:seen');
    const [states] = await client.keys('assay:{*:replicas}:states');
    const nowMs = Number((await client.time())[0]) * 1_000;
    await client.zadd(seen!, nowMs - 60_000, 'killed');
    await client.hset(states!, 'killed', '{}');
    const { status, body } = await revoke();
    expect([status, body['isShared']]).toEqual([202, true]);
    expect(body).not.toHaveProperty('effectiveWithinSeconds');
    expect(body['detail']).toContain('no time is promised');
  });
});
