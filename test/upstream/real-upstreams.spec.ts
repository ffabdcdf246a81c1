import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SECRET } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

describe('oidc-provider, which issues opaque tokens', () => {
  const client = { client_id: 'shop', client_secret: 'shop-secret-dJ2kq9Zr5mXw8Tn4' };
  const own = { client_id: 'assay', client_secret: 'assay-secret-p4Wc8Lz2vQ' };
  let server: Server;
  let origin: string;
  let world: OpaqueWorld;

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const grants = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] as never[] };
    const provider = new Provider(origin, {
      clients: [
        { ...client, ...grants },
        { ...own, ...grants },
      ],
      scopes: ['orders:read'],
      features: {
        clientCredentials: { enabled: true },
        introspection: { enabled: true, allowedPolicy: () => true },
        jwtIntrospection: { enabled: true },
        revocation: { enabled: true },
        dPoP: { enabled: true },
        devInteractions: { enabled: false },
      },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => void answer(request, response));
  });

  beforeEach(async () => {
    const credentials = { clientId: own.client_id, secret: own.client_secret };
    const registration = { issuer: origin, keys: { discovery: 'oidc' }, audiences: 'any' };
    const opaque = { credentials, match: { length: [43, 43] } };
    world = await OpaqueWorld.open([opaqueIssuer('provider', 'auto', opaque, registration)]);
    world.clock.stepWall(Date.now() - world.clock.wallMs());
    return () => world.close();
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const send = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, { method: 'POST', headers, body: new URLSearchParams({ ...client, ...form }) });

  async function issued(headers: Record<string, string> = {}): Promise<string> {
    const answer = await send('/token', { grant_type: 'client_credentials', scope: 'orders:read' }, headers);
    const { access_token: token } = (await answer.json()) as { readonly access_token: string };
    return token;
  }

  it('says what its tokens are, by the endpoint of its own metadata', async () => {
    const token = await issued();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await world.verdict(token)).toMatchObject({
      active: true,
      iss: origin,
      client_id: 'shop',
      scope: 'orders:read',
    });
    expect(await world.verdict(text())).toBe('opaque_inactive');
  });

  it('OPQ-13 signs its answers for us where we ask for that (RFC 9701)', async () => {
    const registration = { issuer: origin, keys: { discovery: 'oidc' }, audiences: 'any', algorithms: ['RS256'] };
    const credentials = { clientId: own.client_id, secret: own.client_secret };
    const opaque = { credentials, match: { length: [43, 43] }, signed: 'require' };
    const signed = await OpaqueWorld.open([opaqueIssuer('provider', 'auto', opaque, registration)]);
    signed.clock.stepWall(Date.now() - signed.clock.wallMs());
    expect(await signed.verdict(await issued())).toMatchObject({ active: true, iss: origin, client_id: 'shop' });
    expect(await signed.verdict(text())).toBe('opaque_inactive');
    await signed.close();
  });

  it('a token that is bound to a key by DPoP stays bound', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const proof = await new SignJWT({ htm: 'POST', htu: `${origin}/token`, jti: text() })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey);
    const bound = { active: true, token_type: 'DPoP', cnf: { jkt: await calculateJwkThumbprint(jwk) } };
    expect(await world.verdict(await issued({ dpop: proof }))).toMatchObject(bound);
  });

  it('a token that is revoked there ends here when what was said of it is over', async () => {
    const token = await issued();
    expect(await world.verdict(token)).toMatchObject({ active: true });
    expect((await send('/token/revocation', { token })).status).toBe(200);
    await world.clock.advance(10_000);
    expect(await world.verdict(token)).toBe('opaque_inactive');
  });
});

describe('another Assay', () => {
  let upstream: RecordingUpstream;
  let [other, world]: OpaqueWorld[] = [];
  let endpoint: HttpEndpoint;

  beforeAll(async () => {
    upstream = await RecordingUpstream.open();
    other = await OpaqueWorld.open([opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' } })]);
    endpoint = await HttpEndpoint.open({ introspector: other.introspector });
    const credentials = { clientId: 'orders', secret: SECRET };
    const url = `http://127.0.0.1:${endpoint.port}/introspect`;
    world = await OpaqueWorld.open([opaqueIssuer('zitadel', url, { credentials, match: { prefix: 'zt_v1_' } })]);
  });

  afterAll(async () => {
    await world!.close();
    await endpoint.close();
    await other!.close();
    await upstream.close();
  });

  it('is an upstream as any other: good, not good, and an outage that stays one', async () => {
    upstream.behave = () => other!.good({ groups: ['a'] });
    expect(await world!.verdict(`zt_v1_${text()}`)).toMatchObject({ active: true, sub: 'alice', groups: ['a'] });
    upstream.behave = () => ({ active: false });
    expect(await world!.verdict(`zt_v1_${text()}`)).toBe('opaque_inactive');
    upstream.behave = () => 'broken';
    expect(await world!.verdict(`zt_v1_${text()}`)).toContain('status_5xx');
  });
});
