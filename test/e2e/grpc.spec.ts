import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { basic } from '../transport/http/support/requests.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, issuerSection, ordersApi, type Section } from './support/configuration.js';

const script = join(import.meta.dirname, 'support', 'grpc-client.mjs');

describe('the program over gRPC', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;

  async function open(server: Section = {}): Promise<void> {
    assay = await AssayProcess.start((ports) => configurationOf(ports, [issuerSection('corp', issuer)], server));
  }

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
  });

  afterEach(async () => {
    assay.signal('SIGKILL');
    await assay.stop();
    await issuer.stop();
  });

  it('RGRPCH-02 a client in another process gets its verdict, and hears of the shutdown before it happens', async () => {
    await open();
    const credentials = basic(ordersApi.id, ordersApi.secret);
    const args = [script, String(assay.ports.grpc), credentials, await issuer.sign()];
    const client = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let heard = '';
    client.stdout.on('data', (bytes: Buffer) => (heard += bytes.toString()));
    const ended = once(client, 'exit');
    await eventually(
      () => heard.includes('SERVING\n') && heard.includes('active'),
      () => heard,
    );

    const start = performance.now();
    assay.signal('SIGTERM');
    expect(await assay.exited()).toBe(0);
    expect(await ended).toEqual([0, null]);
    // Whether the client sees the stream's own end or that of the connection first is its own affair.
    const [last, ...before] = heard.trim().split('\n').reverse();
    expect(['end', 'error 14']).toContain(last);
    expect(before.filter((line) => !line.startsWith('error')).sort()).toEqual([
      'NOT_SERVING',
      'SERVING',
      'active true',
    ]);
    // A watch has no end of its own: it must not be what the shutdown waits for.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('says on which port it listens, or that it does not', async () => {
    await open();
    expect(assay.log.find(({ msg }) => msg === 'ready')).toMatchObject({ grpc: assay.ports.grpc });
    await assay.stop();
    await open({ grpc: { enabled: false } });
    expect(assay.log.find(({ msg }) => msg === 'ready')).not.toHaveProperty('grpc');
  });
});
