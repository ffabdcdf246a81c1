import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeIssuer, quickIssuer, type AdminService } from '../admin/support/admin-world.js';
import { fleetOf, isCurrent, revoke, TwoRegions } from './support/two-regions.js';

describe('two regions, of which one cannot read what the other revokes', { timeout: 60_000 }, () => {
  let issuer: FakeIssuer;
  let world: TwoRegions;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    world = new TwoRegions([quickIssuer(issuer)]);
    world.kept(issuer);
  });

  afterEach(() => world.stop());

  const readiness = async (service: AdminService): Promise<number> => (await service.ask('GET', '/readyz')).status;

  it('a read replica that is cut off goes on answering: its region says that it misses decisions, and both say the truth when it is back', async () => {
    const { near, far, link, join, control } = await world.connected();
    const [before, during] = [await issuer.sign({ sid: 'before' }), await issuer.sign({ sid: 'during' })];
    await world.inTheEnd(() => far.isActive(during));
    // While the link is new, the far region may still miss what the primary has.
    await world.inTheEnd(async () => (await isCurrent(far)) && (await fleetOf(near))['behind'] === undefined);
    expect((await revoke(near, 'before')).status).toBe(201);
    await world.inTheEnd(async () => !(await far.isActive(before)));

    link.mode = 'stall';
    expect((await revoke(near, 'during')).status).toBe(201);
    await world.inTheEnd(async () => !(await isCurrent(far)));
    // Redis itself still takes the link for a good one.
    expect(await control.info('replication')).toContain('master_link_status:up');
    expect([await isCurrent(near), await near.isActive(during), await far.isActive(during)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await far.isActive(before)).toBe(false);
    await world.inTheEnd(async () => (await fleetOf(near))['behind'] !== undefined);
    expect((await fleetOf(near))['behind']).toMatchObject([{ region: 'far' }]);
    const { status, body } = await revoke(near, 'another');
    expect([status, body['isShared']]).toEqual([202, true]);
    expect(body).not.toHaveProperty('effectiveWithinSeconds');
    expect(body['detail']).toContain('fleet.behind');

    await join();
    await world.inTheEnd(async () => (await isCurrent(far)) && !(await far.isActive(during)));
    await world.inTheEnd(async () => (await fleetOf(near))['behind'] === undefined);
    expect((await revoke(near, 'a third')).status).toBe(201);
  });

  it('where nobody is to be answered without knowing, maxStaleness begins with the cut, also for who starts during it', async () => {
    const revocation = { onUnknown: 'refuse', maxStaleness: '1m' };
    const { near, far, link, join, primary, reader } = await world.connected(revocation);
    const token = await issuer.sign({ sid: 'one' });
    await world.inTheEnd(() => far.isActive(token));
    link.mode = 'stall';
    await revoke(near, 'other');
    await world.inTheEnd(async () => (await readiness(far)) === 503);
    expect(await far.introspect(token)).toEqual({ error: 'temporarily_unavailable' });
    expect([await readiness(near), await near.isActive(token)]).toEqual([200, true]);
    const late = await world.start({ url: primary.url, readUrl: reader.url, region: 'far' }, revocation);
    expect([await readiness(late), await isCurrent(late)]).toEqual([503, false]);

    await join();
    await world.inTheEnd(async () => (await readiness(far)) === 200 && (await readiness(late)) === 200);
    expect(await far.isActive(token)).toBe(true);
  });

  it('a region that reaches its read replica alone does not say that it knows, and brings what it revoked when it is back', async () => {
    const { near, far, writing } = await world.connected();
    const token = await issuer.sign({ sid: 'one' });
    await world.inTheEnd(async () => (await near.isActive(token)) && (await isCurrent(far)));

    writing.mode = 'cut';
    await world.inTheEnd(async () => !(await isCurrent(far)));
    const { status, body } = await revoke(far, 'one');
    expect([status, body['isShared']]).toEqual([202, false]);
    expect([await far.isActive(token), await near.isActive(token)]).toEqual([false, true]);

    writing.mode = 'pass';
    await world.inTheEnd(async () => (await isCurrent(far)) && !(await near.isActive(token)));
  });

  it('a Redis in each region: neither says anything about the other, and each knows its own', async () => {
    const [a, b] = [
      await world.start({ url: (await world.redis()).url }),
      await world.start({ url: (await world.redis()).url }),
    ];
    const token = await issuer.sign({ sid: 'one' });
    await world.inTheEnd(async () => (await a.isActive(token)) && (await b.isActive(token)));
    expect((await revoke(a, 'one')).status).toBe(201);
    expect((await fleetOf(a))['replicas']).toHaveLength(1);
    expect([await a.isActive(token), await b.isActive(token), await isCurrent(b)]).toEqual([false, true, true]);
    expect((await revoke(b, 'one')).status).toBe(201);
    expect(await b.isActive(token)).toBe(false);
  });
});
