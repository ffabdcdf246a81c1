import { expect, it, describe } from 'vitest';
import { ordersApi } from '../e2e/support/configuration.js';
import { viewer } from './support/admin-world.js';
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
});
