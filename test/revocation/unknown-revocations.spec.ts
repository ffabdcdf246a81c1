import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from '../admin/support/admin-world.js';
import { eventually } from '../fakes/eventually.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import type { Section } from '../e2e/support/configuration.js';

const hour = 3_600_000;

describe('a replica that cannot read what was revoked', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeEach(async () => {
    [redis, issuer] = await Promise.all([RedisServer.start(), FakeIssuer.start()]);
  });

  afterEach(async () => {
    await service.stop();
    await Promise.all([redis.stop(), issuer.stop()]);
  });

  const start = async (revocation: Section): Promise<void> => {
    service = await AdminService.start([{ ...quickIssuer(issuer), freshness: { hardTtl: '24h' } }], {
      admin: adminSection,
      redis: { url: redis.url, recordKeys: [testRecordKey] },
      revocation: { poll: '100ms', ...revocation },
    });
  };
  const readiness = async (): Promise<number> => (await service.ask('GET', '/readyz')).status;
  const list = async () => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: operator });
    return body;
  };
  const metric = async (name: string): Promise<number> => {
    const { text } = await service.ask('GET', '/metrics', { token: operator });
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  };
  const blindVerdicts = () => metric('assay_revocation_blind_verdicts_total');

  it('REV-13 is never ready before it has read it once, and is then', async () => {
    await redis.kill();
    await start({ coldStart: '0s' });
    service.clock.forward(hour);
    expect(await readiness()).toBe(503);
    await redis.restart();
    await eventually(async () => (await readiness()) === 200);
  });

  it('REV-13 is ready after the cold start where that was written out, and counts whom it lets pass', async () => {
    await redis.kill();
    await start({ onUnknown: 'accept', coldStart: '10m' });
    const token = await issuer.sign();
    await eventually(() => service.isActive(token));
    expect([await readiness(), (await blindVerdicts()) > 0, await list()]).toMatchObject([
      503,
      true,
      { isCurrent: false, revocations: [] },
    ]);
    service.clock.forward(10 * 60_000);
    expect(await readiness()).toBe(200);
  });

  it('REV-14 goes on with what it knows for longer than that, and then counts what it judges', async () => {
    await start({ maxStaleness: '2m' });
    const [good, revoked] = [await issuer.sign(), await issuer.sign({ sid: 's1' })];
    const body = { kind: 'session', value: 's1', reason: 'stolen' };
    await service.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
    await eventually(() => service.isActive(good));
    expect(await list()).toMatchObject({ isCurrent: true, readAgoSeconds: 0 });
    expect(await metric('assay_revocations_quota')).toBe(500_000);

    await redis.kill();
    service.clock.forward(10_000);
    expect([await readiness(), await blindVerdicts(), await list()]).toMatchObject([
      200,
      0,
      { isCurrent: false, revocations: [{ kind: 'session' }] },
    ]);
    service.clock.forward(2 * 60_000);
    const [fresh, late] = [await issuer.sign(), await issuer.sign({ sid: 's1' })];
    expect([await service.isActive(fresh), await service.isActive(late), await readiness()]).toEqual([
      true,
      false,
      200,
    ]);
    expect(await service.isActive(revoked)).toBe(false);
    expect(await blindVerdicts()).toBeGreaterThan(0);
  });

  it('REV-14 answers 503 when it was not read for too long, where that was asked for, until it is read again', async () => {
    await start({ onUnknown: 'refuse', maxStaleness: '1m' });
    const token = await issuer.sign();
    await eventually(() => service.isActive(token));
    await redis.kill();
    service.clock.forward(61_000);
    expect([await service.introspect(token), await readiness()]).toEqual([{ error: 'temporarily_unavailable' }, 503]);
    await redis.restart();
    await eventually(async () => (await readiness()) === 200);
    expect(await service.isActive(token)).toBe(true);
  });
});
