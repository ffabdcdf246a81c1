import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { include, team } from '../config/support/including-configuration.js';
import { aConfiguration } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';
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
  static async start(digestOf: (answer: number) => string, refused = 0): Promise<Replicas> {
    const port = await freePort();
    const server = createServer((request, response) => {
      const isMetrics = request.url === '/metrics';
      const files = `assay_config_included_files{state="refused"} ${refused}\n`;
      response.end(isMetrics ? `# HELP\nassay_config_info{digest="${digestOf(replicas.asked++)}"} 1\n${files}` : 'ok');
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

  it('computes of included files what the program computes, so that all replicas must have the present ones', async () => {
    const directory = await Directory.create();
    try {
      const mounted = directory.at('includes/');
      const patterns = ['web', 'shop'].map((name) => `${mounted}${name}/*.yaml`);
      const owners = patterns.map((files) => ({ files, trusted: true }));
      const main = await directory.configure({ ...aConfiguration(), ...include, include: patterns, owners });
      // As kubelet does it: each name is a link, and the names decide, not the volumes.
      await directory.swapIn('includes/web', { 'a.yaml': team('a'), 'c.yaml': team('c'), 'notes.txt': 'none' });
      await directory.write('includes/shop/b.yaml', team('b'));
      const { digest: inForce } = await load(main);
      replicas = await Replicas.start(() => inForce);
      const digestOfMain = createHash('sha256')
        .update(await readFile(main))
        .digest('hex');
      const right = await runAgainst({ CONFIGURATION_DIGEST: digestOfMain, INCLUDED: mounted });
      expect(right.output).toContain(`ok: configuration in force: ${inForce}\nok: included files that are wrong: 0\n`);
      expect(right.code).toBe(0);
      await directory.write('includes/shop/b.yaml', team('other'));
      const { code, output } = await runAgainst({ CONFIGURATION_DIGEST: digestOfMain, INCLUDED: mounted });
      expect(output).toContain(`NOT OK: configuration in force: ${inForce}, expected `);
      expect(code).toBe(1);
    } finally {
      await directory.remove();
    }
  });

  it('asks of files that the chart does not know that all replicas have the same, and tells of wrong ones', async () => {
    replicas = await Replicas.start(() => 'abc', 2);
    const same = await runAgainst({ INCLUDED: 'elsewhere' });
    expect(same.output).toContain(
      'ok: configuration in force: abc\nNOT OK: included files that are wrong: 2, expected 0',
    );
    await replicas.close();
    replicas = await Replicas.start((answer) => (answer % 3 === 2 ? 'abc' : 'def'));
    const different = await runAgainst({ INCLUDED: 'elsewhere' });
    expect(different.output).toContain('NOT OK: configuration in force: abc, expected def\n');
    expect([same.code, different.code]).toEqual([1, 1]);
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
