import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { configurationOf, issuerSection, probe } from './support/configuration.js';
import { Traffic } from './support/traffic.js';

/** How long there is traffic. `ASSAY_TRAFFIC_SECONDS=60 npm run test:e2e -- one-redis` for a whole minute. */
const SECONDS = Number(process.env['ASSAY_TRAFFIC_SECONDS'] ?? 8);

const oldKey = { id: 'k1', secret: 'record-key-old-5Vd8Jw2Qs9Lx4Tz7Rb3Yc6Nf' };
const newKey = { id: 'k2', secret: 'record-key-new-8Kt2Zx6Wq4Pm9Hs3Dg7Bv5Lj' };

/** What makes a deployment another one. */
interface Deployment {
  readonly identifier?: string;
  readonly recordKeys: readonly { readonly id: string; readonly secret: string }[];
}

describe('on one Redis', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  const replicas = new Map<string, AssayProcess>();

  beforeEach(async () => {
    [issuer, redis] = await Promise.all([FakeIssuer.start(), RedisServer.start()]);
  });

  afterEach(async () => {
    for (const replica of replicas.values()) await replica.stop();
    replicas.clear();
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  async function start(name: string, { identifier, recordKeys }: Deployment): Promise<void> {
    const server = { grpc: { enabled: false }, ...(identifier !== undefined && { identifier }) };
    const issuers = [issuerSection('corp', issuer, { criticality: 'critical' })];
    const replica = await AssayProcess.start((ports: Ports) => ({
      ...configurationOf(ports, issuers, server),
      redis: { url: redis.url, recordKeys },
    }));
    await eventually(async () => (await probe(replica, '/readyz')) === 200);
    replicas.set(name, replica);
  }

  async function stop(name: string, traffic: Traffic): Promise<void> {
    const replica = replicas.get(name)!;
    await traffic.leave(name);
    await replica.stop();
  }

  async function commands(): Promise<number> {
    const client = redis.client();
    const stats = await client.info('stats');
    client.disconnect();
    return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
  }

  /** Alarms of one replica about what it could not believe. */
  const alarms = (replica: AssayProcess): number =>
    replica.log.filter(({ msg }) => String(msg).includes('check who may write to Redis')).length;

  async function withTraffic(): Promise<void> {
    const traffic = new Traffic(replicas, await issuer.sign());
    const [before, startedMs] = [await commands(), performance.now()];
    traffic.start();
    await eventually(() => performance.now() - startedMs > SECONDS * 1_000, undefined, SECONDS * 1_000 + 10_000);
    await traffic.stop();
    const elapsedS = (performance.now() - startedMs) / 1_000;
    const each = ((await commands()) - before) / elapsedS / replicas.size;
    const raised = [...replicas.values()].map(alarms);
    process.stdout.write(
      `${traffic.answers} answers, ${each.toFixed(1)} commands a second for each replica, alarms ${raised.join(' ')}\n`,
    );

    expect(traffic.refusals).toEqual([]);
    expect(traffic.answers).toBeGreaterThan(20);
    expect(each).toBeLessThan(40);
    expect(Math.max(...raised)).toBeLessThanOrEqual(4);
  }

  it('two deployments with other identifiers do not meet', async () => {
    const recordKeys = [oldKey];
    for (const name of ['a', 'b']) {
      await start(`${name} 1`, { identifier: `https://${name}.example`, recordKeys });
      await start(`${name} 2`, { identifier: `https://${name}.example`, recordKeys });
    }
    await withTraffic();
    for (const replica of replicas.values()) expect(alarms(replica)).toBe(0);
  }, 120_000);

  it('two groups with other record keys stay calm, and both answer', async () => {
    for (const name of ['old 1', 'old 2']) await start(name, { recordKeys: [oldKey] });
    for (const name of ['new 1', 'new 2']) await start(name, { recordKeys: [newKey] });
    await withTraffic();
  }, 120_000);

  it('record keys are rotated in three steps without a refusal, and without an alarm', async () => {
    const traffic = new Traffic(replicas, await issuer.sign());
    await start('0 1', { recordKeys: [oldKey] });
    await start('0 2', { recordKeys: [oldKey] });
    traffic.start();
    const steps = [[oldKey, newKey], [newKey, oldKey], [newKey]];
    for (const [i, recordKeys] of steps.entries()) {
      for (const n of [1, 2]) {
        await stop(`${i} ${n}`, traffic);
        await start(`${i + 1} ${n}`, { recordKeys });
      }
    }
    await traffic.stop();

    expect(traffic.refusals).toEqual([]);
    for (const replica of replicas.values()) expect(alarms(replica)).toBeLessThanOrEqual(1);
  }, 120_000);

  it('a record key that has leaked is replaced at once, without a refusal', async () => {
    const traffic = new Traffic(replicas, await issuer.sign());
    await start('0 1', { recordKeys: [oldKey] });
    await start('0 2', { recordKeys: [oldKey] });
    traffic.start();
    for (const n of [1, 2]) {
      await stop(`0 ${n}`, traffic);
      await start(`1 ${n}`, { recordKeys: [newKey] });
    }
    await traffic.stop();

    expect(traffic.refusals).toEqual([]);
  }, 120_000);
});
