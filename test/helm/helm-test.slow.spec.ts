import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { Upstream } from '../gateway/support/upstream.js';
import { only, render } from './support/helm.js';
import { podSpecs } from './support/pods.js';

const [pod] = podSpecs([only(render('ci/minimal-values.yaml'), 'Pod')]);
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

describe('what helm test runs', () => {
  let endpoint: HttpEndpoint;
  let management: Upstream;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.before(await Reception.open());
    management = await Upstream.start();
  });

  afterAll(async () => {
    await Promise.all([endpoint.close(), management.close()]);
  });

  it('asks the Services of the release', () => {
    expect(env).toEqual([
      { name: 'ASSAY_URL', value: 'http://assay:8080' },
      { name: 'MANAGEMENT_URL', value: 'http://assay-management:8081' },
    ]);
  });

  it('is content with a service that is ready and refuses strangers', async () => {
    const { code, output } = await run({
      ASSAY_URL: `http://127.0.0.1:${endpoint.port}`,
      MANAGEMENT_URL: `http://127.0.0.1:${management.port}`,
    });
    expect(output).toBe('ok: ready: 200\nok: metadata: 200\nok: a caller without credentials: 401\n');
    expect(code).toBe(0);
  });

  it('is not content with nobody, nor with a service that lets strangers in', async () => {
    const { code, output } = await run({
      ASSAY_URL: `http://127.0.0.1:${management.port}`,
      MANAGEMENT_URL: `http://127.0.0.1:${await freePort()}`,
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^NOT OK: ready: .*ECONNREFUSED/m);
    expect(output).toMatch(/^NOT OK: a caller without credentials: 200$/m);
  });
});
