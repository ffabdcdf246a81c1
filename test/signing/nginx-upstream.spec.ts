import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { IDENTIFIER, Reception } from '../endpoints/reception.js';
import { claimsIn } from '../gateway/support/authorize.js';
import { Nginx } from '../gateway/support/nginx.js';
import { recipe } from '../gateway/support/recipe.js';
import { Upstream } from '../gateway/support/upstream.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { aSigning, ourKeys } from './support/a-signing.js';

const audience = 'https://orders.internal';
const profile = { proxy: true, issuers: 'any', audiences: 'any', claims: 'any' } as const;
const callers: readonly CallerSection[] = [
  { id: 'edge-signing', ...profile, upstream: audience, signed: { alg: 'ES256' } },
];

describe('x-auth-jwt through a real nginx, as its recipe says', () => {
  let reception: Reception;
  let endpoint: HttpEndpoint;
  let upstream: Upstream;
  let [signing, plain]: Nginx[] = [];
  let token: string;

  const site = (caller: string): string =>
    `underscores_in_headers on; ${recipe('nginx.md', 'nginx')}`
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${endpoint.port}`)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream.port}`)
      .replaceAll('127.0.0.1:8000', 'unix:site.sock')
      .replaceAll('caller=orders-edge', `caller=${caller}`);

  beforeAll(async () => {
    reception = await Reception.open({ callers, signing: aSigning(...ourKeys) });
    token = reception.context.good.with({ scope: 'orders:read' }).build();
    endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
    upstream = await Upstream.start();
    signing = await Nginx.start(site('edge-signing'));
    plain = await Nginx.start(site('orders-edge'));
  });

  afterAll(async () => {
    await Promise.all([signing?.stop(), plain?.stop()]);
    await upstream.close();
    await endpoint.close();
  });

  const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });

  it('PHA-01 reaches the upstream, says what x-auth-claims says, and is signed by a key of /jwks', async () => {
    expect((await signing!.ask({ headers: bearer(token) })).status).toBe(200);
    const [jwt = '', ...others] = upstream.valuesOf('x-auth-jwt');
    expect(others).toEqual([]);
    const published = await fetch(`http://127.0.0.1:${endpoint.port}/jwks`);
    const keys = createLocalJWKSet((await published.json()) as JSONWebKeySet);
    const { payload } = await jwtVerify(jwt, keys, {
      issuer: IDENTIFIER,
      audience,
      typ: 'token-introspection+jwt',
      maxTokenAge: '60s',
      currentDate: new Date(reception.clock.wallMs()),
    });
    expect(payload['token_introspection']).toEqual(claimsIn(upstream.valuesOf('x-auth-claims')[0]));
  });

  it.each(['X-Auth-Jwt', 'x_auth_jwt', 'X-Auth_Jwt'])(
    'K-01 what the client sends as %s never arrives',
    async (name) => {
      const forged = { ...bearer(token), [name]: ['forged', 'twice'] };
      await signing!.ask({ headers: forged });
      const [jwt = '', ...others] = upstream.valuesOf('x-auth-jwt');
      expect([others, decodeJwt(jwt).aud]).toEqual([[], audience]);
      // Nor where the profile has none to put in its place.
      await plain!.ask({ headers: forged });
      expect(upstream.valuesOf('x-auth-jwt')).toEqual([]);
    },
  );

  it('SIG-03 is no token: presented as one, nothing reaches the upstream', async () => {
    await signing!.ask({ headers: bearer(token) });
    const [jwt = ''] = upstream.valuesOf('x-auth-jwt');
    const before = upstream.requests;
    expect((await signing!.ask({ headers: bearer(jwt) })).status).toBe(401);
    expect(upstream.requests).toBe(before);
  });
});
