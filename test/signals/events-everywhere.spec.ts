import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from '../admin/support/admin-world.js';
import type { Section } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from '../redis/redis-server.js';
import { byName, push, pushed, receiver, securityEvent } from './support/event-world.js';
import { FakeTransmitter } from './support/fake-transmitter.js';

/** By when every replica refuses what was received, in milliseconds. */
const BOUND_MS = 7_000;

describe('security events at several replicas that share a Redis', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let fleet: AdminService[] = [];

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await Promise.all(fleet.map((service) => service.stop()));
    fleet = [];
    await redis.stop();
    await issuer.stop();
  });

  const start = async (signal: Section): Promise<AdminService> => {
    const recordKeys = [{ id: 'k1', secret: 'a-record-key-0123456789-abcdefghij-xyz' }];
    const more = { admin: adminSection, signals: [signal], redis: { url: redis.url, recordKeys } };
    const service = await AdminService.start([{ ...quickIssuer(issuer), audiences: 'any' }], more);
    fleet.push(service);
    return service;
  };
  const tokenOf = (sub: string): Promise<string> =>
    issuer.sign({ sub, iat: Math.floor(Date.now() / 1_000) - 60, jti: `${sub} ${Math.random()}` });
  const refusedEverywhere = async (sub: string): Promise<void> => {
    const token = await tokenOf(sub);
    const refused = async (): Promise<boolean> => {
      const verdicts = await Promise.all(fleet.map((service) => service.isActive(token)));
      return verdicts.every((isActive) => !isActive);
    };
    await eventually(refused, () => 'a replica still takes it', BOUND_MS);
  };

  it('SSF-11 what one replica has acknowledged, every replica refuses within 7 s; the same event elsewhere is a repetition', async () => {
    const [one, other] = [await start(pushed), await start(pushed)];
    const event = await securityEvent(issuer, { subject: byName(issuer, 'anna') });
    expect((await push(one, event)).status).toBe(202);
    await refusedEverywhere('anna');
    expect((await push(other, event)).status).toBe(202);
    const { text } = await other.ask('GET', '/metrics');
    expect(text).toContain('assay_signals_total{stream="corp-ssf",delivery="push",outcome="repeated"} 1');
  });

  it('SSF-11 nothing is acknowledged that others cannot read: 503 while Redis is away, and 202 when it comes again', async () => {
    const service = await start(pushed);
    expect(await service.isActive(await tokenOf('anna'))).toBe(true);
    await redis.kill();
    const event = await securityEvent(issuer, { subject: byName(issuer, 'anna') });
    const { status, headers } = await push(service, event);
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
    // Here it holds at once: whoever was logged out is not let in because of our Redis.
    expect(await service.isActive(await tokenOf('anna'))).toBe(false);
    await redis.restart();
    await eventually(async () => (await push(service, event)).status === 202);
    await start(pushed);
    await refusedEverywhere('anna');
  });

  it('SSF-12 one replica polls for all; another one goes on where it stops, and nothing is lost', async () => {
    const transmitter = new FakeTransmitter(issuer);
    const poll = { url: transmitter.pollUrl, every: '500ms', accessToken: 'a.token' };
    const signal = { id: 'corp-ssf', issuer: 'corp', audience: receiver, poll };
    const bring = async (jti: string, sub: string): Promise<void> =>
      void transmitter.waiting.set(jti, await securityEvent(issuer, { subject: byName(issuer, sub), claims: { jti } }));
    const polls = async (service: AdminService): Promise<boolean> =>
      /assay_signals_total\{stream="corp-ssf",delivery="poll",outcome="accepted"\} [1-9]/.test(
        (await service.ask('GET', '/metrics')).text,
      );
    await Promise.all([start(signal), start(signal)]);
    for (const n of [1, 2, 3]) {
      await bring(`set ${n}`, `user ${n}`);
      await refusedEverywhere(`user ${n}`);
    }
    const polling = await Promise.all(fleet.map(polls));
    expect([...polling].sort()).toEqual([false, true]);
    await fleet.splice(polling.indexOf(true), 1)[0]!.stop();
    await bring('set 4', 'user 4');
    await refusedEverywhere('user 4');
    await eventually(() => transmitter.waiting.size === 0);
    expect(transmitter.acknowledged).toEqual(['set 1', 'set 2', 'set 3', 'set 4']);
  });

  it('SSF-12 while Redis is away nothing is asked for, so that nothing is acknowledged that others cannot read', async () => {
    const transmitter = new FakeTransmitter(issuer);
    const poll = { url: transmitter.pollUrl, every: '500ms', accessToken: 'a.token' };
    const service = await start({ id: 'corp-ssf', issuer: 'corp', audience: receiver, poll });
    const polls = (): number => transmitter.askedFor('poll').length;
    await eventually(() => polls() > 1, undefined, 10_000);
    await redis.kill();
    transmitter.waiting.set('one', await securityEvent(issuer, { claims: { jti: 'one' } }));
    const failedRounds = async (): Promise<number> =>
      Number(
        /polls_total\{[^}]*outcome="failed"[^}]*\} (\d+)/.exec((await service.ask('GET', '/metrics')).text)?.[1] ?? 0,
      );
    await eventually(async () => (await failedRounds()) > 1, undefined, 20_000);
    expect(transmitter.acknowledged).toEqual([]);
    await redis.restart();
    await eventually(() => transmitter.acknowledged.length > 0, undefined, 20_000);
    await start(pushed);
    await refusedEverywhere('anna');
  }, 60_000);

  it('SSF-15 a stream that is paused at one replica is paused at all within seconds', async () => {
    const [one, other] = [await start(pushed), await start(pushed)];
    expect((await one.ask('POST', '/admin/v1/signals/corp-ssf/pause', { token: operator })).status).toBe(200);
    const statusOf = async (service: AdminService): Promise<number> =>
      (await push(service, await securityEvent(issuer, { subject: byName(issuer, 'anna') }))).status;
    expect(await statusOf(one)).toBe(503);
    await eventually(async () => (await statusOf(other)) === 503, undefined, 5_000);
    expect((await other.ask('POST', '/admin/v1/signals/corp-ssf/resume', { token: operator })).status).toBe(200);
    await eventually(async () => (await statusOf(one)) === 202, undefined, 5_000);
  });
});
