import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { DEFAULT_PORTS_TIMEOUT_MS, DefaultPorts } from './support/default-ports.js';
import { linesToPaste, paste } from './support/demo.js';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'compose.yaml'), 'utf8');

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };
const secrets = {
  DEMO_API_SECRET: 'demo-secret-Wq7Zt3Lm9XcVb5NhRk2Jd8Fs',
  RECORD_KEY: 'record-key-8Jq2Vx7Lm4NzPwYdTk5Gc3Hs',
};

/** The environment of a service, as compose makes it of ours. */
function environmentOf(service: string): Record<string, string> {
  const written = Object.entries(services[service]!.environment ?? {});
  const interpolate = (value: string): string =>
    value.replace(/\$\{(\w+):\?[^}]*\}/, (_all, name: keyof typeof secrets) => secrets[name]);
  return Object.fromEntries(written.map(([name, value]) => [name, interpolate(value)]));
}

function portsOf(service: string): Ports {
  const { HTTP_PORT, GRPC_PORT, MANAGEMENT_PORT } = environmentOf(service);
  return { http: Number(HTTP_PORT), grpc: Number(GRPC_PORT), management: Number(MANAGEMENT_PORT) };
}

const names = ['replica-1', 'replica-2'];

describe('compose.yaml, run without an engine', () => {
  let ports: DefaultPorts;
  let redis: RedisServer;
  let issuer: ChildProcess;
  const replicas: AssayProcess[] = [];

  beforeAll(async () => {
    ports = await DefaultPorts.take();
    redis = await RedisServer.start();
    const [, ...args] = services['demo-issuer']!.entrypoint!;
    issuer = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(issuer.stdout!, 'data');
    for (const name of names) {
      const ASSAY_CONFIG = join(root, 'compose', 'assay.yaml');
      const env = { ...environmentOf(name), NODE_ENV: 'production', ASSAY_CONFIG, REDIS_URL: redis.url };
      const replica = await AssayProcess.run({ env }, portsOf(name));
      replicas.push(replica);
      await replica.ready();
    }
  }, DEFAULT_PORTS_TIMEOUT_MS);

  afterAll(async () => {
    for (const replica of replicas) expect(await replica.stop()).toBe(0);
    issuer.kill('SIGTERM');
    expect(await once(issuer, 'exit')).toEqual([0, null]);
    await redis.stop();
    await ports.release();
  });

  it('answers to the lines at its top, on both replicas, before and after a rotation', async () => {
    const lines = linesToPaste(text)
      .filter((line) => line.startsWith('#   '))
      .map((line) => line.slice(1));
    const [takeToken, first, second, rotate] = lines;
    const given = Object.entries(secrets).map(([name, value]) => `export ${name}=${value}`);
    expect(lines).toHaveLength(4);
    const answers = await paste(...given, takeToken!, first!, 'echo', second!, 'echo', rotate!, takeToken!, second!);
    expect(answers.match(/"active":true/g)).toHaveLength(3);
  });

  it('has replicas that say that they are well in the way in which an engine would ask', async () => {
    for (const name of names) {
      const [, , ...args] = services[name]!.healthcheck!.test;
      const asked = spawn(process.execPath, args, { stdio: 'inherit' });
      expect(await once(asked, 'exit')).toEqual([0, null]);
    }
  });

  it('publishes on loopback only, all that the replicas open, and runs everything with a root that is read-only', () => {
    const published = services['demo-issuer']!.ports!.map((port) => port.split(':'));
    expect(published.every(([host, outside, inside]) => host === '127.0.0.1' && outside === inside)).toBe(true);
    const opened = names.map(portsOf).flatMap(({ http, grpc, management }) => [http, grpc, management]);
    expect(published.map(([, port]) => Number(port)).sort()).toEqual([8082, ...opened].sort());
    expect(names.map((name) => services[name]!.network_mode)).toEqual(names.map(() => 'service:demo-issuer'));
    expect(Object.values(services).map((service) => service.read_only)).toEqual([true, true, true, true]);
    expect(services['replica-1']!.volumes).toEqual(['./compose/assay.yaml:/etc/assay/assay.yaml:ro']);
  });

  it('starts with nothing secret in it', async () => {
    expect(text + readFileSync(join(root, 'compose', 'assay.yaml'), 'utf8')).not.toMatch(/[0-9a-zA-Z_-]{32,}/);
    await eventually(() => replicas.every(({ output }) => !output.includes('configuration warning')));
  });
});
