import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { aCertificate } from '../builders/a-certificate.js';
import { FileBox } from './support/file-box.js';
import { opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { text } from './support/three-issuers.js';

it('OPQ-12 a certificate proves who we are, and the client id says whom to look for (RFC 8705 §2)', async () => {
  const authority = await aCertificate({ subject: [{ CN: ['authority'] }], isAuthority: true });
  const own = await aCertificate({ subject: [{ CN: ['assay'] }], authority });
  const server = await aCertificate({ ips: ['127.0.0.1'], authority });
  const files = new FileBox();
  const seen: unknown[] = [];
  const terms = {
    cert: server.pem,
    key: server.keyPem,
    ca: authority.pem,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const idp = createServer(terms, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    request.setEncoding('utf8').on('data', (body: string) => {
      seen.push([subject.CN, new URLSearchParams(body).get('client_id'), request.headers.authorization]);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(world.good()));
    });
  }).listen(0, '127.0.0.1');
  await once(idp, 'listening');
  const certificate = { certificateFile: files.write('own.crt', own.pem), keyFile: files.write('own.key', own.keyPem) };
  const opaque = { credentials: { clientId: 'assay', certificate }, match: { prefix: 'zt_v1_' } };
  const network = { allowPrivate: true, caFile: files.write('ca.crt', authority.pem) };
  const url = `https://127.0.0.1:${(idp.address() as AddressInfo).port}/introspect`;
  const world = await OpaqueWorld.open([opaqueIssuer('zitadel', url, opaque, { network })]);

  expect(await world.verdict(`zt_v1_${text()}`)).toMatchObject({ active: true, sub: 'alice' });
  expect(seen).toEqual([['assay', 'assay', undefined]]);

  await world.close();
  idp.closeAllConnections();
  idp.close();
  await once(idp, 'close');
});
