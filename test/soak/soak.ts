// `npm run soak`: ten minutes of mixed load on two replicas, while the issuer rotates every few seconds and Redis is killed again and again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AssayProcess, type Ports } from '../e2e/support/assay-process.js';
import { configurationOf, issuerSection } from '../e2e/support/configuration.js';
import { SteadyLoad } from '../e2e/support/steady-load.js';
import { RedisServer } from '../redis/redis-server.js';
import { MemoryCurve, POD_LIMIT_MIB } from './memory.js';
import { RotatingIssuer } from './rotating-issuer.js';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
const SAMPLE_MS = 1_000;
/** In samples. */
const ROTATE_EVERY = 4;
const KILL_REDIS_EVERY = 20;
const REDIS_IS_AWAY_FOR = 3;

let rotating: RotatingIssuer;
let redis: RedisServer;
let folder: string;
const replicas: AssayProcess[] = [];
const reportOf = (replica: number): string => join(folder, `memory-${replica}.json`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-soak-'));
  [rotating, redis] = await Promise.all([RotatingIssuer.start(), RedisServer.start()]);
  for (let i = 0; i < 2; i++) replicas.push(await startReplica(i));
});

afterAll(async () => {
  for (const replica of replicas) expect(await replica.stop()).toBe(0);
  await Promise.all([rotating.stop(), redis.stop(), rm(folder, { recursive: true })]);
});

function startReplica(replica: number): Promise<AssayProcess> {
  const freshness = { refresh: '2s', hardTtl: '10m', missCooldown: '5s', minSpacing: '1s' };
  const issuer = issuerSection('corp', rotating.issuer, { freshness, keys: { jwksUri: rotating.issuer.jwksUri } });
  const configure = (ports: Ports): object => ({
    // The machine may do something else as well: what is shed under load is another test.
    ...configurationOf(ports, [issuer], { limits: { eventLoopDelay: '10s' } }),
    redis: { url: redis.url, recordKeys: [{ id: 'k1', secret: 'record-key-for-soaking-8Jq2Vx7Lm4NzPwYd' }] },
  });
  const env = {
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'report-memory.mjs')}`,
    MEMORY_REPORT: reportOf(replica),
  };
  return AssayProcess.start(configure, { env });
}

/** One second after the other; both disturbances by the clock, so that they meet in every way. */
async function disturb(curves: readonly MemoryCurve[]): Promise<number> {
  let kills = 0;
  const endMs = performance.now() + minutes * 60_000;
  for (let second = 1; performance.now() < endMs; second++) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    for (const curve of curves) curve.look();
    if (second % ROTATE_EVERY === 0) await rotating.rotate();
    if (second % KILL_REDIS_EVERY === 0) await redis.kill();
    if (second % KILL_REDIS_EVERY !== REDIS_IS_AWAY_FOR || second < KILL_REDIS_EVERY) continue;
    await redis.restart();
    kills++;
  }
  return kills;
}

function rounded(value: number): string {
  return value.toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

it(
  `soaks for ${minutes} minutes`,
  async () => {
    const curves = replicas.map((_, i) => new MemoryCurve(reportOf(i)));
    const beganMs = performance.now();
    const loads = replicas.map(
      ({ ports }) => new SteadyLoad(ports, rotating.question, { httpClients: 4, grpcClients: 2, pauseMs: 20 }),
    );
    const kills = await disturb(curves);
    const seconds = (performance.now() - beganMs) / 1000;
    const faults = (await Promise.all(loads.map((load) => load.stop()))).flat();

    const asked = loads.reduce((sum, load) => sum + load.asked, 0);
    say(`${asked} answers in ${seconds.toFixed(0)} s, ${(asked / seconds).toFixed(0)} a second`);
    say(
      `${rotating.rotations} rotations, ${kills} deaths of Redis, ${rotating.issuer.keySetRequests} fetches from the issuer`,
    );
    for (const key of new Set(loads.flatMap(({ answers }) => [...answers.keys()])))
      say(`  ${key}: ${loads.reduce((sum, { answers }) => sum + (answers.get(key) ?? 0), 0)}`);
    curves.forEach((curve, i) => {
      const [live, resident] = (['liveMiB', 'residentMiB'] as const).map((of) =>
        curve.quarters(of).map(rounded).join(', '),
      );
      say(
        `replica ${i + 1}, by quarters of the time: alive after a collection ${live} MiB, resident before it ${resident} MiB of ${POD_LIMIT_MIB}`,
      );
    });
    expect(faults.slice(0, 20)).toEqual([]);
    expect(curves.map(({ isFlat }) => isFlat)).toEqual([true, true]);
    for (const { highestResidentMiB } of curves) expect(highestResidentMiB).toBeLessThan(POD_LIMIT_MIB);
  },
  (minutes + 2) * 60_000,
);
