import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { AT_THE_END } from '../../src/changes/change-store.js';
import { sealChange } from '../../src/changes/sealed-change.js';
import { RedisFleetMembers } from '../../src/keys/fleet/redis-fleet-members.js';
import { commitChannel } from '../../src/keys/store/redis-key-names.js';
import { sourceName, storedHint } from '../../src/keys/store/source-name.js';
import type { FetchPermit } from '../../src/keys/store/key-store.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FormerDenials } from '../../src/revocation/redis-former-denials.js';
import { timing } from '../conformance/key-store-probe.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { costs, type Operation, type OperationCost } from '../simulation/scale-law.js';
import { aRedisKeyStore, testEnvironment, testNames, testRecordKey } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';

const TIMES = 200;
const mac = new RecordMac(testEnvironment, [testRecordKey]);

describe('what one operation costs Redis, for a key set of one EC key', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  afterAll(() => world.stop());

  /** All commands but those of the measurement, and all octets. */
  async function spent(): Promise<OperationCost> {
    const text = await world.hand.info('everything');
    const calls = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].filter(([, name]) => name !== 'info');
    const octets = (way: string): number => Number(new RegExp(`^total_net_${way}_bytes:(\\d+)`, 'm').exec(text)?.[1]);
    const commands = calls.reduce((sum, [, , times]) => sum + Number(times), 0);
    return { commands, octetsIn: octets('input'), octetsOut: octets('output') };
  }

  function less(one: OperationCost, other: OperationCost): OperationCost {
    return {
      commands: one.commands - other.commands,
      octetsIn: one.octetsIn - other.octetsIn,
      octetsOut: one.octetsOut - other.octetsOut,
    };
  }

  async function costOf(operate: (i: number) => Promise<unknown>): Promise<OperationCost> {
    // The script is known to the server from the second time on.
    await operate(0);
    await spent();
    const [idle, before] = [await spent(), await spent()];
    for (let i = 1; i <= TIMES; i++) await operate(i);
    const { commands, octetsIn, octetsOut } = less(less(await spent(), before), less(before, idle));
    return { commands: commands / TIMES, octetsIn: octetsIn / TIMES, octetsOut: octetsOut / TIMES };
  }

  const keys = () => aRedisKeyStore(world.link);
  const log = () => new RedisChangeStore({ primary: world.link, names: testNames });
  const source = (i: number): string => `https://issuer-${i}.example/jwks`;
  const hint = (i: number, fence: number): string => storedHint(sourceName(source(i)), fence);
  const acquired = (i: number) =>
    keys().acquire(source(i), { kind: 'refresh', knownFence: 0, dueAfterMs: 280_000, timing });

  async function committed(i: number): Promise<void> {
    const { fence, baseFence, atMs } = (await acquired(i)) as FetchPermit;
    const keysOfIssuer = [aRecordedKey(atMs)];
    const draft = { validatedAtMs: atMs, refreshAfterMs: 300_000, keys: keysOfIssuer, tombstones: [] };
    await keys().commit(source(i), { fence, baseFence, draft, hardTtlMs: timing.hardTtlMs });
  }

  const measured: Readonly<Record<Exclude<Operation, 'fetch'>, () => Promise<OperationCost>>> = {
    poll: () => costOf(() => log().read({ keys: AT_THE_END, denials: 0, revocations: 0 })),
    beat: () => {
      const clock = new FakeClock();
      const members = new RedisFleetMembers({
        link: world.link,
        names: testNames,
        clock,
        replica: 'a-pod-7d9f8c-x2x4z',
      });
      return costOf(async () => {
        members.start();
        await world.link.client.ping();
      });
    },
    acquire: () => costOf(acquired),
    commit: async () => {
      const both = await costOf(committed);
      await world.reset();
      return less(both, await measured.acquire());
    },
    former: () => {
      const clock = new FakeClock();
      const decisions = new ChangeLog({ store: log(), mac, clock, onRefused: () => undefined });
      const keysDenied = new LoggedDeniedKeys({ log: decisions, clock });
      return costOf(() => new FormerDenials({ link: world.link, mac, clock, keys: keysDenied }).start());
    },
    load: async () => {
      await committed(0);
      return costOf(() => keys().load(source(0)));
    },
    append: () =>
      costOf((i) => {
        const [sealed = '', before = ''] = [i + 1, i].map((fence) => sealChange(mac, 'keys', hint(0, fence * 1_000)));
        return log().append({ kind: 'keys', sealed, instead: [before] });
      }),
    hearing: async () => {
      const listener = world.server.client();
      await listener.subscribe(commitChannel(testNames));
      const told = await costOf(() => world.hand.publish(commitChannel(testNames), hint(0, Date.now() * 1_000)));
      await listener.unsubscribe();
      const untold = await costOf(() => world.hand.publish(commitChannel(testNames), hint(0, Date.now() * 1_000)));
      listener.disconnect();
      const entry = sealChange(mac, 'keys', hint(0, Date.now() * 1_000)).length + ' 1763726400000000 250'.length;
      const { octetsOut } = less(told, untold);
      return { commands: 0, octetsIn: 0, octetsOut: octetsOut + entry };
    },
  };

  it.each(Object.keys(measured) as (keyof typeof measured)[])('%s: as the law of the fleet has it', async (name) => {
    await world.reset();
    const cost = await measured[name]();
    const said = costs[name];
    for (const what of ['commands', 'octetsIn', 'octetsOut'] as const) {
      expect(Math.abs(cost[what] - said[what]), what).toBeLessThanOrEqual(Math.max(1, 0.1 * said[what]));
    }
  });
});

function aRecordedKey(atMs: number) {
  const thumbprint = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
  const jwk = {
    kty: 'EC',
    use: 'sig',
    alg: 'ES256',
    kid: 'key-2026-11',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  const state = { name: 'active' } as const;
  return { thumbprint, jwks: [jwk], state, firstSeenMs: atMs, lastSeenMs: atMs };
}
