import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../../src/shared/package-root.js';
import { type AdminService, viewer } from './support/admin-world.js';
import { TwoReplicas } from './support/two-replicas.js';

describe('the whole fleet in one answer', () => {
  let world: TwoReplicas;
  let first: AdminService;

  beforeEach(async () => {
    world = await TwoReplicas.start();
    ({ first } = world);
    await world.inTheEnd(async () => (await world.replicas(first)).length === 2);
    for (const replica of [first, world.second]) await replica.isActive(await world.issuer.sign());
  });

  afterEach(() => world.stop());

  const get = async (path: string) => (await first.ask('GET', `/admin/v1/${path}`, { token: viewer })).body;

  it('says what each replica says about itself', async () => {
    const { replicas } = await get('overview');
    const about = {
      version,
      configuration: { digest: expect.stringMatching(/^[\da-f]{64}$/), since: expect.any(String) },
      store: 'reachable',
      clockSkewMs: expect.any(Number),
      memoryBytes: expect.any(Number),
      loopDelayMs: expect.any(Number),
    };
    expect(replicas).toMatchObject([about, about]);
  });

  it('says of each replica how far the clock of Redis is from its own', async () => {
    const hour = 3_600_000;
    world.second.clock.stepWall(hour);
    const skews = async (): Promise<readonly number[]> =>
      ((await get('overview'))['replicas'] as { clockSkewMs: number }[]).map((each) => each.clockSkewMs);
    await world.inTheEnd(async () => (await skews()).some((each) => each < -hour / 2));
    const [most, other] = (await skews()).toSorted((a, b) => a - b);
    // Time passes quickly for both, and not for Redis.
    expect(other! - most!).toBeGreaterThan(hour - 60_000);
    expect(other! - most!).toBeLessThan(hour + 60_000);
  });

  it('lists denied keys with the replicas that have confirmed them', async () => {
    expect(await get('denials')).toEqual({ denials: [], count: 0 });
    await world.deny();
    await world.inTheEnd(
      async () => ((await get('denials'))['denials'] as { isComplete: boolean }[])[0]?.isComplete === true,
    );
    expect(await get('denials')).toMatchObject({
      count: 1,
      denials: [{ issuer: 'corp', by: 'acting', reason: 'stolen', notConfirmedBy: [] }],
    });
  });

  it('names the store first while that is away, and itself as one that cannot reach it', async () => {
    await world.redis.kill();
    await world.inTheEnd(async () => (await get('overview'))['isHealthy'] === false);
    const { sentence, firstStep, since } = await get('overview');
    expect(sentence).toContain('shared store does not answer');
    expect(firstStep).toContain('Look at Redis');
    expect(Date.parse(String(since))).toBeLessThanOrEqual(first.clock.wallMs());
    await world.redis.restart();
  }, 60_000);

  it('finds issuers by a part of their name, and those in trouble', async () => {
    const ids = async (query: string) =>
      ((await get(`issuers?${query}`))['issuers'] as { id: string }[]).map(({ id }) => id);
    expect(await ids('search=COR')).toEqual(['corp']);
    expect(await ids('search=other')).toEqual([]);
    await world.inTheEnd(async () => (await ids('state=troubled')).length === 0);
    expect((await first.ask('GET', '/admin/v1/issuers?state=odd', { token: viewer })).status).toBe(422);
  });
});
