import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../shared/clock.js';
import { DemoIssuer, demoAudience } from './demo-issuer.js';

describe('DemoIssuer', () => {
  let issuer: DemoIssuer;

  beforeEach(async () => {
    issuer = await DemoIssuer.start(new SystemClock());
  });

  afterEach(async () => {
    await issuer.stop();
  });

  const get = (path: string, headers = {}): Promise<Response> => fetch(`${issuer.identifier}${path}`, { headers });
  const post = async (path: string): Promise<string> =>
    (await fetch(`${issuer.identifier}${path}`, { method: 'POST' })).text();
  const kids = async (): Promise<string[]> =>
    ((await (await get('/jwks')).json()) as { keys: { kid: string }[] }).keys.map((key) => key.kid);

  it('publishes metadata whose issuer is its own identifier, at both well-known places', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      expect(await (await get(path)).json()).toMatchObject({
        issuer: issuer.identifier,
        jwks_uri: `${issuer.identifier}/jwks`,
      });
    }
  });

  it('mints an access token that its key set verifies', async () => {
    const keySet = createRemoteJWKSet(new URL(`${issuer.identifier}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(await post('/token'), keySet, { audience: demoAudience });

    expect(protectedHeader.typ).toBe('at+jwt');
    expect(payload).toMatchObject({ iss: issuer.identifier, sub: 'demo-user', scope: 'orders:read' });
    expect(payload.exp! - payload.iat!).toBe(300);
  });

  it('answers 304 for a key set that did not change, and 200 after a rotation', async () => {
    const first = await get('/jwks');
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    expect((await get('/jwks', { 'if-none-match': etag })).status).toBe(304);

    await post('/rotate');
    expect((await get('/jwks', { 'if-none-match': etag })).status).toBe(200);
  });

  it('signs with the new key after a rotation, keeps the one before it published, and withdraws older ones', async () => {
    const [oldest] = await kids();
    await post('/rotate');
    const [newest, previous] = await kids();
    expect(previous).toBe(oldest);
    expect(decodeProtectedHeader(await post('/token')).kid).toBe(newest);

    await post('/rotate');
    expect(await kids()).not.toContain(oldest);
  });

  it('has no private key in its key set', async () => {
    const { keys } = (await (await get('/jwks')).json()) as { keys: Record<string, string>[] };
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('listens on any free port when its usual one is taken', async () => {
    const second = await DemoIssuer.start(new SystemClock());
    expect(second.identifier).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(second.identifier).not.toBe(issuer.identifier);
    await second.stop();
  });

  it('answers 404 for anything else', async () => {
    expect((await get('/token')).status).toBe(404);
    expect((await get('/')).status).toBe(404);
  });
});
