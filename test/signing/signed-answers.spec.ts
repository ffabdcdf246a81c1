import { compactVerify, createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { IDENTIFIER, Reception, SECRET } from '../endpoints/reception.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { ask, askForAny, errorOf, inactive } from '../transport/http/support/ask.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, type RawAnswer } from '../transport/http/support/raw-http.js';
import { basic } from '../transport/http/support/requests.js';
import { thumbprintOf } from '../builders/a-key.js';
import { aSigning, ourKeys } from './support/a-signing.js';

const signedType = 'application/token-introspection+jwt';
const common = { proxy: false, secrets: [{ value: SECRET }], issuers: 'any', audiences: 'any', claims: 'any' } as const;
const callers: readonly CallerSection[] = [
  { id: 'signing', ...common, signed: { alg: 'ES256' } },
  { id: 'usual', ...common, signed: {} },
  { id: 'strict', ...common, signed: { alg: 'ES256', required: true } },
  { id: 'strict-narrow', ...common, claims: ['scope'], signed: { alg: 'ES256' } },
];

describe('signed answers (RFC 9701)', () => {
  let endpoint: HttpEndpoint;
  let token: string;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open({ callers, signing: aSigning(...ourKeys) });
    token = endpoint.context.good.build();
  });

  afterAll(() => endpoint.close());

  const introspect = (caller: string, accept?: string, body = `token=${token}`): Promise<RawAnswer> =>
    askForAny(endpoint, {
      headers: { Authorization: basic(caller), ...(accept !== undefined && { Accept: accept }) },
      body,
    });

  const typeOf = (answer: RawAnswer) => header(answer, 'content-type');

  it('R9701-01 to nobody else: a caller without this registration gets JSON, one with wrong credentials an error', async () => {
    expect(typeOf(await introspect('orders', signedType))).toBe('application/json');
    const stranger = await ask(endpoint, {
      headers: { Authorization: undefined, Accept: signedType },
      body: 'token=x',
    });
    expect([stranger.status, errorOf(stranger), typeOf(stranger)]).toEqual([400, 'invalid_client', 'application/json']);
    const wrong = await ask(endpoint, {
      headers: { Authorization: basic('signing', 'wrong'), Accept: signedType },
      body: `token=${token}`,
    });
    expect([wrong.status, typeOf(wrong)]).toEqual([401, 'application/json']);
  });

  it('R9701-02 one compact JWT of its own media type, which no cache keeps', async () => {
    const answer = await introspect('signing', signedType);
    expect([answer.status, typeOf(answer), header(answer, 'cache-control')]).toEqual([200, signedType, 'no-store']);
    expect(answer.body).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    [`${signedType}, application/json`, 'application/json'],
    [`${signedType};q=0.8, application/json;q=0.9`, 'application/json'],
    [`application/json;q=0.8, ${signedType};q=0.9`, signedType],
    [`${signedType}, */*;q=0.1`, signedType],
    [`Application/Token-Introspection+JWT ; Q=0.5`, signedType],
    [`${signedType};q=0`, 'application/json'],
    [`${signedType};q=nonsense`, 'application/json'],
    ['application/*;q=0.5, application/json;q=0.1', signedType],
  ])('R9701-03 Accept %s: %s', async (accept, type) => {
    const answer = await introspect('signing', accept);
    expect([answer.status, typeOf(answer)]).toEqual([200, type]);
  });

  it('R9701-04 the type, the algorithm of the caller or else RS256, and the thumbprint of the key', async () => {
    const [[, ec], [, rsa]] = ourKeys as readonly [(typeof ourKeys)[number], (typeof ourKeys)[number]];
    const headerOf = async (caller: string) => decodeProtectedHeader((await introspect(caller, signedType)).body);
    const typ = 'token-introspection+jwt';
    expect(await headerOf('signing')).toEqual({ typ, alg: 'ES256', kid: thumbprintOf(ec.jwk) });
    expect(await headerOf('usual')).toEqual({ typ, alg: 'RS256', kid: thumbprintOf(rsa.jwk) });
  });

  it('R9701-05 R9701-06 who says it, to whom, when and what, and nothing that a token has', async () => {
    const answer = await introspect('signing', signedType);
    expect(decodeJwt(answer.body)).toEqual({
      iss: IDENTIFIER,
      aud: 'signing',
      iat: Math.floor(endpoint.clock.wallMs() / 1000),
      jti: expect.stringContaining(`${header(answer, 'x-request-id')}.`) as string,
      token_introspection: JSON.parse((await introspect('signing')).body) as object,
    });
  });

  it.each([
    ['ES256', 'signing'],
    ['RS256', 'usual'],
  ])('is signed with %s by a key that /jwks has', async (_, caller) => {
    const answer = await introspect(caller, signedType);
    const keys = createRemoteJWKSet(new URL(`${IDENTIFIER}/jwks`), {
      [customFetch]: (url, options) => fetch(url.replace(IDENTIFIER, `http://127.0.0.1:${endpoint.port}`), options),
    });
    await expect(compactVerify(answer.body, keys)).resolves.toBeTruthy();
  });

  it('R9701-07 inactive: signed as well, and nothing else is said', async () => {
    const answer = await introspect('signing', signedType, 'token=bad');
    expect([answer.status, typeOf(answer)]).toEqual([200, signedType]);
    expect(decodeJwt(answer.body)['token_introspection']).toEqual({ active: false });
  });

  it('R9701-08 says no more than the caller may see', async () => {
    const answer = await introspect('strict-narrow', signedType);
    expect(decodeJwt(answer.body)['token_introspection']).not.toHaveProperty('sub');
  });

  it.each([undefined, '*/*', signedType])('SIG-01 required: signed for Accept %s', async (accept) => {
    expect(typeOf(await introspect('strict', accept))).toBe(signedType);
  });

  it.each(['application/json', 'text/html', `${signedType};q=0, */*`])(
    'SIG-01 required: 406 for Accept %s, without a verdict',
    async (accept) => {
      const before = endpoint.introspected;
      const answer = await introspect('strict', accept);
      expect([answer.status, errorOf(answer)]).toEqual([406, 'invalid_request']);
      expect([typeOf(answer), endpoint.introspected]).toEqual(['application/json', before]);
    },
  );

  it('SIG-01 required: nothing over gRPC, where no answer is signed', async () => {
    const reception = await Reception.open({ callers, signing: aSigning(...ourKeys) });
    const overGrpc = await GrpcEndpoint.before(reception);
    const client = new GrpcClient(overGrpc.port);
    const statusFor = async (caller: string) =>
      (await client.introspect(token, { authorization: [basic(caller)] })).status;
    expect(await statusFor('signing')).toBe('OK');
    expect(await statusFor('strict')).toBe('PERMISSION_DENIED');
    expect(reception.introspected).toBe(1);
    client.close();
    await overGrpc.close();
  });

  it('SIG-03 R9701-06 a signed answer is no token', async () => {
    const answer = await introspect('signing', signedType);
    expect((await introspect('signing', undefined, `token=${answer.body}`)).body).toBe(inactive);
  });
});

describe('public keys', () => {
  let endpoint: HttpEndpoint;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open({ callers, signing: aSigning(...ourKeys) });
  });

  afterAll(() => endpoint.close());

  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${endpoint.port}${path}`, { headers });

  it('have public members only, and may be kept for five minutes', async () => {
    const answer = await get('/jwks');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('pragma')).toBeNull();
    const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
    const expected = ourKeys.map(([, { jwk }]) => ({ ...jwk, kid: thumbprintOf(jwk) }));
    expect(keys).toHaveLength(expected.length);
    expect(keys).toEqual(expect.arrayContaining(expected));
    for (const key of keys) await expect(importJWK(key)).resolves.toMatchObject({ type: 'public' });
  });

  it('need not be sent again to whoever has them', async () => {
    const etag = (await get('/jwks')).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get('/jwks', { 'If-None-Match': known });
      expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([304, etag, '']);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    }
    expect((await get('/jwks', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('are where the metadata says, with the algorithms; no word of encryption', async () => {
    const metadata = (await (await get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>;
    expect(metadata['jwks_uri']).toBe(`${IDENTIFIER}/jwks`);
    expect(metadata['introspection_signing_alg_values_supported']).toEqual(['ES256', 'RS256']);
    expect(Object.keys(metadata).filter((name) => name.includes('encryption'))).toEqual([]);
  });

  it('are not there where nothing is signed', async () => {
    const plain = await HttpEndpoint.open();
    const base = `http://127.0.0.1:${plain.port}`;
    expect((await fetch(`${base}/jwks`)).status).toBe(404);
    const metadata = (await (await fetch(`${base}/.well-known/oauth-authorization-server`)).json()) as object;
    expect(metadata).not.toHaveProperty('jwks_uri');
    expect(metadata).not.toHaveProperty('introspection_signing_alg_values_supported');
    await plain.close();
  });
});
