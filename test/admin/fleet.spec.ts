import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminService, viewer } from './support/admin-world.js';
import { TwoReplicas } from './support/two-replicas.js';

describe('the other replicas', () => {
  let world: TwoReplicas;
  let first: AdminService;
  let second: AdminService;

  beforeEach(async () => {
    world = await TwoReplicas.start();
    ({ first, second } = world);
    await world.inTheEnd(async () => (await world.replicas(first)).length === 2);
  });

  afterEach(() => world.stop());

  const fleetAt = async (service: AdminService) => (await world.corp(service))['fleet'] as Record<string, unknown>;
  const keyDenied = (service: AdminService) => service.audit.find(({ action }) => action === 'key_denied');

  it('are named while Redis is away, with when they were last seen, as not known now', async () => {
    const name = String((await fleetAt(second))['replica']);
    await first.isActive(await world.issuer.sign());
    await world.redis.kill();
    first.clock.forward(60_000);
    const shown = await world.corp(first);
    expect(shown['fleet']).toMatchObject({
      isComplete: false,
      replicas: [expect.any(String), name],
      unknown: [{ replica: name, lastSeenAgoSeconds: expect.any(Number) }],
      detail: expect.stringContaining('the shared store does not answer'),
    });
    expect(shown['fleet']).not.toHaveProperty('lost');
    const [own, theirs] = shown['replicas'] as Record<string, unknown>[];
    expect(own).toMatchObject({ state: 'FRESH' });
    expect(own).not.toHaveProperty('isKnown');
    expect(theirs).toEqual({ replica: name, seen: expect.any(String), isKnown: false, state: 'UNKNOWN' });
    const agoMs = first.clock.wallMs() - Date.parse(String(theirs!['seen']));
    expect(agoMs).toBeGreaterThanOrEqual(60_000);
    const { body } = await first.ask('GET', '/admin/v1/issuers', { token: viewer });
    expect(body['issuers']).toMatchObject([{ replicas: [{}, { replica: name, isKnown: false }] }]);
    await world.redis.restart();
    await world.inTheEnd(async () => (await fleetAt(first))['isComplete'] === true);
    expect(await fleetAt(first)).not.toHaveProperty('unknown');
  }, 60_000);

  it('are named where no operator has asked for them before', async () => {
    const third = await world.start();
    await world.inTheEnd(async () => (await world.replicas(first)).length === 3);
    await world.deny();
    await world.inTheEnd(() => {
      third.clock.forward(500);
      return Promise.resolve(keyDenied(third) !== undefined);
    });
    expect(keyDenied(third)).toMatchObject({ replicas: 3, lost: 0 });
    await world.redis.kill();
    expect((await fleetAt(third))['unknown']).toHaveLength(2);
    await third.stop();
    await world.redis.restart();
  }, 60_000);

  it('cannot be named by a replica that starts while Redis is away, which says so', async () => {
    await world.redis.kill();
    const third = await world.start();
    const fleet = await fleetAt(third);
    expect(fleet).toMatchObject({ isComplete: false, replicas: [fleet['replica']] });
    expect(fleet['detail']).toContain('since the start');
    await third.stop();
    await world.redis.restart();
  }, 60_000);

  it('are not said to confirm a denial while Redis is away', async () => {
    await world.deny();
    await world.inTheEnd(async () => first.audit.some(({ action }) => action === 'denial_complete'));
    await world.redis.kill();
    const [denial] = (await world.corp(first))['deniedKeys'] as Record<string, unknown>[];
    expect(denial).toMatchObject({ isComplete: false, notConfirmedBy: [{ state: 'unknown' }] });
    await world.redis.restart();
  }, 60_000);

  it('are counted where a denial comes into force: who confirms it, who is remembered, and who is lost', async () => {
    const client = world.redis.client();
    const [seen] = await client.keys('assay:{*:replicas}:seen');
    const [states] = await client.keys('assay:{*:replicas}:states');
    await client.zadd(seen!, Number((await client.time())[0]) * 1000 - 60_000, 'killed');
    await client.hset(states!, 'killed', '{}');
    client.disconnect();
    await world.inTheEnd(async () => (await world.replicas(first)).length === 3);
    await world.deny();
    expect(keyDenied(first)).toMatchObject({ confirmed: 1, replicas: 3, lost: 1 });
    await world.inTheEnd(async () => first.audit.some(({ action }) => action === 'denial_reach'));
    expect(first.audit.find(({ action }) => action === 'denial_reach')).toMatchObject({
      confirmed: 2,
      replicas: 3,
      lost: 1,
      missing: 'killed',
    });
  });

  it('are counted as remembered, and not as lost, where a denial comes into force while Redis is away', async () => {
    await world.redis.kill();
    first.clock.forward(60_000);
    await world.deny();
    expect(keyDenied(first)).toMatchObject({ confirmed: 1, replicas: 2 });
    expect(keyDenied(first)).not.toHaveProperty('lost');
    await world.redis.restart();
  }, 60_000);
});
