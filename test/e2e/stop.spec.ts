import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, issuerSection, probe, type Section } from './support/configuration.js';
import { SlowRequest } from './support/slow-request.js';

describe('the program stops', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;

  async function start(server: Section = {}): Promise<void> {
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

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with exit code 0 on %s', async (signal) => {
    await start();
    assay.signal(signal);

    expect(await assay.exited()).toBe(0);
    expect(assay.errors).toBe('');
  });

  it('finishes the request in flight, and is not ready meanwhile', async () => {
    await start();
    const request = await SlowRequest.begin(assay, await issuer.sign());
    assay.signal('SIGTERM');
    await eventually(async () => (await probe(assay, '/readyz')) === 503);
    expect(await probe(assay, '/livez')).toBe(200);

    const answer = await request.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('"active":true');
    expect(await assay.exited()).toBe(0);
  });

  it('takes no new connection while it drains', async () => {
    await start();
    const request = await SlowRequest.begin(assay, await issuer.sign());
    assay.signal('SIGTERM');
    await eventually(async () => (await probe(assay, '/readyz')) === 503);

    const late = connect(assay.ports.http, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
    await request.finish();
  });

  it('X19 answers what comes on a connection that rested, instead of resetting it', async () => {
    await start();
    const question = 'GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: assay\r\n\r\n';
    const kept = connect(assay.ports.http, '127.0.0.1');
    kept.write(question);
    await once(kept, 'data');
    let answer = '';
    kept.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    assay.signal('SIGTERM');
    await eventually(async () => (await probe(assay, '/readyz')) === 503);
    kept.write(question);
    await once(kept, 'close');

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(await assay.exited()).toBe(0);
  });

  it('closes idle connections soon', async () => {
    await start();
    const idle = connect(assay.ports.http, '127.0.0.1');
    idle.write('GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: assay\r\n\r\n');
    await once(idle, 'data');
    idle.resume();
    assay.signal('SIGTERM');
    await once(idle, 'close');

    expect(await assay.exited()).toBe(0);
  });

  it('cuts what does not finish within server.shutdownTimeout, and still ends with 0', async () => {
    await start({ shutdownTimeout: '1s' });
    const request = await SlowRequest.begin(assay, await issuer.sign());
    assay.signal('SIGTERM');

    expect(await request.closed()).not.toContain('200 OK');
    expect(await assay.exited()).toBe(0);
  });

  it('ends at once with the second signal, and not with 0', async () => {
    await start();
    const request = await SlowRequest.begin(assay, await issuer.sign());
    assay.signal('SIGTERM');
    await eventually(async () => (await probe(assay, '/readyz')) === 503);
    // One that follows at once is the same wish: it is the first that does not which ends the program.
    await eventually(() => {
      assay.signal('SIGTERM');
      return assay.hasExited;
    });

    expect(await assay.exited()).toBe(143);
    await request.closed();
  });
});
