import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { POLL_MS } from '../../src/changes/change-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { TwoReplicas } from './support/two-replicas.js';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';

/** The published bound (docs/key-lifecycle.md): poll + ε. */
const DENY_BOUND_MS = 7_000;

const other = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

describe('denied keys on one replica', () => {
  let issuer: FakeIssuer;
  let service: AdminService;
  let token: string;
  let path: string;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection });
    token = await issuer.sign();
    path = `/admin/v1/issuers/corp/keys/${await calculateJwkThumbprint(issuer.key.publicJwk)}/deny`;
  });

  afterEach(async () => {
    await service.stop();
    await issuer.stop();
  });

  const deny = (body: object = { reason: 'stolen' }) => service.ask('POST', path, { token: operator, body });
  const allow = () => service.ask('DELETE', path, { token: operator });

  it('are refused from the next request on, and allowed again', async () => {
    expect(await service.isActive(token)).toBe(true);
    const denied = await deny();
    expect(denied.status).toBe(200);
    expect(denied.body).toMatchObject({ issuer: 'corp', by: 'acting', reason: 'stolen', effectiveWithinSeconds: 7 });
    expect(await service.isActive(token)).toBe(false);
    expect((await allow()).status).toBe(204);
    expect(await service.isActive(token)).toBe(true);
    expect((await allow()).status).toBe(404);
  });

  it('spare the other keys of the issuer', async () => {
    await deny();
    await issuer.addKey();
    expect(await service.isActive(await issuer.sign())).toBe(true);
    expect(await service.isActive(token)).toBe(false);
  });

  it('are allowed again when their time is over', async () => {
    await deny({ reason: 'stolen', until: new Date(service.clock.wallMs() + 60_000).toISOString() });
    expect(await service.isActive(token)).toBe(false);
    service.clock.forward(60_000);
    expect(await service.isActive(token)).toBe(true);
  });

  it('may be denied before anybody has seen them', async () => {
    const unseen = path.replace(/[\w-]{43}/, other);
    expect((await service.ask('POST', unseen, { token: operator, body: { reason: 'leaked' } })).status).toBe(200);
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    expect(body['deniedKeys']).toMatchObject([{ thumbprint: other, by: 'acting', reason: 'leaked' }]);
  });

  it('are shown with their denial', async () => {
    await service.isActive(token);
    await deny({ reason: 'stolen', until: '2099-01-01T00:00:00+01:00' });
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    const denial = { by: 'acting', reason: 'stolen', until: '2098-12-31T23:00:00.000Z', at: expect.any(String) };
    expect(body['keys']).toMatchObject([{ isDenied: true, denial }]);
    expect(body['deniedKeys']).toMatchObject([denial]);
  });

  it('say so in the log, where their tokens are refused', async () => {
    await deny();
    await service.write([quickIssuer(issuer)], { admin: adminSection, telemetry: { logs: { level: 'debug' } } });
    await service.reload();
    await service.isActive(token);
    expect(service.output).toContain('key_denied');
  });

  it('are written down with who decided', async () => {
    await deny();
    await allow();
    const thumbprint = path.split('/')[6];
    const alone = { confirmed: 1, replicas: 1, lost: 0 };
    const about = service.auditedFields.filter(({ action }) =>
      /^(key|admin)_(denied|allowed|deny|allow)$/.test(String(action)),
    );
    expect(about).toEqual([
      { action: 'key_denied', issuer: 'corp', thumbprint, by: 'acting', reason: 'stolen', ...alone },
      { action: 'admin_deny', issuer: 'corp', thumbprint, by: 'acting', reason: 'stolen', result: 'done' },
      { action: 'key_allowed', issuer: 'corp', thumbprint, by: 'acting', reason: 'taken back' },
      { action: 'admin_allow', issuer: 'corp', thumbprint, by: 'acting', result: 'done' },
    ]);
  });

  it('of the configuration are refused without anybody to ask, and only the configuration allows them', async () => {
    const thumbprint = path.split('/')[6];
    await service.write([quickIssuer(issuer, { deniedKeys: [thumbprint] })], { admin: adminSection });
    await service.reload();
    expect(await service.isActive(token)).toBe(false);
    const refused = await allow();
    expect([refused.status, refused.body['code']]).toEqual([409, 'key_denied_by_configuration']);
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer });
    expect(body['keys']).toMatchObject([{ isDenied: true, denial: { by: 'configuration' } }]);
    await service.write([quickIssuer(issuer)], { admin: adminSection });
    await service.reload();
    expect(await service.isActive(token)).toBe(true);
  });
});

describe('denied keys on replicas that share a Redis', () => {
  let world: TwoReplicas;
  let redis: RedisServer;
  let first: AdminService;
  let second: AdminService;
  let token: string;

  beforeEach(async () => {
    world = await TwoReplicas.start();
    ({ redis, first, second } = world);
    token = await world.issuer.sign();
  });

  afterEach(() => world.stop());

  const allow = (service = first) => service.ask('DELETE', world.path, { token: operator });
  /** Replicas that do not decide learn it by their next poll. The rest of the bound is for answers to arrive in. */
  const becomes = (service: AdminService, isActive: boolean) => {
    service.clock.forward(POLL_MS);
    const isSo = async () => (await service.isActive(token)) === isActive;
    return eventually(isSo, undefined, DENY_BOUND_MS - POLL_MS);
  };
  it('are refused by all within seven seconds, and allowed again as soon', async () => {
    expect(await second.isActive(token)).toBe(true);
    expect((await world.deny()).body).toMatchObject({ isShared: true });
    expect(await first.isActive(token)).toBe(false);
    await becomes(second, false);
    expect((await allow(second)).status).toBe(204);
    expect(await second.isActive(token)).toBe(true);
    await becomes(first, true);
  });

  it('are refused by a replica that starts later, from its first request on', async () => {
    await world.deny();
    const third = await world.start();
    expect(await third.isActive(token)).toBe(false);
    await third.stop();
  });

  it('stay refused when Redis starts again empty, also by a replica that starts then', async () => {
    expect([await first.isActive(token), await second.isActive(token)]).toEqual([true, true]);
    await world.deny();
    await becomes(second, false);
    await redis.kill();
    expect([await first.isActive(token), await second.isActive(token)]).toEqual([false, false]);
    await redis.restart();
    const client = redis.client();
    await world.inTheEnd(async () => (await client.keys('assay:{*:log}:denials')).length === 1);
    client.disconnect();
    const third = await world.start();
    expect(await third.isActive(token)).toBe(false);
    expect([await first.isActive(token), await second.isActive(token)]).toEqual([false, false]);
    await third.stop();
  }, 60_000);

  it('are denied here while Redis is away, and everywhere when it is back; nothing is allowed meanwhile', async () => {
    // Both have the keys: without Redis a cold replica may answer 503 for a moment.
    expect([await first.isActive(token), await second.isActive(token)]).toEqual([true, true]);
    await redis.kill();
    const denied = await world.deny();
    expect([denied.status, denied.body['isShared']]).toEqual([202, false]);
    expect(await first.isActive(token)).toBe(false);
    const refused = await allow();
    expect([refused.status, refused.body['code']]).toEqual([503, 'store_unavailable']);
    expect(refused.headers['retry-after']).toBe('5');
    await redis.restart();
    await world.inTheEnd(async () => !(await second.isActive(token)));
  }, 60_000);

  it('G-01 forged decisions in Redis change nothing, and raise an alarm', async () => {
    await world.deny();
    const client = redis.client();
    const [log] = await client.keys('assay:{*:log}:denials');
    const [entry, place] = await client.zrange(log!, '0', '-1', 'WITHSCORES');
    // In one step: between two a replica may find the denial lost, write it again, and have no reason to read what is older.
    await client.multi().zrem(log!, entry!).zadd(log!, place!, entry!.replace('denied', 'allowed')).exec();
    client.disconnect();
    await world.inTheEnd(async () =>
      [first, second].some(({ audit }) => audit.some(({ action }) => action === 'record_refused')),
    );
    expect(await first.isActive(token)).toBe(false);
    await becomes(second, false);
  });

  it('every replica is shown by every other', async () => {
    await first.isActive(token);
    await second.isActive(token);
    await world.inTheEnd(
      async () => (await world.replicas(first)).length === 2 && (await world.replicas(second)).length === 2,
    );
    const [own, theirs] = await world.replicas(first);
    expect(own!['replica']).not.toBe(theirs!['replica']);
    await world.inTheEnd(async () => new Set((await world.replicas(first)).map(({ digest }) => digest)).size === 1);
    await second.stop();
    expect(await world.replicas(first)).toHaveLength(1);
    second = world.second = await world.start();
  });
});
