import type { TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IssuerNetwork } from '../../src/issuers/issuer-network.js';
import { GuardedHttp, type HttpAnswer } from '../../src/keys/source/guarded-http.js';
import type { KeyFetchFailure } from '../../src/keys/source/key-fetch-failure.js';
import { ConnectProxy, type ProxyBehaviour } from '../fakes/connect-proxy.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { freePort } from '../fakes/free-port.js';
import { TestAuthority } from './support/certificates.js';
import { headerOf, issuerAt, KeyWorld, quick } from './support/key-world.js';

/** Nothing may be resolved here: behind a proxy, names are its business. */
const unasked = (): Promise<never> => Promise.reject(new Error('a name was looked up'));

describe('key sources behind a forward proxy', () => {
  let authority: TestAuthority;
  let tls: TlsOptions;

  beforeAll(async () => {
    authority = await TestAuthority.create();
    tls = await authority.issue({ names: [{ type: 'dns', value: 'localhost' }] });
  });

  function throughProxy(proxy: ConnectProxy, more: Partial<IssuerNetwork> = {}): IssuerNetwork {
    return { allowPrivate: true, ca: authority.pem, proxy: proxy.terms, ...more };
  }

  /** One request. @returns the answer, or the failure */
  function ask(url: string, network: IssuerNetwork): Promise<HttpAnswer | KeyFetchFailure> {
    const question = { url, network, mayAuthorize: true };
    return new GuardedHttp(unasked)
      .get(question, AbortSignal.timeout(3_000))
      .catch((error: unknown) => error as KeyFetchFailure);
  }

  it('are reached through CONNECT, with TLS that ends at the issuer', async () => {
    await using proxy = await ConnectProxy.start();
    await using h = await FakeIssuer.start({ tls, host: 'localhost' });
    const network = throughProxy(proxy, { bearerToken: 'very-secret', headers: { 'api-key': 'also-secret' } });
    using world = new KeyWorld([issuerAt(h, { freshness: quick, network })]);

    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    expect(h.lastHeaders).toMatchObject({ authorization: 'Bearer very-secret', 'api-key': 'also-secret' });
    expect(proxy.targets[0]).toBe(new URL(h.jwksUri).host);
    // The proxy sees neither what is asked nor with which credentials.
    expect(proxy.carried).not.toMatch(/secret|GET/);
    expect(JSON.stringify(proxy.lastHeaders)).not.toContain('secret');
  });

  it('present credentials to the proxy alone', async () => {
    await using proxy = await ConnectProxy.start();
    await using h = await FakeIssuer.start({ tls, host: 'localhost' });
    const authorization = 'Basic dXNlcjpwYXNzd29yZA==';
    const network = throughProxy(proxy, { proxy: { ...proxy.terms, authorization } });

    expect(await ask(h.jwksUri, network)).toMatchObject({ status: 200 });
    expect(proxy.lastHeaders['proxy-authorization']).toBe(authorization);
    expect(h.lastHeaders['proxy-authorization']).toBeUndefined();
  });

  it.each<[string, ProxyBehaviour]>([
    ['407', (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')],
    ['403', (socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
    [
      'an answer before it was asked',
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"keys":[]}'),
    ],
    ['a head without an end', (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`)],
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['nothing', (socket) => socket.end()],
  ])('fail at the proxy, which is named, where it answers with %s', async (_case, behaviour) => {
    await using proxy = await ConnectProxy.start();
    proxy.behaviour = behaviour;
    const failure = await ask('https://login.corp.example/jwks', throughProxy(proxy));
    const { hostname, port } = proxy.terms;

    expect(failure).toMatchObject({ category: 'proxy', place: { host: `${hostname}:${port}`, stage: 'proxy' } });
  });

  it('fail at the proxy where there is none, and where it hangs', async () => {
    const nowhere = { hostname: '127.0.0.1', port: await freePort() };
    const url = 'https://login.corp.example/jwks';
    expect(await ask(url, { allowPrivate: true, proxy: nowhere })).toMatchObject({ category: 'proxy' });

    await using proxy = await ConnectProxy.start();
    proxy.behaviour = () => undefined;
    const over = new AbortController();
    const asking = new GuardedHttp(unasked)
      .get({ url, network: throughProxy(proxy), mayAuthorize: true }, over.signal)
      .catch((error: unknown) => error);
    await expect.poll(() => proxy.targets.length).toBe(1);
    over.abort();
    expect(await asking).toMatchObject({ place: { stage: 'proxy' } });
  });

  it.each([
    'https://169.254.169.254/jwks',
    'https://[fd00:ec2::254]/jwks',
    'https://10.0.0.1/jwks',
    'https://localhost/',
  ])('F-11 are not asked for at %s, although the proxy would go there', async (url) => {
    await using proxy = await ConnectProxy.start();

    expect(await ask(url, throughProxy(proxy, { allowPrivate: false }))).toMatchObject({ category: 'address_refused' });
    expect(proxy.targets).toEqual([]);
  });

  it('are never asked without TLS through it', async () => {
    await using proxy = await ConnectProxy.start();
    await using h = await FakeIssuer.start();

    expect(await ask(h.jwksUri, throughProxy(proxy))).toMatchObject({ category: 'address_refused' });
    expect([proxy.targets, h.requests]).toEqual([[], []]);
  });

  it('F-15 are not believed where the proxy itself answers for them', async () => {
    await using proxy = await ConnectProxy.start();
    const other = await TestAuthority.create();
    const forged = await other.issue({ names: [{ type: 'dns', value: 'localhost' }] });
    await using h = await FakeIssuer.start({ tls: forged, host: 'localhost' });

    expect(await ask(h.jwksUri, throughProxy(proxy))).toMatchObject({ category: 'tls', place: { stage: 'tls' } });
    expect(h.requests).toEqual([]);
  });

  it('show a client certificate to a server that asks for one', async () => {
    const { cert, key } = await authority.issue({ commonName: 'assay' });
    const mutual = { ...tls, ca: authority.pem, requestCert: true, rejectUnauthorized: true };
    await using h = await FakeIssuer.start({ tls: mutual, host: 'localhost' });
    await using proxy = await ConnectProxy.start();
    const clientCertificate = { certificate: cert as string, key: key as string };

    expect(await ask(h.jwksUri, throughProxy(proxy, { clientCertificate }))).toMatchObject({ status: 200 });
    expect(await ask(h.jwksUri, throughProxy(proxy))).not.toMatchObject({ status: 200 });
    const direct = { allowPrivate: true, ca: authority.pem, clientCertificate };
    const question = { url: h.jwksUri, network: direct, mayAuthorize: true };
    expect(await new GuardedHttp().get(question, AbortSignal.timeout(3_000))).toMatchObject({ status: 200 });
  });
});
