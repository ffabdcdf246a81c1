import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { TcpProxy } from '../e2e/faults/support/tcp-proxy.js';
import type { Section } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from '../redis/redis-server.js';

const recordKeys = [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }];

describe('two regions, of which one cannot read what the other revokes', { timeout: 60_000 }, () => {
  let issuer: FakeIssuer;
  const open: { stop(): Promise<unknown> }[] = [];
  const services: AdminService[] = [];

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    open.push(issuer);
  });

  afterEach(async () => {
    services.length = 0;
    while (open.length > 0) await open.pop()!.stop();
  });

  const redis = async (): Promise<RedisServer> => {
    const server = await RedisServer.start(['repl-diskless-sync-delay 0']);
    open.push(server);
    return server;
  };
  const start = async (location: Section, revocation: Section = {}): Promise<AdminService> => {
    const service = await AdminService.start([quickIssuer(issuer)], {
      admin: adminSection,
      redis: { ...location, recordKeys },
      revocation,
    });
    open.push(service);
    services.push(service);
    return service;
  };
  /** Polls and reports come by the clocks of the replicas. */
  const inTheEnd = (holds: () => Promise<boolean>): Promise<void> =>
    eventually(() => {
      for (const { clock } of services) clock.forward(500);
      return holds();
    });
  const revoke = async (service: AdminService, value: string) => {
    const body = { kind: 'session', value, reason: 'stolen' };
    return service.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
  };
  const list = async (service: AdminService) =>
    (await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer })).body;
  const isCurrent = async (service: AdminService) => (await list(service))['isCurrent'] === true;
  const fleet = async (service: AdminService) =>
    (await service.ask('GET', '/admin/v1/issuers/corp', { token: viewer })).body['fleet'] as Record<string, unknown>;
  const readiness = async (service: AdminService) => (await service.ask('GET', '/readyz')).status;

  /** A region with the primary, and one that reads a replica of it over a link that can be cut. */
  async function regions(revocation: Section = {}) {
    const [primary, reader] = [await redis(), await redis()];
    const link = await TcpProxy.start(primary.port);
    open.push(link);
    const control = reader.client();
    open.push({ stop: () => control.quit() });
    const join = async () => {
      link.mode = 'pass';
      await control.call('REPLICAOF', 'NO', 'ONE');
      await control.call('REPLICAOF', '127.0.0.1', new URL(link.url).port);
      await eventually(async () => (await control.info('replication')).includes('master_link_status:up'));
    };
    await join();
    const near = await start({ url: primary.url, region: 'near' });
    const far = await start({ url: primary.url, readUrl: reader.url, region: 'far' }, revocation);
    await inTheEnd(async () => ((await fleet(near))['replicas'] as unknown[]).length === 2);
    return { near, far, reader, link, join, control, primary };
  }

  it('a read replica that is cut off goes on answering: its region says that it misses decisions, and both say the truth when it is back', async () => {
    const { near, far, link, join, control } = await regions();
    const [before, during] = [await issuer.sign({ sid: 'before' }), await issuer.sign({ sid: 'during' })];
    await inTheEnd(() => far.isActive(during));
    // While the link is new, the far region may still miss what the primary has.
    await inTheEnd(async () => (await isCurrent(far)) && (await fleet(near))['behind'] === undefined);
    expect((await revoke(near, 'before')).status).toBe(201);
    await inTheEnd(async () => !(await far.isActive(before)));

    link.mode = 'stall';
    expect((await revoke(near, 'during')).status).toBe(201);
    await inTheEnd(async () => !(await isCurrent(far)));
    // Redis itself still takes the link for a good one.
    expect(await control.info('replication')).toContain('master_link_status:up');
    expect([await isCurrent(near), await near.isActive(during), await far.isActive(during)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await far.isActive(before)).toBe(false);
    await inTheEnd(async () => (await fleet(near))['behind'] !== undefined);
    expect((await fleet(near))['behind']).toMatchObject([{ region: 'far' }]);
    const { status, body } = await revoke(near, 'another');
    expect([status, body['isShared']]).toEqual([202, true]);
    expect(body).not.toHaveProperty('effectiveWithinSeconds');
    expect(body['detail']).toContain('fleet.behind');

    await join();
    await inTheEnd(async () => (await isCurrent(far)) && !(await far.isActive(during)));
    await inTheEnd(async () => (await fleet(near))['behind'] === undefined);
    expect((await revoke(near, 'a third')).status).toBe(201);
  });

  it('where nobody is to be answered without knowing, maxStaleness begins with the cut, also for who starts during it', async () => {
    const revocation = { onUnknown: 'refuse', maxStaleness: '1m' };
    const { near, far, link, join, primary, reader } = await regions(revocation);
    const token = await issuer.sign({ sid: 'one' });
    await inTheEnd(() => far.isActive(token));
    link.mode = 'stall';
    await revoke(near, 'other');
    await inTheEnd(async () => (await readiness(far)) === 503);
    expect(await far.introspect(token)).toEqual({ error: 'temporarily_unavailable' });
    expect([await readiness(near), await near.isActive(token)]).toEqual([200, true]);
    const late = await start({ url: primary.url, readUrl: reader.url, region: 'far' }, revocation);
    expect([await readiness(late), await isCurrent(late)]).toEqual([503, false]);

    await join();
    await inTheEnd(async () => (await readiness(far)) === 200 && (await readiness(late)) === 200);
    expect(await far.isActive(token)).toBe(true);
  });

  it('a region that reaches its read replica alone does not say that it knows, and brings what it revoked when it is back', async () => {
    const [primary, reader] = [await redis(), await redis()];
    const link = await TcpProxy.start(primary.port);
    open.push(link);
    const control = reader.client();
    open.push({ stop: () => control.quit() });
    await control.call('REPLICAOF', '127.0.0.1', String(primary.port));
    await eventually(async () => (await control.info('replication')).includes('master_link_status:up'));
    const near = await start({ url: primary.url, region: 'near' });
    const far = await start({ url: link.url, readUrl: reader.url, region: 'far' });
    const token = await issuer.sign({ sid: 'one' });
    await inTheEnd(async () => (await near.isActive(token)) && (await isCurrent(far)));

    link.mode = 'cut';
    await inTheEnd(async () => !(await isCurrent(far)));
    const { status, body } = await revoke(far, 'one');
    expect([status, body['isShared']]).toEqual([202, false]);
    expect([await far.isActive(token), await near.isActive(token)]).toEqual([false, true]);

    link.mode = 'pass';
    await inTheEnd(async () => (await isCurrent(far)) && !(await near.isActive(token)));
  });

  it('a Redis in each region: neither says anything about the other, and each knows its own', async () => {
    const [a, b] = [await start({ url: (await redis()).url }), await start({ url: (await redis()).url })];
    const token = await issuer.sign({ sid: 'one' });
    await inTheEnd(async () => (await a.isActive(token)) && (await b.isActive(token)));
    expect((await revoke(a, 'one')).status).toBe(201);
    expect((await fleet(a))['replicas']).toHaveLength(1);
    expect([await a.isActive(token), await b.isActive(token), await isCurrent(b)]).toEqual([false, true, true]);
    expect((await revoke(b, 'one')).status).toBe(201);
    expect(await b.isActive(token)).toBe(false);
  });
});
