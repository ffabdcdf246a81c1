import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { authorize } from '../gateway/support/authorize.js';
import { aKey, thumbprintOf, type TestKey } from '../builders/a-key.js';
import type { TokenBuilder } from '../builders/a-token.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header } from '../transport/http/support/raw-http.js';
import { aProof, dpopCaller, good, publicJwk } from './support/a-proof.js';

/** What a client of either proxy is told. */
interface Told {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly nonce?: string | undefined;
}

/** What a test changes about a good request. */
interface Asked {
  readonly token: string;
  /** Each becomes a header of its own; over gRPC Envoy joins them. */
  readonly proofs: readonly string[];
  readonly scheme?: string;
  readonly caller?: string;
  readonly method?: string;
  readonly path?: string;
  readonly scope?: string;
}

const key = aKey('ES256');
const other = aKey('ES256');
const algs = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';
const bearerChallenge = 'Bearer realm="assay"';

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let envoy: EnvoyClient;
let token: string;
let now: number;

beforeAll(async () => {
  const callers = [
    dpopCaller('edge-dpop'),
    dpopCaller('edge-dpop-2'),
    dpopCaller('edge-es', { algorithms: ['ES256', 'ML-DSA-65'] }),
    dpopCaller('edge-slow', { maxAge: 300_000 }),
    dpopCaller('edge-off', { replay: 'off' }),
    dpopCaller('edge-nonce', { nonce: 'required' }),
  ];
  reception = await Reception.open({ callers });
  now = reception.clock.wallMs() / 1000;
  token = boundTo(key).build();
  http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  envoy = new EnvoyClient(grpc.port);
});

afterAll(async () => {
  envoy.close();
  await grpc.close();
  await http.close();
});

function boundTo(bound: TestKey): TokenBuilder {
  return reception.context.good.with({ scope: 'orders:read', cnf: { jkt: thumbprintOf(bound.jwk) } });
}

const proof = (claims: Parameters<typeof aProof>[3] = {}, by = key) => aProof(by, token, now, claims);

/** Asks as a proxy does; nginx, Traefik and Caddy say the request in headers, Envoy beside them. */
const endpoints: readonly (readonly [name: string, ask: (asked: Asked) => Promise<Told>])[] = [
  [
    '/authorize',
    async ({ token: sent, proofs, scheme = 'DPoP', caller = 'edge-dpop', method = 'GET', path = good.path, scope }) => {
      const headers = {
        Authorization: `${scheme} ${sent}`,
        ...(proofs.length > 0 && { DPoP: [...proofs] }),
        'X-Original-Method': method,
        'X-Original-URI': path,
      };
      const query = `caller=${caller}${scope === undefined ? '' : `&scope=${scope}`}`;
      const answer = await authorize(http, { query, headers });
      const { status } = answer;
      return { status, challenge: header(answer, 'www-authenticate'), nonce: header(answer, 'dpop-nonce') };
    },
  ],
  [
    'ext_authz',
    async ({ token: sent, proofs, scheme = 'DPoP', caller = 'edge-dpop', scope, ...request }) => {
      const joined = proofs.length === 0 ? {} : { dpop: proofs.join(',') };
      const headers = { authorization: `${scheme} ${sent}`, ...joined };
      const extensions = { caller, ...(scope !== undefined && { scope }) };
      const verdict = await envoy.check({ headers, extensions, method: 'GET', path: good.path, ...request });
      const { 'www-authenticate': challenge, 'dpop-nonce': nonce } = verdict.headers;
      return { status: verdict.http ?? 200, challenge, nonce };
    },
  ],
];

const badProof = { status: 401, challenge: `DPoP algs="${algs}", error="invalid_dpop_proof", ${bearerChallenge}` };
const badToken = { status: 401, challenge: `DPoP algs="${algs}", error="invalid_token", ${bearerChallenge}` };
const badBearer = { status: 401, challenge: `${bearerChallenge}, error="invalid_token", DPoP algs="${algs}"` };

describe.each(endpoints)('DPoP at %s', (_endpoint, ask) => {
  it('DP-01 a bound token with its proof passes', async () => {
    expect(await ask({ token, proofs: [proof().build()] })).toMatchObject({ status: 200 });
  });

  it('DP-01 a bound token as a bearer token: 401, with or without a proof', async () => {
    expect(await ask({ token, proofs: [], scheme: 'Bearer' })).toMatchObject(badBearer);
    expect(await ask({ token, proofs: [proof().build()], scheme: 'Bearer' })).toMatchObject(badBearer);
  });

  it('DP-01 a token that is bound to no key, under the scheme DPoP: 401', async () => {
    const unbound = reception.context.good.build();
    expect(await ask({ token: unbound, proofs: [aProof(key, unbound, now).build()] })).toMatchObject(badToken);
    expect(await ask({ token: unbound, proofs: [], scheme: 'Bearer' })).toMatchObject({ status: 200 });
  });

  it('DP-01 several proofs are none, and no proof is none', async () => {
    expect(await ask({ token, proofs: [proof().build(), proof().build()] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [`${proof().build()},${proof().build()}`] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [] })).toMatchObject(badToken);
  });

  it('DP-01 a proof of another key than the token is bound to: 401', async () => {
    expect(await ask({ token, proofs: [proof({}, other).build()] })).toMatchObject(badToken);
  });

  it.each([
    'HTTPS://API.corp.example:443/a%2fb/../orders?x',
    'https://api.corp.example/orders?other=query#fragment',
    'https://api.corp.example/%6frders',
    'https://api.corp.example/./orders',
  ])('DP-02 htu is compared after normalisation of both sides: %s', async (htu) => {
    expect(await ask({ token, proofs: [proof({ htu }).build()] })).toMatchObject({ status: 200 });
    const path = '/x/../%6Frders?page=2';
    expect(await ask({ token, path, proofs: [proof({ htu }).build()] })).toMatchObject({ status: 200 });
  });

  it.each([
    ['another path', { htu: 'https://api.corp.example/orders/' }],
    ['a path in other letters', { htu: 'https://api.corp.example/Orders' }],
    ['an encoded slash', { htu: 'https://api.corp.example/%2Forders' }],
    ['another origin', { htu: 'https://api.corp.example.evil.example/orders' }],
    ['another port', { htu: 'https://api.corp.example:8443/orders' }],
    ['without TLS', { htu: 'http://api.corp.example/orders' }],
    ['a name before the host', { htu: 'https://u@api.corp.example/orders' }],
    ['no origin', { htu: '/orders' }],
    ['another method', { htm: 'POST' }],
    ['a method in other letters', { htm: 'get' }],
    ['no method', { htm: undefined }],
    ['no URI', { htu: undefined }],
    ['no jti', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }],
    ['no iat', { iat: undefined }],
    ['iat as a text', { iat: '1' }],
    ['no ath', { ath: undefined }],
    ['another ath', { ath: 'A'.repeat(43) }],
    ['a nonce that is no text', { nonce: 1 }],
    ['an exp in the past', { exp: 1 }],
  ])('DP-02 DP-06 a proof is refused with %s', async (_what, claims) => {
    expect(await ask({ token, proofs: [proof(claims).build()] })).toMatchObject(badProof);
  });

  it('DP-06 a proof is good for maxAge, and from five seconds before', async () => {
    const at = (iat: number, caller = 'edge-dpop') => ask({ token, caller, proofs: [proof({ iat: now + iat }).build()] });
    expect([await at(-60), await at(5)]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect([await at(-61), await at(6)]).toMatchObject([badProof, badProof]);
    expect([await at(-300, 'edge-slow'), await at(-301, 'edge-slow')]).toMatchObject([{ status: 200 }, badProof]);
  });

  it.each<[string, (made: TokenBuilder) => string]>([
    ['the type of a token', (made) => made.header({ typ: 'at+jwt' }).build()],
    ['no type', (made) => made.header({ typ: undefined }).build()],
    ['no key', (made) => made.header({ jwk: undefined }).build()],
    ['a key that is no object', (made) => made.header({ jwk: 'x' }).build()],
    ['a private key', (made) => made.header({ jwk: key.privateKey.export({ format: 'jwk' }) as never }).build()],
    ['a symmetric key', (made) => made.header({ jwk: { kty: 'oct', k: 'AAAA' } }).build()],
    ['another algorithm than its key', (made) => made.header({ alg: 'ES384' }).build()],
    ['the algorithm none', (made) => made.header({ alg: 'none' }).build()],
    ['a critical extension', (made) => made.header({ crit: ['x'], x: 1 }).build()],
    ['the signature of another key', (made) => made.signedBy(other).header({ kid: undefined }).build()],
    ['a changed signature', (made) => made.build().replace(/.{6}$/, 'AAAAAA')],
    ['no signature', (made) => made.build().replace(/[^.]*$/, '')],
    ['more than 8 KiB', (made) => made.with({ more: 'm'.repeat(6_200) }).build()],
    ['five segments', () => 'a.b.c.d.e'],
    ['no JWT', () => 'proof'],
  ])('DP-06 a proof is refused with %s', async (_what, change) => {
    expect(await ask({ token, proofs: [change(proof())] })).toMatchObject(badProof);
  });

  it('DP-06 a point that is not on the curve is refused', async () => {
    const jwk = { ...publicJwk(key), y: publicJwk(other)['y']! };
    const bound = reception.context.good.with({ cnf: { jkt: thumbprintOf(jwk) } }).build();
    expect(await ask({ token: bound, proofs: [aProof(key, bound, now).header({ jwk }).build()] })).toMatchObject(badProof);
  });

  it('DP-06 RSA keys of 4096 bits are enough, and of 8192 too much', async () => {
    for (const [bits, status] of [
      [4096, 200],
      [4104, 401],
    ] as const) {
      const rsa = aKey('PS256', { bits });
      const bound = boundTo(rsa).build();
      expect(await ask({ token: bound, proofs: [aProof(rsa, bound, now).build()] })).toMatchObject({ status });
    }
  });

  it('DP-06 only algorithms of the profile, which the challenge names', async () => {
    const ed = aKey('EdDSA');
    const post = aKey('ML-DSA-65');
    const of = async (made: TestKey, caller: string) => {
      const bound = boundTo(made).build();
      return ask({ token: bound, caller, proofs: [aProof(made, bound, now).build()] });
    };
    expect(await of(ed, 'edge-dpop')).toMatchObject({ status: 200 });
    expect(await of(ed, 'edge-es')).toMatchObject({
      status: 401,
      challenge: `DPoP algs="ES256 ML-DSA-65", error="invalid_dpop_proof", ${bearerChallenge}`,
    });
    expect(await of(post, 'edge-es')).toMatchObject({ status: 200 });
    expect(await of(post, 'edge-dpop')).toMatchObject(badProof);
  });

  it('DP-04 a proof is good once', async () => {
    const once = proof().build();
    expect(await ask({ token, proofs: [once] })).toMatchObject({ status: 200 });
    expect(await ask({ token, proofs: [once] })).toMatchObject(badProof);
    // Whoever has the key may not sign the same jti again either.
    const jti = 'the-same';
    expect(await ask({ token, proofs: [proof({ jti }).build()] })).toMatchObject({ status: 200 });
    expect(await ask({ token, proofs: [proof({ jti, iat: now - 1 }).build()] })).toMatchObject(badProof);
  });

  it('DP-04 of two racing requests one passes', async () => {
    const once = proof().build();
    const told = await Promise.all(Array.from({ length: 8 }, () => ask({ token, proofs: [once] })));
    expect(told.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(401)]);
  });

  it('DP-04 a jti that somebody else has used is still good for its owner', async () => {
    const jti = 'overheard';
    const theirs = boundTo(other).build();
    expect(await ask({ token: theirs, proofs: [aProof(other, theirs, now, { jti }).build()] })).toMatchObject({ status: 200 });
    expect(await ask({ token, proofs: [proof({ jti }).build()] })).toMatchObject({ status: 200 });
  });

  it('DP-04 without a memory the profile lets a proof pass again', async () => {
    const twice = proof().build();
    for (let i = 0; i < 2; i++) {
      expect(await ask({ token, caller: 'edge-off', proofs: [twice] })).toMatchObject({ status: 200 });
    }
  });

  it('DP-05 a request that would not pass uses no proof up', async () => {
    const once = proof().build();
    const scope = 'orders:write';
    expect(await ask({ token, scope, proofs: [once] })).toMatchObject({
      status: 403,
      challenge: `DPoP algs="${algs}", error="insufficient_scope", scope="orders:write", ${bearerChallenge}`,
    });
    expect(await ask({ token, path: '/elsewhere', proofs: [once] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [once] })).toMatchObject({ status: 200 });
  });

  it('DP-05 a bad token is told before a bad proof, and without its key nobody learns which scopes it lacks', async () => {
    const expired = boundTo(key).expiredAt(now).build();
    expect(await ask({ token: expired, proofs: ['proof'] })).toMatchObject(badToken);
    const forged = proof().signedBy(other).header({ kid: undefined }).build();
    expect(await ask({ token, scope: 'orders:write', proofs: [forged] })).toMatchObject(badProof);
  });

  it('DP-07 a proof without a nonce of ours is asked for one, which is good for two to three minutes', async () => {
    const caller = 'edge-nonce';
    const told = await ask({ token, caller, proofs: [proof().build()] });
    expect(told).toMatchObject({
      status: 401,
      challenge: `DPoP algs="${algs}", error="use_dpop_nonce", ${bearerChallenge}`,
    });
    const nonce = told.nonce!;
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{27}$/);
    const after = async (seconds: number) => {
      reception.clock.stepWall(seconds * 1000);
      const answer = await ask({ token, caller, proofs: [proof({ nonce, iat: now + seconds }).build()] });
      reception.clock.stepWall(-seconds * 1000);
      return answer;
    };
    // The clock of these tests stands at the begin of a minute.
    expect([await after(0), await after(179)]).toMatchObject([{ status: 200 }, { status: 200 }]);
    const late = await after(180);
    expect(late).toMatchObject({ status: 401, challenge: expect.stringContaining('use_dpop_nonce') as string });
    expect(late.nonce).not.toBe(nonce);
  });

  it('DP-07 nonces of others are none: of another profile, made up, changed', async () => {
    const caller = 'edge-nonce';
    const { nonce = '' } = await ask({ token, caller, proofs: [] });
    for (const wrong of ['', 'nonce', nonce.slice(1), `${nonce}A`, nonce.replace(/.$/, nonce.endsWith('A') ? 'E' : 'A')]) {
      const told = await ask({ token, caller, proofs: [proof({ nonce: wrong }).build()] });
      expect(told.challenge).toContain('use_dpop_nonce');
    }
  });

  it('DP-08 without a token both schemes are told, and which algorithms proofs may have', async () => {
    const told = await ask({ token: '', scheme: 'Basic', proofs: [] });
    expect(told).toMatchObject({ status: 401, challenge: `${bearerChallenge}, DPoP algs="${algs}"` });
  });

  it('a token of another kind is no proof, and a proof is no token', async () => {
    expect(await ask({ token, proofs: [token] })).toMatchObject(badProof);
    const made = proof().build();
    expect(await ask({ token: made, proofs: [made] })).toMatchObject(badToken);
  });

  it('a profile without proofs refuses a bound token, whatever comes with it', async () => {
    const told = await ask({ token, caller: 'edge', proofs: [proof().build()], scheme: 'Bearer' });
    expect(told).toMatchObject({ status: 401, challenge: `${bearerChallenge}, error="invalid_token"` });
    expect(await ask({ token, caller: 'edge', proofs: [proof().build()] })).toMatchObject({ challenge: bearerChallenge });
  });
});

describe('DP-03 what the client has asked for', () => {
  const ask = async (headers: Readonly<Record<string, string | string[]>>): Promise<number> => {
    const sent = { Authorization: `DPoP ${token}`, DPoP: proof().build(), ...headers };
    return (await authorize(http, { query: 'caller=edge-dpop', headers: sent })).status;
  };
  const original = { 'X-Original-Method': 'GET', 'X-Original-URI': '/orders' };
  const forwarded = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/orders' };

  it('comes from headers of nginx, or of Traefik and Caddy', async () => {
    expect([await ask(original), await ask(forwarded), await ask({ ...original, ...forwarded })]).toEqual([200, 200, 200]);
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
    expect(http.log).toContain('it must set X-Original-Method and X-Original-URI (nginx)');
  });
});

it('neither a proof nor its claims are logged', async () => {
  const made = proof({ jti: 'the-secret-jti', htm: 'PATCH' }).build();
  await endpoints[0]![1]({ token, proofs: [made] });
  expect(http.log).toContain('proof_invalid');
  expect(http.log).not.toMatch(/the-secret-jti|PATCH/);
  expect(http.log).not.toContain(made.slice(0, 60));
});
