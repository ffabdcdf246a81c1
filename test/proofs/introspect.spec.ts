import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Members } from '../builders/a-token.js';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { Reception, SECRET } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { talk } from '../transport/http/support/raw-http.js';
import { basic, request } from '../transport/http/support/requests.js';
import { aProof, dpopSection, good } from './support/a-proof.js';

const key = aKey('ES256');
const everything = { issuers: 'any', audiences: 'any', claims: 'any' } as const;
const inactive = [200, '{"active":false}'];

let reception: Reception;
let endpoint: HttpEndpoint;
let token: string;
let now: number;

beforeAll(async () => {
  const strict = dpopSection({ maxAge: 10_000, nonce: 'required' });
  const caller = { id: 'strict', proxy: false, secrets: [{ value: SECRET }], ...everything, proofs: { dpop: strict } };
  reception = await Reception.open({ callers: [caller] });
  now = reception.clock.wallMs() / 1000;
  token = boundToken({ jkt: thumbprintOf(key.jwk) });
  endpoint = await HttpEndpoint.before(reception);
});

afterAll(() => endpoint.close());

const boundToken = (cnf: Members | undefined) => reception.context.good.with({ cnf: cnf }).build();
const proof = (claims: Members = {}, sent = token) => aProof(key, sent, now, claims).build();

async function introspect(form: Readonly<Record<string, string>>, caller = 'orders') {
  const body = new URLSearchParams({ token, ...form }).toString();
  const headers = { Authorization: basic(caller, SECRET) };
  const [answer] = await talk(endpoint.port, request({ headers, body }));
  return [answer?.status, answer?.body];
}

const ofRequest = { http_method: good.method, http_uri: good.htu };
const active = [200, expect.stringMatching(/^\{"active":true/)];

describe('DP-10 /introspect with the proof that a service hands on', () => {
  it('a bound token is active with its proof, and once', async () => {
    const form = { ...ofRequest, http_uri: `${good.htu}?page=2`, dpop_proof: proof() };
    expect(await introspect(form)).toEqual(active);
    expect(await introspect(form)).toEqual(inactive);
  });

  it('without these parameters nothing changes: the service checks the proof itself', async () => {
    const [status, body] = await introspect({});
    expect([status, body]).toEqual(active);
    expect(JSON.parse(body as string)).toMatchObject({ token_type: 'DPoP', cnf: { jkt: thumbprintOf(key.jwk) } });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['no proof', {}],
    ['an empty proof', { dpop_proof: '' }],
    ['no JWT', { dpop_proof: 'proof' }],
    ['another method', { http_method: 'POST' }],
    ['another URI', { http_uri: 'https://api.corp.example/elsewhere' }],
  ])('a bound token is inactive with %s', async (name, form) => {
    const made: Readonly<Record<string, string>> = name.startsWith('another') ? { dpop_proof: proof() } : {};
    expect(await introspect({ ...ofRequest, ...made, ...form })).toEqual(inactive);
  });

  it('a bound token is inactive with two proofs, an old one, or one for another token', async () => {
    const wrong = [`${proof()},${proof()}`, proof({ iat: now - 61 }), proof({}, 'another')];
    for (const dpop_proof of wrong) expect(await introspect({ ...ofRequest, dpop_proof })).toEqual(inactive);
  });

  it('a token that is bound to nothing is active without a proof, and inactive with one', async () => {
    const unbound = reception.context.good.build();
    expect(await introspect({ ...ofRequest, token: unbound })).toEqual(active);
    expect(await introspect({ ...ofRequest, token: unbound, dpop_proof: proof({}, unbound) })).toEqual(inactive);
  });

  it('the certificate that a token is bound to stays the business of the service', async () => {
    const certified = boundToken({ 'x5t#S256': 'A'.repeat(43) });
    expect(await introspect({ ...ofRequest, token: certified })).toEqual(active);
  });

  it('what the caller has configured counts; a nonce it has not given does not', async () => {
    expect(await introspect({ ...ofRequest, dpop_proof: proof({ iat: now - 10 }) }, 'strict')).toEqual(active);
    expect(await introspect({ ...ofRequest, dpop_proof: proof({ iat: now - 11 }) }, 'strict')).toEqual(inactive);
  });

  it.each([
    { dpop_proof: 'x' },
    { dpop_proof: 'x', http_method: 'GET' },
    { http_uri: good.htu },
    { http_method: 'GET', http_uri: '/orders' },
  ])('half of it is an error of the caller: %j', async (form) => {
    const [status, body] = await introspect(form);
    expect([status, body]).toEqual([400, expect.stringContaining('invalid_request')]);
  });
});
