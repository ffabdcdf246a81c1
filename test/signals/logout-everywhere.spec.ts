import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminSection, AdminService } from '../admin/support/admin-world.js';
import { ordersApi } from '../e2e/support/configuration.js';
import { RedisServer } from '../redis/redis-server.js';
import { LoginProvider, resource, Visitor } from './support/login-provider.js';
import { logoutSignal, send } from './support/logout-world.js';

/** By when every replica of both regions refuses the tokens of a session, counted from the receipt. In milliseconds. */
const BOUND_MS = 7_000;

type RedisSection = Readonly<Record<string, string>>;

/** Three replicas in region a, two in region b. */
const regions = ['a', 'a', 'a', 'b', 'b'] as const;

describe('a user logs out at a real provider', () => {
  let provider: LoginProvider;
  const open: { stop(): Promise<unknown> }[] = [];

  beforeEach(async () => {
    provider = await LoginProvider.start();
    open.push(provider);
  });

  afterEach(async () => {
    while (open.length > 0) await open.pop()!.stop();
  });

  const redis = async (...settings: string[]): Promise<RedisServer> => {
    const server = await RedisServer.start(settings);
    open.push(server);
    return server;
  };

  async function replica(region: string, location: RedisSection): Promise<AdminService> {
    const service = await AdminService.start(
      [
        {
          id: 'corp',
          issuer: provider.issuer,
          keys: { discovery: 'oidc' },
          algorithms: ['RS256'],
          audiences: [resource],
          network: { allowPrivate: true },
        },
      ],
      {
        admin: adminSection,
        signals: [logoutSignal],
        redis: { ...location, region, recordKeys: [{ id: 'k1', secret: 'a-record-key-0123456789-abcdefghij-xyz' }] },
        callers: [
          { id: ordersApi.id, secrets: [ordersApi.secret], issuers: ['corp'], audiences: [resource], claims: 'any' },
        ],
      },
    );
    open.push(service);
    return service;
  }

  const fleetOf = async (locations: Readonly<Record<'a' | 'b', RedisSection>>): Promise<AdminService[]> => {
    const all = [];
    for (const region of regions) all.push(await replica(region, locations[region]));
    return all;
  };

  const verdicts = (fleet: readonly AdminService[], token: string): Promise<boolean[]> =>
    Promise.all(fleet.map((service) => service.isActive(token)));
  const [active, inactive] = [regions.map(() => true), regions.map(() => false)];

  /** Logs out, and waits until no replica takes the token any more. @returns how long that took from the receipt */
  async function logOut(anna: Visitor, fleet: readonly AdminService[], token: string): Promise<number> {
    await anna.logout();
    const receivedMs = performance.now();
    await vi.waitFor(
      async () => {
        expect(await verdicts(fleet, token)).toEqual(fleet.map(() => false));
      },
      { timeout: 30_000, interval: 50 },
    );
    return performance.now() - receivedMs;
  }

  it('one Redis with a read replica in the other region: inactive everywhere in 7 s, wherever the logout arrives', async () => {
    const primary = await redis();
    const nearB = await redis(`replicaof 127.0.0.1 ${primary.port}`, 'repl-diskless-sync-delay 0');
    const fleet = await fleetOf({ a: { url: primary.url }, b: { url: primary.url, readUrl: nearB.url } });
    const [anna, berta] = [new Visitor(provider, 'anna'), new Visitor(provider, 'berta')];
    const ofBerta = await berta.login();
    for (const receiver of [fleet[1]!, fleet[4]!]) {
      provider.target = receiver.publicUrl;
      const token = await anna.login();
      expect(await verdicts(fleet, token)).toEqual(active);
      expect(await logOut(anna, fleet, token)).toBeLessThan(BOUND_MS);
      expect(await verdicts(fleet, await anna.login())).toEqual(active);
      expect(await verdicts(fleet, token)).toEqual(inactive);
    }
    expect(provider.answered).toEqual([200, 200]);
    expect(await verdicts(fleet, ofBerta)).toEqual(active);
  }, 120_000);

  it('a Redis in each region: each needs the logout, and refuses within 7 s of its own', async () => {
    const [a, b] = [await redis(), await redis()];
    const fleet = await fleetOf({ a: { url: a.url }, b: { url: b.url } });
    const anna = new Visitor(provider, 'anna');
    provider.target = fleet[2]!.publicUrl;
    const token = await anna.login();
    expect(await verdicts(fleet, token)).toEqual(active);
    expect(await logOut(anna, fleet.slice(0, 3), token)).toBeLessThan(BOUND_MS);
    // Nothing is carried from one Redis to the other, as the documentation says.
    expect(await verdicts(fleet.slice(3), token)).toEqual([true, true]);

    expect((await send(fleet[3]!, { logout_token: provider.sent[0]! })).status).toBe(200);
    const receivedMs = performance.now();
    await vi.waitFor(async () => {
      expect(await verdicts(fleet, token)).toEqual(inactive);
    }, 30_000);
    expect(performance.now() - receivedMs).toBeLessThan(BOUND_MS);
    expect(await verdicts(fleet, await anna.login())).toEqual(active);
  }, 120_000);

  it('Redis is killed before the logout: it holds where it arrived, is not acknowledged, and reaches all when Redis is back', async () => {
    const only = await redis();
    const fleet = [await replica('a', { url: only.url }), await replica('a', { url: only.url })];
    const [here, there] = fleet as [AdminService, AdminService];
    provider.target = here.publicUrl;
    const anna = new Visitor(provider, 'anna');
    const token = await anna.login();
    expect(await verdicts(fleet, token)).toEqual([true, true]);

    await only.kill();
    await anna.logout();
    expect(provider.answered).toEqual([503]);
    expect(await verdicts(fleet, token)).toEqual([false, true]);

    await only.restart();
    await vi.waitFor(
      async () => {
        expect(await there.isActive(token)).toBe(false);
      },
      { timeout: 30_000, interval: 50 },
    );
    // The provider sends it again, to another replica: that is right, and changes nothing.
    const again = { logout_token: provider.sent[0]! };
    await vi.waitFor(
      async () => {
        expect((await send(there, again)).status).toBe(200);
      },
      {
        timeout: 15_000,
        interval: 200,
      },
    );
    expect((await send(here, again)).status).toBe(200);
    expect(await verdicts(fleet, await anna.login())).toEqual([true, true]);
  }, 120_000);
});
