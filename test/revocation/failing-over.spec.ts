import { afterEach, beforeEach, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer } from '../admin/support/admin-world.js';
import { eventually } from '../fakes/eventually.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { SentinelGroup } from '../redis/sentinel-group.js';

let group: SentinelGroup;
let issuer: FakeIssuer;
const services: AdminService[] = [];

beforeEach(async () => {
  [group, issuer] = await Promise.all([SentinelGroup.start(), FakeIssuer.start()]);
}, 60_000);

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  await Promise.all([group.stop(), issuer.stop()]);
});

async function start(): Promise<AdminService> {
  const { sentinels, sentinelName } = group.location;
  const redis = { sentinels, sentinelName, recordKeys: [testRecordKey] };
  const service = await AdminService.start([quickIssuer(issuer)], { admin: adminSection, redis });
  services.push(service);
  return service;
}

const revoke = async (service: AdminService, value: string): Promise<void> => {
  const body = { kind: 'session', value, reason: 'stolen' };
  const { status } = await service.ask('POST', '/admin/v1/issuers/corp/revocations', { token: operator, body });
  expect([201, 202]).toContain(status);
};

it('what was revoked before, during and after a failover of Redis is refused everywhere, also by who starts then', async () => {
  const [here, there] = [await start(), await start()];
  const sessions = ['before', 'during', 'after'];
  const tokens = await Promise.all(sessions.map((sid) => issuer.sign({ sid })));
  const refusing = (service: AdminService, count: number) =>
    eventually(async () => {
      const active = await Promise.all(tokens.slice(0, count).map((token) => service.isActive(token)));
      return active.every((each) => !each);
    });
  await eventually(() => here.isActive(tokens[2]!));
  await revoke(here, 'before');
  await refusing(there, 1);

  const failing = group.failOver();
  await revoke(here, 'during');
  await failing;
  await revoke(there, 'after');
  for (const service of [here, there]) await refusing(service, 3);
  // It knows nothing but what stands in the Redis that took over.
  const late = await start();
  await eventually(async () => (await late.ask('GET', '/readyz')).status === 200);
  await refusing(late, 3);
  expect(await late.isActive(await issuer.sign({ sid: 'another' }))).toBe(true);
}, 90_000);
