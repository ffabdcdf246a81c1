import { once } from 'node:events';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceCertificates } from '../../../src/transport/tls-settings.js';
import { Authority, type Credential } from './support/certificates.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { answersIn, exchange, talk, type RawAnswer } from './support/raw-http.js';
import { request } from './support/requests.js';

const spiffeId = [{ type: 'url' as const, value: 'spiffe://corp.example/orders' }];
const loopback = [{ type: 'ip' as const, value: '127.0.0.1' }];

let ours: Authority;
let server: Credential;
let mesh: Credential;
let endpoint: HttpEndpoint;

beforeAll(async () => {
  ours = await Authority.named('corp');
  server = await ours.issue('assay', loopback, 'server');
  mesh = await ours.issue('orders', spiffeId, 'client');
  endpoint = await HttpEndpoint.open({ tls: { ...server, clientAuthorities: ours.certificate } });
});

afterAll(() => endpoint.close());

function dial(options: ConnectionOptions = {}): TLSSocket {
  return connect({ port: endpoint.port, host: '127.0.0.1', ca: ours.certificate, ...options });
}

function as({ certificate, key }: Credential): ConnectionOptions {
  return { cert: certificate, key };
}

async function introspect(
  options: ConnectionOptions,
  headers: Record<string, string | undefined> = {},
): Promise<Partial<RawAnswer>> {
  const body = `token=${endpoint.context.good.build()}`;
  const bytes = request({ headers: { Connection: 'close', ...headers }, body });
  return answersIn(await exchange(dial(options), bytes, false))[0] ?? {};
}

const noSecret = { Authorization: undefined };

describe('the TLS listener', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('R7662-02 speaks %s', async (version) => {
    const socket = dial({ minVersion: version, maxVersion: version });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('R7662-02 does not speak %s', async (version) => {
    const socket = dial({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/^ERR_SSL_/);
  });

  it('speaks HTTP/1.1 only', async () => {
    const socket = dial({ ALPNProtocols: ['h2', 'http/1.1'] });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('knows a caller by its certificate', async () => {
    const answer = await introspect(as(mesh), noSecret);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"active":true');
  });

  it('serves a caller without a certificate that has a secret', async () => {
    expect((await introspect({})).status).toBe(200);
  });

  it('I-07 a certificate of another authority counts as none', async () => {
    const stranger = await (await Authority.named('other')).issue('orders', spiffeId, 'client');
    expect((await introspect(as(stranger), noSecret)).status).toBe(401);
    expect((await introspect(as(stranger))).status).toBe(200);
  });

  it('I-07 a certificate that only says that it is of our authority proves nothing', async () => {
    const forged = await (await Authority.named('corp')).issue('orders', spiffeId, 'client');
    const before = endpoint.introspected;
    // The failed signature also breaks the connection, sometimes before the answer.
    expect([401, undefined]).toContain((await introspect(as(forged), noSecret)).status);
    expect(endpoint.introspected).toBe(before);
  });

  it('I-07 a certificate that is not for clients counts as none', async () => {
    const forServers = await ours.issue('orders', spiffeId, 'server');
    expect((await introspect(as(forServers), noSecret)).status).toBe(401);
  });

  it('R8705-05 a certificate in a header is nobody’s', async () => {
    const forged = {
      ...noSecret,
      'Client-Cert': ':AAAA:',
      'X-Forwarded-Client-Cert': 'URI=spiffe://corp.example/orders',
    };
    expect((await introspect({}, forged)).status).toBe(401);
  });

  it('keeps a connection whose requests wish for h2c, which is for plain HTTP only, and its certificate', async () => {
    const headers = {
      ...noSecret,
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABkAAQAAP__',
    };
    const bytes = request({ headers, body: `token=${endpoint.context.good.build()}` });
    const last = request({ headers: { ...noSecret, Connection: 'close' }, body: 'token=a' });
    const answers = answersIn(await exchange(dial(as(mesh)), Buffer.concat([bytes, bytes, last]), false));
    expect(answers.map(({ status, body }) => [status, body.slice(0, 14)])).toEqual([
      [200, '{"active":true'],
      [200, '{"active":true'],
      [200, '{"active":fals'],
    ]);
  });

  it('plain HTTP on the TLS port is not answered', async () => {
    expect(await talk(endpoint.port, request({ body: 'token=a' }))).toEqual([]);
  });

  it('new certificates hold from the next handshake on, and cut no connection', async () => {
    const socket = dial();
    await once(socket, 'secureConnect');
    const renewed = await ours.issue('renewed', loopback, 'server');
    replaceCertificates(endpoint.server, { ...renewed, clientAuthorities: ours.certificate });

    const next = dial();
    await once(next, 'secureConnect');
    expect(next.getPeerCertificate().subject.CN).toBe('renewed');
    next.destroy();
    const bytes = request({ headers: { Connection: 'close' }, body: `token=${endpoint.context.good.build()}` });
    expect(answersIn(await exchange(socket, bytes, false)).map(({ status }) => status)).toEqual([200]);
    expect((await introspect(as(mesh), noSecret)).status).toBe(200);
  });

  it('authorities that were taken away vouch for nobody any more', async () => {
    replaceCertificates(endpoint.server, server);
    expect((await introspect(as(mesh), noSecret)).status).toBe(401);
    expect((await introspect({})).status).toBe(200);
  });
});
