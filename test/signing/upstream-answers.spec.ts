import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { IDENTIFIER, Reception } from '../endpoints/reception.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { authorize, claimsIn, identityOf } from '../gateway/support/authorize.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header } from '../transport/http/support/raw-http.js';
import { aSigning, ourKeys } from './support/a-signing.js';

const audience = 'https://orders.internal';
const profile = { proxy: true, issuers: 'any', audiences: 'any', claims: 'any', allowPreflight: true } as const;
const callers: readonly CallerSection[] = [
  { id: 'edge-signing', ...profile, upstream: audience, signed: { alg: 'ES256' } },
  { id: 'edge-usual', ...profile, upstream: audience },
];

describe('x-auth-jwt, the signed answer for what is behind a proxy', () => {
  let reception: Reception;
  let endpoint: HttpEndpoint;
  let overGrpc: GrpcEndpoint;
  let envoy: EnvoyClient;
  let token: string;

  beforeAll(async () => {
    reception = await Reception.open({ callers, signing: aSigning(...ourKeys) });
    endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
    overGrpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
    envoy = new EnvoyClient(overGrpc.port);
    token = reception.context.good.build();
  });

  afterAll(async () => {
    envoy.close();
    await Promise.all([endpoint.close(), overGrpc.close()]);
  });

  /** What the upstream makes of it, with our published keys. */
  async function read(jwt: string | undefined, for_ = audience) {
    const jwks = JSON.parse(String(reception.signer.jwks?.body)) as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(jwt ?? '', createLocalJWKSet(jwks), {
      issuer: IDENTIFIER,
      audience: for_,
      typ: 'token-introspection+jwt',
      maxTokenAge: '60s',
      currentDate: new Date(reception.clock.wallMs()),
    });
    return { alg: protectedHeader.alg, said: payload['token_introspection'] };
  }

  it.each([
    ['edge-signing', 'ES256'],
    ['edge-usual', 'RS256'],
  ])('PHA-01 says at /authorize what x-auth-claims says, for %s with %s', async (caller, alg) => {
    const headers = identityOf(await authorize(endpoint, { token, query: `caller=${caller}` }));
    expect(await read(headers['x-auth-jwt'])).toEqual({ alg, said: claimsIn(headers['x-auth-claims']) });
  });

  it('PHA-01 is for that upstream alone, and no more than a minute old', async () => {
    const { 'x-auth-jwt': jwt } = identityOf(await authorize(endpoint, { token, query: 'caller=edge-signing' }));
    await expect(read(jwt, 'https://billing.internal')).rejects.toThrow('unexpected "aud" claim value');
    await reception.clock.advance(61_000);
    await expect(read(jwt)).rejects.toThrow('"iat" claim timestamp check failed');
  });

  it('PHA-01 says the same over ext_authz', async () => {
    const verdict = await envoy.check({ token, extensions: { caller: 'edge-signing' } });
    expect(await read(verdict.headers['x-auth-jwt'])).toMatchObject({ alg: 'ES256', said: { active: true } });
  });

  it('K-01 is empty or removed, with its other spellings, wherever there is none', async () => {
    expect(header(await authorize(endpoint, { token }), 'x-auth-jwt')).toBe('');
    const preflight = {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET', 'X-Auth-Jwt': 'forged' },
    };
    const passed = await authorize(endpoint, { ...preflight, query: 'caller=edge-signing' });
    expect([passed.status, header(passed, 'x-auth-jwt')]).toEqual([200, '']);
    const denied = await authorize(endpoint, { token: 'bad', query: 'caller=edge-signing' });
    expect([denied.status, header(denied, 'x-auth-jwt')]).toEqual([401, undefined]);
    const { remove } = await envoy.check({ token });
    expect(remove).toEqual(expect.arrayContaining(['x-auth-jwt', 'x-auth_jwt', 'x_auth-jwt', 'x_auth_jwt']));
  });

  it('SIG-03 is no token, here either', async () => {
    const { 'x-auth-jwt': jwt = '' } = identityOf(await authorize(endpoint, { token, query: 'caller=edge-signing' }));
    expect((await authorize(endpoint, { token: jwt })).status).toBe(401);
  });
});
