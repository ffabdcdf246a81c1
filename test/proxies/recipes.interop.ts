/** The recipes for Envoy and Traefik, word for word but for addresses, in front of an upstream. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityLookalikes } from '../../src/gateway/identity-headers.js';
import { claimsIn } from '../gateway/support/authorize.js';
import { ORIGIN } from '../proofs/support/a-proof.js';
import { AUDIENCE } from '../vectors/world.js';
import { ProxiedOrders } from './support/proxied-orders.js';

const names = ['Envoy', 'Traefik'] as const;
const document = `resource_metadata="${ORIGIN}/.well-known/oauth-protected-resource"`;
const algs = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';
const spoofed = { 'x-auth-subject': 'root', 'x-auth-jwt': 'root', 'x-auth-claims': 'root' };

describe.each(names)('%s, as its recipe says', (name) => {
  let orders: ProxiedOrders;

  beforeAll(async () => {
    orders = await ProxiedOrders.open(name, 'edge-plain');
  });

  beforeEach(() => {
    orders.upstream.requests = 0;
  });

  afterAll(() => orders.close());

  it('lets a good token pass with its body; the upstream knows whose it is, and never sees the token', async () => {
    const headers = { authorization: `Bearer ${orders.token}`, ...spoofed };
    const answer = await orders.ask({ method: 'POST', headers, body: 'a=b' });
    expect([answer.status, answer.body]).toEqual([200, 'the upstream']);
    const { upstream } = orders;
    const of = (header: string) => upstream.valuesOf(header).filter((value) => value !== '');
    expect([of('x-auth-subject'), of('x-auth-client-id'), of('x-auth-scope')]).toEqual([
      ['alice'],
      ['shop'],
      ['orders:read'],
    ]);
    expect([of('x-auth-audience'), of('x-auth-jwt'), of('authorization')]).toEqual([[AUDIENCE], [], []]);
    expect(of('x-auth-expires')).toEqual([expect.stringMatching(/^\d{10}$/)]);
    expect(claimsIn(of('x-auth-claims')[0])).toMatchObject({ active: true, sub: 'alice' });
    expect(JSON.stringify(answer.headers)).not.toContain('x-auth-');
  });

  it('lets no other spelling of an identity header through', async () => {
    const headers = Object.fromEntries(identityLookalikes.map((header) => [header, 'root']));
    await orders.ask({ headers: { authorization: `Bearer ${orders.token}`, ...headers } });
    // Envoy refuses such a request; Traefik takes them off.
    expect(orders.upstream.requests).toBe(name === 'Envoy' ? 0 : 1);
    if (orders.upstream.requests > 0) expect(JSON.stringify(orders.upstream.seen)).not.toContain('root');
  });

  it('denies with our challenge', async () => {
    const weak = orders.reception.context.good.with({ scope: 'profile' }).build();
    const told = async (authorization?: string) => {
      const { status, headers } = await orders.ask({ headers: authorization === undefined ? {} : { authorization } });
      return [status, headers['www-authenticate']];
    };
    const dpop = `DPoP algs="${algs}"`;
    expect(await told()).toEqual([401, expect.stringContaining(`scope="orders:read", ${document}`)]);
    expect(await told('Bearer opaque')).toEqual([
      401,
      expect.stringMatching(/^Bearer realm="assay", error="invalid_token"/),
    ]);
    expect(await told(`Bearer ${orders.bound}`)).toEqual([401, expect.stringContaining(dpop)]);
    const denied = await told(`Bearer ${weak}`);
    expect(denied).toEqual([403, expect.stringContaining('error="insufficient_scope", scope="orders:read"')]);
    expect(orders.upstream.requests).toBe(0);
  });

  it('R9728-02 publishes who issues tokens, to everybody', async () => {
    const answer = await orders.ask({ path: '/.well-known/oauth-protected-resource' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      resource: ORIGIN,
      authorization_servers: expect.any(Array) as unknown,
    });
  });

  it('DP-03 DP-04 a proof passes once, for the method and the URI that the client has asked for', async () => {
    const once = orders.proven();
    const path = '/orders?page=2';
    const elsewhere = {
      'x-forwarded-method': 'DELETE',
      'x-forwarded-uri': '/x',
      'x-original-method': 'DELETE',
      'x-original-uri': '/x',
    };
    const asked = [
      { path, headers: once },
      { path, headers: once },
      { path, headers: { ...orders.proven({ htm: 'DELETE', htu: `${ORIGIN}/x` }), ...elsewhere } },
      { path, method: 'DELETE', headers: orders.proven() },
      { path: '/orders/1', headers: orders.proven() },
      { path, headers: { ...orders.proven(), dpop: [once['dpop']!, orders.proven()['dpop']!] } },
      { path, headers: orders.proven({ iat: Math.floor(orders.reception.clock.wallMs() / 1000) - 66 }) },
      { path, headers: orders.proven({ iat: Math.floor(orders.reception.clock.wallMs() / 1000) + 8 }) },
    ];
    const told: unknown[] = [];
    for (const each of asked) {
      const { status, headers } = await orders.ask(each);
      told.push(status === 401 ? /error="\w+"/.exec(headers['www-authenticate'] ?? '')?.[0] : status);
    }
    expect(told).toEqual([200, ...Array<string>(7).fill('error="invalid_dpop_proof"')]);
    expect(orders.upstream.requests).toBe(1);
  });

  it('lets nothing pass while nobody answers', async () => {
    await orders.leave();
    const answer = await orders.ask({ headers: { authorization: `Bearer ${orders.token}` } });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(orders.upstream.requests).toBe(0);
  });
});

describe.each(names)('%s, for clients that prove with nonces', (name) => {
  let orders: ProxiedOrders;

  beforeAll(async () => {
    orders = await ProxiedOrders.open(name, 'edge-nonce');
  });

  afterAll(async () => {
    await orders.leave();
    await orders.close();
  });

  it('DP-07 hands the nonce on', async () => {
    const { status, headers } = await orders.ask({ headers: orders.proven() });
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('error="use_dpop_nonce"')]);
    expect((await orders.ask({ headers: orders.proven({ nonce: headers['dpop-nonce'] }) })).status).toBe(200);
  });
});
