import { afterEach, beforeEach, expect, it } from 'vitest';
import { adminSection, AdminService } from '../admin/support/admin-world.js';
import { ordersApi } from '../e2e/support/configuration.js';
import { eventually } from '../fakes/eventually.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { SentinelGroup } from '../redis/sentinel-group.js';
import { LoginProvider, resource, Visitor } from './support/login-provider.js';
import { logoutSignal, send } from './support/logout-world.js';

let group: SentinelGroup;
let provider: LoginProvider;
const fleet: AdminService[] = [];

beforeEach(async () => {
  [group, provider] = await Promise.all([SentinelGroup.start(), LoginProvider.start()]);
}, 60_000);

afterEach(async () => {
  await Promise.all(fleet.splice(0).map((service) => service.stop()));
  await Promise.all([group.stop(), provider.stop()]);
});

async function start(): Promise<AdminService> {
  const { issuer } = provider;
  const keys = { discovery: 'oidc' };
  const corp = {
    id: 'corp',
    issuer,
    keys,
    algorithms: ['RS256'],
    audiences: [resource],
    network: { allowPrivate: true },
  };
  const caller = { id: ordersApi.id, secrets: [ordersApi.secret], issuers: ['corp'], audiences: [resource] };
  const { sentinels, sentinelName } = group.location;
  const redis = { sentinels, sentinelName, recordKeys: [testRecordKey] };
  const service = await AdminService.start([corp], {
    admin: adminSection,
    signals: [logoutSignal],
    redis,
    callers: [{ ...caller, claims: 'any' }],
  });
  fleet.push(service);
  return service;
}

const verdicts = (token: string): Promise<boolean[]> => Promise.all(fleet.map((service) => service.isActive(token)));
const refusedByAll = (tokens: readonly string[]): Promise<void> =>
  eventually(async () => (await Promise.all(tokens.map(verdicts))).flat().every((isActive) => !isActive));

it('REV-14 a user who logged out before, during or after a failover of Redis stays logged out, also where the failover lost it', async () => {
  const [here, there] = [await start(), await start()];
  const names = ['before', 'lost', 'during', 'after'] as const;
  const users = names.map((name) => new Visitor(provider, name));
  const tokens: string[] = [];
  for (const user of users) tokens.push(await user.login());
  for (const token of tokens) expect(await verdicts(token)).toEqual([true, true]);
  const [before, lost, during, after] = users as [Visitor, Visitor, Visitor, Visitor];

  provider.target = here.publicUrl;
  await before.logout();
  await refusedByAll(tokens.slice(0, 1));

  // Acknowledged by a primary that dies before anybody else has it.
  await group.stopReplicating();
  await lost.logout();
  expect(provider.answered).toEqual([200, 200]);
  const failing = group.failOver();
  await during.logout();
  expect(await here.isActive(tokens[2]!)).toBe(false);
  await failing;
  provider.target = there.publicUrl;
  await after.logout();
  expect(await there.isActive(tokens[3]!)).toBe(false);

  await refusedByAll(tokens);
  // It knows nothing but what stands in the Redis that took over.
  const late = await start();
  await eventually(async () => (await late.ask('GET', '/readyz')).status === 200);
  await refusedByAll(tokens);
  // The provider sends all of them again: that is right, and brings nobody back.
  for (const token of provider.sent) {
    await eventually(async () => (await send(late, { logout_token: token })).status === 200);
  }
  await refusedByAll(tokens);
  expect(await verdicts(await before.login())).toEqual([true, true, true]);
}, 120_000);
