import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { only, render } from './support/helm.js';
import { podSpecs } from './support/pods.js';

const manifests = render('ci/minimal-values.yaml');
const [pod] = podSpecs([only(manifests, 'Pod')]);
const { data } = only(manifests, 'ConfigMap', 'assay') as unknown as { data: Record<string, string> };
const digest = createHash('sha256').update(data['assay.yaml']!).digest('hex');
const { command, args, env } = pod!.containers[0]!;

/** Runs what the pod of `helm test` runs, against these addresses instead of the cluster's. */
async function run(addresses: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
  const [, ...flags] = command!;
  const child = spawn(process.execPath, [...flags, ...args!], { env: addresses, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

/** The management listeners of some replicas, behind a Service that goes round. */
class Replicas {
  private asked = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param digestOf the digest that an answer shows, by the number of the answer */
  static async start(digestOf: (answer: number) => string): Promise<Replicas> {
    const port = await freePort();
    const server = createServer((request, response) => {
      const isMetrics = request.url === '/metrics';
      response.end(isMetrics ? `# HELP\nassay_config_info{digest="${digestOf(replicas.asked++)}"} 1\n` : 'ok');
    });
    const replicas = new Replicas(server, port);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return replicas;
  }

  get answers(): number {
    return this.asked;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('what helm test runs', () => {
  let endpoint: HttpEndpoint;
  let replicas: Replicas | undefined;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.before(await Reception.open());
  });

  afterEach(async () => {
    await replicas?.close();
    replicas = undefined;
  });

  afterAll(async () => {
    await endpoint.close();
  });

  const runAgainst = (more: Readonly<Record<string, string>> = {}) =>
    run({
      ASSAY_URL: `http://127.0.0.1:${endpoint.port}`,
      MANAGEMENT_URL: `http://127.0.0.1:${replicas?.port}`,
      CONFIGURATION_DIGEST: digest,
      ...more,
    });

  it('asks the Services of the release for the configuration that is in it', () => {
    expect(env).toEqual([
      { name: 'ASSAY_URL', value: 'http://assay:8080' },
      { name: 'MANAGEMENT_URL', value: 'http://assay-management:8081' },
      { name: 'CONFIGURATION_DIGEST', value: digest },
      { name: 'WAIT_SECONDS', value: '150' },
    ]);
  });

  it('is content with a service that is ready, refuses strangers, and has the configuration', async () => {
    replicas = await Replicas.start(() => digest);
    const { code, output } = await runAgainst();
    expect(output).toBe(
      `ok: ready: 200\nok: metadata: 200\nok: a caller without credentials: 401\nok: configuration in force: ${digest}\n`,
    );
    expect(code).toBe(0);
  });

  it('waits until the last replica has the configuration', async () => {
    replicas = await Replicas.start((answer) => (answer === 3 ? 'abc' : digest));
    const { code } = await runAgainst({ WAIT_SECONDS: '60' });
    expect(code).toBe(0);
    expect(replicas.answers).toBe(24);
  });

  it('is not content where a replica stays with another configuration', async () => {
    replicas = await Replicas.start((answer) => (answer % 3 === 2 ? 'abc' : digest));
    const { code, output } = await runAgainst();
    expect(code).toBe(1);
    expect(output).toContain(`NOT OK: configuration in force: abc, expected ${digest}\n`);
  });

  it('is not content with nobody, nor with a service that lets strangers in', async () => {
    replicas = await Replicas.start(() => digest);
    const { code, output } = await runAgainst({
      ASSAY_URL: `http://127.0.0.1:${replicas.port}`,
      MANAGEMENT_URL: `http://127.0.0.1:${await freePort()}`,
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^NOT OK: ready: .*ECONNREFUSED/m);
    expect(output).toMatch(/^NOT OK: a caller without credentials: 200, expected 401$/m);
  });
});
