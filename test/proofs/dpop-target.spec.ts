import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../gateway/support/authorize.js';
import { DpopEndpoints } from './support/dpop-endpoints.js';

let world: DpopEndpoints;
let token: string;

beforeAll(async () => {
  world = await DpopEndpoints.open();
  ({ token } = world);
});

afterAll(() => world.close());

const proof = (...parts: Parameters<DpopEndpoints['proof']>) => world.proof(...parts);

describe('DP-03 what the client has asked for', () => {
  const ask = async (headers: Readonly<Record<string, string | string[]>>): Promise<number> => {
    const sent = { Authorization: `DPoP ${token}`, DPoP: proof().build(), ...headers };
    return (await authorize(world.http, { query: 'caller=edge-dpop', headers: sent })).status;
  };
  const original = { 'X-Original-Method': 'GET', 'X-Original-URI': '/orders' };
  const forwarded = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/orders' };

  it('comes from headers of nginx, or of Traefik and Caddy', async () => {
    expect([await ask(original), await ask(forwarded), await ask({ ...original, ...forwarded })]).toEqual([
      200, 200, 200,
    ]);
  });

  it('is not what Host or X-Forwarded-Host say', async () => {
    const strange = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
    expect(await ask({ ...original, ...strange })).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['no method', { 'X-Original-URI': '/orders' }],
    ['no URI', { 'X-Original-Method': 'GET' }],
    ['half of each', { 'X-Original-Method': 'GET', 'X-Forwarded-Uri': '/orders' }],
    ['another URI in the other headers', { ...original, 'X-Forwarded-Uri': '/elsewhere' }],
    ['another method in the other headers', { ...forwarded, 'X-Original-Method': 'POST' }],
    ['two URIs', { ...original, 'X-Original-URI': ['/orders', '/orders'] }],
    ['a whole URI', { ...original, 'X-Original-URI': 'https://api.corp.example/orders' }],
    ['an asterisk', { ...original, 'X-Original-URI': '*' }],
  ])('is not known from %s: 401', async (_what, headers: Record<string, string | string[]>) => {
    expect(await ask(headers)).toBe(401);
  });

  it('says to operators which lines the proxy needs', async () => {
    await ask({});
    expect(world.http.log).toContain('it must set X-Original-Method and X-Original-URI (nginx)');
  });
});

it('neither a proof nor its claims are logged', async () => {
  const made = proof({ jti: 'the-secret-jti', htm: 'PATCH' }).build();
  await world.ask('/authorize', { token, proofs: [made] });
  expect(world.http.log).toContain('proof_invalid');
  expect(world.http.log).not.toMatch(/the-secret-jti|PATCH/);
  expect(world.http.log).not.toContain(made.slice(0, 60));
});
