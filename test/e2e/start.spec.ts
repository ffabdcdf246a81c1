import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { hang } from '../fakes/misbehaviours.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, probe } from './support/configuration.js';
import { DEFAULT_PORTS_TIMEOUT_MS, DefaultPorts } from './support/default-ports.js';

describe('the program starts', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess | undefined;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
  });

  afterEach(async () => {
    await assay?.stop();
    await issuer.stop();
  });

  it('says once that it is ready, and where it listens', async () => {
    assay = await AssayProcess.start((ports) => configurationOf(ports, [issuerSection('corp', issuer)]));
    const ready = assay.log.filter((line) => line['msg'] === 'ready');

    expect(ready).toHaveLength(1);
    expect(ready[0]).toMatchObject({ public: assay.publicUrl, management: assay.managementUrl });
    expect(await introspect(assay, await issuer.sign())).toMatchObject({ status: 200, body: { active: true } });
  });

  it('RPROBE-01 answers every probe when it is ready', async () => {
    assay = await AssayProcess.start((ports) => configurationOf(ports, [issuerSection('corp', issuer)]));

    for (const path of ['/livez', '/readyz', '/startupz']) expect(await probe(assay, path)).toBe(200);
  });

  it('keeps the probes off the public listener, and introspection off the management listener', async () => {
    assay = await AssayProcess.start((ports) => configurationOf(ports, [issuerSection('corp', issuer)]));

    expect((await fetch(`${assay.publicUrl}/livez`)).status).toBe(404);
    expect((await fetch(`${assay.managementUrl}/introspect`, { method: 'POST' })).status).toBe(404);
  });

  it('starts while an issuer is down, answers 503 for its tokens, and knows them once it is up', async () => {
    const healthy = await FakeIssuer.start();
    issuer.behave('/.well-known/openid-configuration', (_request, response) => response.writeHead(500).end());
    assay = await AssayProcess.start((ports) =>
      configurationOf(ports, [issuerSection('down', issuer), issuerSection('up', healthy)]),
    );
    const token = await issuer.sign();

    expect(await introspect(assay, token)).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(await introspect(assay, await healthy.sign())).toMatchObject({ body: { active: true } });
    expect(await probe(assay, '/readyz')).toBe(200);

    issuer.recover();
    const { body } = await eventuallyKnown(assay, token);
    expect(body).toMatchObject({ active: true });
    await healthy.stop();
  });

  it('is alive but not ready while a critical issuer hangs', async () => {
    issuer.behave('/.well-known/openid-configuration', hang);
    const critical = issuerSection('corp', issuer, { criticality: 'critical' });
    assay = await AssayProcess.start((ports) => configurationOf(ports, [critical]));

    expect(await probe(assay, '/readyz')).toBe(503);
    expect(await probe(assay, '/livez')).toBe(200);
    expect(await probe(assay, '/startupz')).toBe(200);

    issuer.recover();
    await eventually(async () => (await probe(assay!, '/readyz')) === 200);
  });

  it.each(['http', 'grpc', 'management'] as const)(
    'names the listener, the port and a remedy when server.%s is in use',
    async (listener) => {
      const occupant = createServer();
      assay = await AssayProcess.launch((ports) => {
        occupant.listen(ports[listener], '127.0.0.1');
        return configurationOf(ports, [issuerSection('corp', issuer)]);
      });

      expect(await assay.exited()).toBe(1);
      const lines = assay.errors.trim().split('\n');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(`server.${listener} cannot listen on 127.0.0.1:${assay.ports[listener]}`);
      expect(lines[0]).toContain('choose another port');
      occupant.close();
    },
  );
});

describe('gRPC that nobody asked for', () => {
  it(
    'does not keep a second process from starting: it is off, and the log says so',
    async () => {
      const defaults = await DefaultPorts.take();
      const plain = (ports: Ports) => ({ ...configurationOf(ports, []), server: withoutGrpc(ports) });
      const first = await AssayProcess.start(plain);
      const second = await AssayProcess.start(plain);

      expect(second.log.find(({ msg }) => msg === 'ready')).not.toHaveProperty('grpc');
      expect(second.output).toContain('gRPC is off: its default port is in use');
      expect([await first.stop(), await second.stop()]).toEqual([0, 0]);
      await defaults.release();
    },
    DEFAULT_PORTS_TIMEOUT_MS,
  );
});

function withoutGrpc(ports: Ports): object {
  const { grpc, ...server } = configurationOf(ports, []).server;
  expect(grpc.port).toBe(ports.grpc);
  return server;
}

async function eventuallyKnown(assay: AssayProcess, token: string) {
  let answer = await introspect(assay, token);
  await eventually(async () => {
    answer = await introspect(assay, token);
    return answer.status === 200;
  });
  return answer;
}
