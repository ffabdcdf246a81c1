import { expect, it, describe } from 'vitest';
import { callerSection, ordersApi } from '../e2e/support/configuration.js';
import { adminSection, AdminService, FakeIssuer, quickIssuer, viewer } from './support/admin-world.js';
import { HygieneWorld, minute } from './support/hygiene-world.js';

describe('GET /admin/v1/callers', () => {
  it('is the same at every replica: who asks, and what was refused why', async () => {
    const world = await HygieneWorld.start();
    const [first, second] = world.replicas;
    await first!.isActive(await world.sign());
    await second!.isActive(await world.sign(-60));
    await second!.isActive('no-token-at-all');
    await world.pass(minute);
    for (const service of world.replicas) {
      const { body } = await service.ask('GET', '/admin/v1/callers', { token: viewer });
      expect(body).toMatchObject({
        minutes: 15,
        isComplete: true,
        callers: [
          { caller: 'batch', active: 0, refused: {}, limited: 0 },
          {
            caller: ordersApi.id,
            active: 1,
            refused: { expired: 1, malformed: 1 },
            lastUse: expect.any(String) as string,
          },
        ],
      });
    }
    const page = await first!.ask('GET', '/admin/v1/callers?limit=1', { token: viewer });
    expect(page.body).toMatchObject({ callers: [{ caller: 'batch' }], next: 'batch' });
    expect(await first!.ask('GET', '/admin/v1/callers')).toMatchObject({ status: 401 });
    await world.stop();
  }, 60_000);

  it('says how many requests of a caller were more than its limit', async () => {
    const issuer = await FakeIssuer.start();
    const orders = { ...callerSection(ordersApi.id, ordersApi.secret), rateLimit: { perSecond: 1, burst: 1 } };
    const service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection, callers: [orders] });
    for (let i = 0; i < 10; i++) await service.introspect('no-token-at-all');
    const { body } = await service.ask('GET', '/admin/v1/callers', { token: viewer });
    const [seen] = body['callers'] as { limited: number; refused: { malformed: number } }[];
    expect(seen).toMatchObject({ rateLimit: { perSecond: 1, burst: 1 } });
    expect(seen!.limited).toBeGreaterThan(0);
    expect(seen!.limited + seen!.refused.malformed).toBe(10);
    await service.stop();
    await issuer.stop();
  }, 60_000);
});
