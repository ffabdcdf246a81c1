import { X509Certificate } from 'node:crypto';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { OAuthError } from '../../src/transport/oauth-error.js';
import { presentedByRequest } from '../../src/callers/credentials/presented-credentials.js';
import { aCertificate, type CertificateOptions, type TestCertificate } from '../builders/a-certificate.js';
import { aCaller, basic, Reception } from './reception.js';

const secret = 'correct-horse-battery-staple';
const sanUri = 'spiffe://example.org/ns/shop/sa/orders';
const invalidClient = { status: 401, code: 'invalid_client', description: 'client authentication failed' };

const bySubject = aCaller({ id: 'by-subject', certificate: { subjectDn: 'CN=orders,O=Example' } });
const byUri = aCaller({ id: 'by-uri', certificate: { sanUri }, secrets: [secret] });
const byDnsName = aCaller({ id: 'by-dns', certificate: { sanDns: 'orders.shop.example' } });
const callers: readonly CallerSection[] = [bySubject, byUri, byDnsName];
const subject = [{ O: ['Example'] }, { CN: ['orders'] }];

async function presenting(options: CertificateOptions) {
  return { certificate: (await aCertificate(options)).certificate };
}

describe('tls_client_auth', () => {
  const reception = new Reception(callers, [], { burst: 1e6 });

  it('R8705-02 authenticates by subject, DNS name, URI and thumbprint', async () => {
    expect((await reception.authenticate(await presenting({ subject }))).id).toBe('by-subject');
    expect((await reception.authenticate(await presenting({ dns: ['orders.shop.example'] }))).id).toBe('by-dns');
    expect((await reception.authenticate(await presenting({ uris: [sanUri] }))).id).toBe('by-uri');
    const { certificate } = await aCertificate();
    const thumbprint = certificate.fingerprint256;
    const byThumbprint = new Reception([aCaller({ id: 'by-thumbprint', certificate: { thumbprint } })]);
    expect((await byThumbprint.authenticate({ certificate })).id).toBe('by-thumbprint');
  });

  it('I-07 the encoding of the subject does not matter, its order does', async () => {
    const printable = [{ O: [{ printableString: 'EXAMPLE' }] }, { CN: [{ printableString: 'Orders' }] }];
    expect((await reception.authenticate(await presenting({ subject: printable }))).id).toBe('by-subject');
    const reordered = await presenting({ subject: [...subject].reverse() });
    expect(await reception.refusal(reordered)).toMatchObject(invalidClient);
  });

  it('I-07 the case of a DNS name does not matter, a wildcard is not a name', async () => {
    expect((await reception.authenticate(await presenting({ dns: ['ORDERS.shop.example'] }))).id).toBe('by-dns');
    expect(await reception.refusal(await presenting({ dns: ['*.shop.example'] }))).toMatchObject(invalidClient);
  });

  it('I-07 an expired certificate is refused, even on a connection that outlived it', async () => {
    const { clock } = reception;
    const expired = { subject, notBefore: new Date(0), notAfter: new Date(clock.wallMs() - 1000) };
    expect(await reception.refusal(await presenting(expired))).toMatchObject(invalidClient);
    const early = { subject, notBefore: new Date(clock.wallMs() + 1000) };
    expect(await reception.refusal(await presenting(early))).toMatchObject(invalidClient);
  });

  it('R8705-01 a client_id must name the caller that the certificate fits', async () => {
    const certificate = await presenting({ subject });
    const named = { ...certificate, form: { clientId: 'by-subject' } };
    expect((await reception.authenticate(named)).id).toBe('by-subject');
    for (const clientId of ['by-uri', 'nobody']) {
      expect(await reception.refusal({ ...certificate, form: { clientId } })).toMatchObject(invalidClient);
    }
  });

  it('R8705-01 a certificate that fits two callers needs a client_id', async () => {
    const certificate = await presenting({ subject, uris: [sanUri] });
    expect(await reception.refusal(certificate)).toMatchObject(invalidClient);
    expect((await reception.authenticate({ ...certificate, form: { clientId: 'by-uri' } })).id).toBe('by-uri');
  });

  it('counts only where nothing else is presented: a mesh gives everybody a certificate', async () => {
    const certificate = await presenting({ subject });
    expect((await reception.authenticate({ ...certificate, ...basic('by-uri', secret) })).id).toBe('by-uri');
    expect(await reception.refusal({ ...certificate, ...basic('by-uri', 'wrong') })).toMatchObject(invalidClient);
  });

  it('cannot be read: is refused, not a crash', async () => {
    const broken = Object.create(X509Certificate.prototype, {
      raw: { value: Buffer.from('3000', 'hex') },
      validFromDate: { value: new Date(0) },
      validToDate: { value: new Date('2100-01-01') },
    }) as X509Certificate;
    expect(await reception.refusal({ certificate: broken })).toMatchObject(invalidClient);
  });
});

describe('over a real TLS connection', () => {
  const reception = new Reception(callers, [], { burst: 1e6 });
  let authority: TestCertificate;
  let serverCertificate: TestCertificate;
  let server: Server;

  beforeAll(async () => {
    // The certificates must be good by the host's clock, and the reception's clock stands still.
    authority = await aCertificate({ subject: [{ CN: ['authority'] }], isAuthority: true });
    serverCertificate = await aCertificate({ dns: ['localhost'], authority });
    const tls = { cert: serverCertificate.pem, key: serverCertificate.keyPem, ca: authority.pem };
    server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      const presented = presentedByRequest(Object.assign(request, { ip: request.socket.remoteAddress }));
      reception.authenticate(presented).then(
        (caller) => response.end(caller.id),
        (error: unknown) => response.writeHead(error instanceof OAuthError ? error.status : 500).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  function ask(
    client?: TestCertificate,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: string }> {
    const { port } = server.address() as AddressInfo;
    const identity = client ? { cert: client.pem, key: client.keyPem } : {};
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca: authority.pem, agent: false, headers };
    return new Promise((resolve, reject) => {
      httpsRequest({ ...options, ...identity }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      })
        .on('error', reject)
        .end();
    });
  }

  it('authenticates the holder of a certificate of the authority', async () => {
    expect(await ask(await aCertificate({ subject, authority }))).toEqual({ status: 200, body: 'by-subject' });
    expect(await ask(await aCertificate({ uris: [sanUri], authority }))).toEqual({ status: 200, body: 'by-uri' });
  });

  it('I-07 a certificate of another authority with the same subject is worth nothing', async () => {
    const impostor = await aCertificate({ subject: [{ CN: ['authority'] }], isAuthority: true });
    expect((await ask(await aCertificate({ subject, authority: impostor }))).status).toBe(401);
    expect((await ask(await aCertificate({ subject }))).status).toBe(401);
  });

  it('I-07 an expired certificate is worth nothing', async () => {
    const expired = { subject, authority, notBefore: new Date(0), notAfter: new Date('2026-01-01T00:00:00Z') };
    expect((await ask(await aCertificate(expired))).status).toBe(401);
  });

  it('I-07 R8705-05 a certificate in a header is worth nothing', async () => {
    const { certificate } = await aCertificate({ subject, authority });
    const der = certificate.raw.toString('base64');
    const forged = {
      'client-cert': `:${der}:`,
      'x-forwarded-client-cert': `Subject="CN=orders,O=Example";URI=${sanUri}`,
      'x-ssl-client-cert': encodeURIComponent(certificate.toString()),
      'x-client-dn': 'CN=orders,O=Example',
    };
    expect((await ask(undefined, forged)).status).toBe(401);
    expect((await ask(await aCertificate({ subject }), forged)).status).toBe(401);
  });
});
