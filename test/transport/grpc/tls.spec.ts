import { credentials } from '@grpc/grpc-js';
import { once } from 'node:events';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority, type Credential } from '../http/support/certificates.js';
import { GrpcClient } from './support/client.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { rawCall, rawSession, callOn } from './support/raw-call.js';

const loopback = [{ type: 'ip' as const, value: '127.0.0.1' }];
const spiffeId = [{ type: 'url' as const, value: 'spiffe://corp.example/orders' }];

let ours: Authority;
let server: Credential;
let mesh: Credential;
let endpoint: GrpcEndpoint;

beforeAll(async () => {
  ours = await Authority.named('corp');
  server = await ours.issue('assay', loopback, 'server');
  mesh = await ours.issue('orders', spiffeId, 'client');
  endpoint = await GrpcEndpoint.open({ tls: { ...server, clientAuthorities: ours.certificate } });
});

afterAll(() => endpoint.close());

function dial(options: ConnectionOptions = {}): TLSSocket {
  return connect({
    port: endpoint.port,
    host: '127.0.0.1',
    ca: ours.certificate,
    ALPNProtocols: ['h2'],
    ...options,
  });
}

const asMesh = () => ({ ca: ours.certificate, cert: mesh.certificate, key: mesh.key });
const noSecret = { headers: { authorization: undefined } };

describe('the TLS listener of gRPC', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('R7662-02 speaks %s', async (version) => {
    const socket = dial({ minVersion: version, maxVersion: version });
    await once(socket, 'secureConnect');
    expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'h2']);
    socket.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('R7662-02 does not speak %s', async (version) => {
    const socket = dial({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/^ERR_SSL_/);
  });

  it('speaks HTTP/2 only', async () => {
    const socket = dial({ ALPNProtocols: ['http/1.1'] });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/^ERR_SSL_/);
  });

  it('serves the client of a library, with a certificate and nothing else', async () => {
    const [ca, key, cert] = [ours.certificate, mesh.key, mesh.certificate].map((pem) => Buffer.from(pem));
    const client = new GrpcClient(endpoint.port, credentials.createSsl(ca, key, cert));
    const outcome = await client.introspect(endpoint.reception.context.good.build(), { authorization: undefined });
    expect(outcome.answer?.active).toBe(true);
    client.close();
  });

  it('plain HTTP/2 on the TLS port is not answered', async () => {
    expect((await rawCall(endpoint.port, {})).httpStatus).toBeUndefined();
  });

  it('a handshake that never comes holds nothing up', async () => {
    const silent = dial();
    silent.pause();
    expect((await rawCall(endpoint.port, {}, { ca: ours.certificate })).status).toBe('OK');
    silent.destroy();
  });

  it('new certificates hold from the next handshake on, and cut no connection', async () => {
    const session = rawSession(endpoint.port, asMesh());
    expect((await callOn(session, noSecret)).status).toBe('OK');
    const renewed = await ours.issue('renewed', loopback, 'server');
    endpoint.listener.replaceCertificates({ ...renewed, clientAuthorities: ours.certificate });

    const next = dial();
    await once(next, 'secureConnect');
    expect(next.getPeerCertificate().subject.CN).toBe('renewed');
    next.destroy();
    expect((await callOn(session, noSecret)).status).toBe('OK');
    expect((await rawCall(endpoint.port, noSecret, asMesh())).status).toBe('OK');
    session.destroy();
  });

  it('R7662-02 new certificates do not bring old versions back', async () => {
    const socket = dial({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/^ERR_SSL_/);
  });

  it('authorities that were taken away vouch for nobody any more', async () => {
    endpoint.listener.replaceCertificates(server);
    expect((await rawCall(endpoint.port, noSecret, asMesh())).status).toBe('UNAUTHENTICATED');
    expect((await rawCall(endpoint.port, {}, { ca: ours.certificate })).status).toBe('OK');
  });
});
