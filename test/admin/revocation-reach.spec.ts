import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operator } from './support/admin-world.js';
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
