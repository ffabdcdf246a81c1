import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { RegionClient } from '../../src/admin/regions/region-client.js';
import { SystemClock } from '../../src/shared/clock.js';
import { aCertificate, type TestCertificate } from '../builders/a-certificate.js';
import { eventually } from '../fakes/eventually.js';
import { ForwardedClock } from '../fakes/forwarded-clock.js';

const token = 'region-token-Pf4Gs8Rd1JkQm6BzXv0C';
const question = { method: 'GET', path: 'fleet?regions=own' } as const;

describe('the way to another region', () => {
  const servers: Server[] = [];
  const sockets = new Set<Duplex>();

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  /** A management listener behind TLS that demands a client certificate, and what it was asked. */
  async function startRegion(authority: TestCertificate, answer = '{"status":"up"}') {
    const own = await aCertificate({ authority, dns: ['localhost'] });
    const asked: string[] = [];
    const tls = { cert: own.pem, key: own.keyPem, ca: authority.pem, requestCert: true, rejectUnauthorized: true };
    const server = createServer(tls, (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.setHeader('content-type', 'application/json').write(answer.slice(0, 5));
      if (answer.length > 5) response.end(answer.slice(5));
    });
    server.on('connection', (socket: Duplex) => sockets.add(socket));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `https://localhost:${(server.address() as AddressInfo).port}`, asked };
  }

  it('is TLS with the authority and the client certificate of the configuration, and with no other', async () => {
    const authority = await aCertificate({ subject: [{ CN: ['Authority of us'] }], isAuthority: true });
    const { pem: certificate, keyPem: key } = await aCertificate({ authority });
    const { url, asked } = await startRegion(authority);
    const ask = (network: object) =>
      new RegionClient(new SystemClock()).ask(
        { name: 'us', url, token, network: { allowPrivate: true, ...network } },
        question,
      );
    const clientCertificate = { certificate, key };
    await expect(ask({ clientCertificate })).rejects.toMatchObject({ category: 'tls' });
    await expect(ask({ ca: authority.pem })).rejects.toMatchObject({ category: expect.stringMatching(/tls|connect/) });
    expect(asked).toEqual([]);
    const answer = await ask({ ca: authority.pem, clientCertificate });
    expect([answer.status, { ...answer.body }]).toEqual([200, { status: 'up' }]);
    expect(asked).toEqual([`GET /admin/v1/fleet?regions=own Bearer ${token}`]);
  });

  it('ends at its bound in the middle of an answer, and says where', async () => {
    const authority = await aCertificate({ subject: [{ CN: ['Authority of us'] }], isAuthority: true });
    const { pem: certificate, keyPem: key } = await aCertificate({ authority });
    const { url, asked } = await startRegion(authority, '{"a":');
    const clock = new ForwardedClock();
    const network = { allowPrivate: true, ca: authority.pem, clientCertificate: { certificate, key } };
    const answer = new RegionClient(clock).ask({ name: 'us', url, token, network }, question);
    const ended = expect(answer).rejects.toMatchObject({ category: 'timeout', place: { host: new URL(url).host } });
    await eventually(() => asked.length === 1);
    clock.forward(3_000);
    await ended;
  });

  it('never leads to where clouds keep credentials', async () => {
    const network = { allowPrivate: true };
    const ask = new RegionClient(new SystemClock()).ask(
      { name: 'us', url: 'https://169.254.169.254', token, network },
      question,
    );
    await expect(ask).rejects.toMatchObject({ category: 'address_refused' });
  });
});
