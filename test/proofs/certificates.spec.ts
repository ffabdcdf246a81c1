import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import type { ProofsSection } from '../../src/proofs/proofs.config.js';
import { aCertificate } from '../builders/a-certificate.js';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { Reception } from '../endpoints/reception.js';
import { authorize } from '../gateway/support/authorize.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header } from '../transport/http/support/raw-http.js';
import { aProof, dpopSection, good, ORIGIN } from './support/a-proof.js';

const everything = { issuers: 'any', audiences: 'any', claims: 'any' } as const;
const profile = (id: string, proofs: ProofsSection): CallerSection => ({ id, proxy: true, ...everything, proofs });

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let envoy: EnvoyClient;
let token: string;
let der: Buffer;
let another: Buffer;

beforeAll(async () => {
  const callers = [
    profile('edge-xfcc', { certificateFrom: 'xfcc' }),
    profile('edge-rfc9440', { certificateFrom: 'client-cert' }),
    profile('edge-pem', { certificateFrom: 'escaped-pem' }),
    profile('edge-named', { certificateFrom: 'escaped-pem', certificateHeader: 'X-SSL-Client-Cert' }),
    profile('edge-envoy', { certificateFrom: 'envoy' }),
    profile('edge-both', { origin: ORIGIN, dpop: dpopSection(), certificateFrom: 'client-cert' }),
  ];
  reception = await Reception.open({ callers });
  der = (await aCertificate({ subject: [{ CN: ['client'] }] })).certificate.raw;
  another = (await aCertificate({ subject: [{ CN: ['client'] }] })).certificate.raw;
  token = reception.context.good.with({ cnf: { 'x5t#S256': sha256(der, 'base64url') } }).build();
  http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  envoy = new EnvoyClient(grpc.port);
});

afterAll(async () => {
  envoy.close();
  await grpc.close();
  await http.close();
});

const sha256 = (octets: Buffer, encoding: 'hex' | 'base64url') => createHash('sha256').update(octets).digest(encoding);
const pem = (octets: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${octets.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** What a proxy of each kind says about one certificate. */
const forms: Readonly<Record<string, readonly [name: string, write: (octets: Buffer) => string]>> = {
  'edge-xfcc': [
    'X-Forwarded-Client-Cert',
    (octets) => `By=spiffe://corp/x;Hash=${sha256(octets, 'hex')};Subject="CN=\\"a, b\\";Hash=x";URI=spiffe://corp/y`,
  ],
  'edge-rfc9440': ['Client-Cert', (octets) => `:${octets.toString('base64')}:`],
  'edge-pem': ['Ssl-Client-Cert', (octets) => encodeURIComponent(pem(octets))],
  'edge-named': ['X-SSL-Client-Cert', (octets) => encodeURIComponent(octets.toString('base64'))],
};

async function ask(query: string, headers: Readonly<Record<string, string | string[]>>, sent = token) {
  const answer = await authorize(http, { query: `caller=${query}`, headers, token: sent });
  return [answer.status, header(answer, 'www-authenticate')];
}

const passes = [200, undefined];
const refused = [401, 'Bearer realm="assay", error="invalid_token"'];

describe.each(Object.entries(forms))('MT-01 a certificate in a header, as %s has it', (caller, [name, write]) => {
  it('is the one that the token is bound to', async () => {
    expect(await ask(caller, { [name]: write(der) })).toEqual(passes);
  });

  it('MT-02 is another one, or none', async () => {
    expect(await ask(caller, { [name]: write(another) })).toEqual(refused);
    expect(await ask(caller, {})).toEqual(refused);
    expect(await ask(caller, { [name]: '' })).toEqual(refused);
    expect(await ask(caller, { [name]: 'nonsense%' })).toEqual(refused);
  });

  it('is exactly one: several are none, in one header or in two', async () => {
    expect(await ask(caller, { [name]: [write(der), write(der)] })).toEqual(refused);
    expect(await ask(caller, { [name]: `${write(der)},${write(another)}` })).toEqual(refused);
    expect(await ask(caller, { [name]: `${write(der)},${write(der)}` })).toEqual(refused);
  });

  it('is read in the one header that the profile names', async () => {
    const all = Object.fromEntries(Object.values(forms).map(([each, other]) => [each, other(der)]));
    expect(await ask(caller, { ...all, [name]: '' })).toEqual(refused);
    expect(await ask(caller, { ...all, [name.replaceAll('-', '_')]: write(der), [name]: [] })).toEqual(refused);
  });
});

describe('MT-01 where nobody may say it', () => {
  it('a peer that is no proxy is refused, whatever it forges', async () => {
    const endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['192.0.2.1/32'] });
    const answer = await authorize(endpoint, {
      query: 'caller=edge-rfc9440',
      headers: { 'Client-Cert': `:${der.toString('base64')}:`, 'X-Forwarded-For': '192.0.2.1' },
      token,
    });
    await endpoint.close();
    expect(answer.status).toBe(403);
  });

  it('a profile that names no place believes none', async () => {
    const all = Object.fromEntries(Object.values(forms).map(([name, write]) => [name, write(der)]));
    expect(await ask('edge', all)).toEqual(refused);
  });

  it('two hashes of one element are none', async () => {
    const hash = sha256(der, 'hex');
    expect(await ask('edge-xfcc', { 'X-Forwarded-Client-Cert': `Hash=${hash};Hash=${hash}` })).toEqual(refused);
  });
});

describe('MT-01 a certificate in the attributes of Envoy', () => {
  const check = async (certificate: string | undefined, headers: Readonly<Record<string, string>> = {}) => {
    const http = { method: 'GET', path: '/orders', headers: { authorization: `Bearer ${token}`, ...headers } };
    const source = certificate === undefined ? undefined : { certificate };
    const raw = { attributes: { source, request: { http }, contextExtensions: { caller: 'edge-envoy' } } };
    return (await envoy.check({ raw })).http ?? 200;
  };

  it('is the one that the token is bound to, another one, or none', async () => {
    expect(await check(encodeURIComponent(pem(der)))).toBe(200);
    expect(await check(encodeURIComponent(pem(another)))).toBe(401);
    expect(await check(encodeURIComponent(pem(der) + pem(der)))).toBe(401);
    expect(await check(undefined)).toBe(401);
    expect(await check(undefined, { 'client-cert': `:${der.toString('base64')}:` })).toBe(401);
  });

  it('is not there over HTTP', async () => {
    expect(await ask('edge-envoy', { 'Client-Cert': `:${der.toString('base64')}:` })).toEqual(refused);
  });
});

describe('MT-03 bindings beside each other', () => {
  const key = aKey('ES256');
  const certificate = () => ({ 'Client-Cert': `:${der.toString('base64')}:` });
  const askWith = async (cnf: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) => {
    const bound = reception.context.good.with({ cnf }).build();
    const now = reception.clock.wallMs() / 1000;
    const proven = { Authorization: `DPoP ${bound}`, DPoP: aProof(key, bound, now).build() };
    const said = { 'X-Original-Method': good.method, 'X-Original-URI': good.path };
    const answer = await authorize(http, {
      query: 'caller=edge-both',
      headers: {
        ...(headers['proof'] ? proven : { Authorization: `Bearer ${bound}` }),
        ...said,
        ...headers,
        proof: [],
      },
    });
    return answer.status;
  };
  const proof = { proof: 'yes' };
  const jkt = thumbprintOf(key.jwk);

  it('a token that is bound to two keys is held to both', async () => {
    const cnf = { jkt, 'x5t#S256': sha256(der, 'base64url') };
    expect(await askWith(cnf, { ...proof, ...certificate() })).toBe(200);
    expect(await askWith(cnf, proof)).toBe(401);
    expect(await askWith(cnf, certificate())).toBe(401);
    expect(await askWith({ ...cnf, 'x5t#S256': sha256(another, 'base64url') }, { ...proof, ...certificate() })).toBe(
      401,
    );
  });

  it('what is not understood is ignored beside what is, and never alone', async () => {
    expect(await askWith({ jkt, 'kc-jkt-type': 'DPoP' }, proof)).toBe(200);
    expect(await askWith({ kid: 'x' }, { ...proof, ...certificate() })).toBe(401);
    expect(await askWith({ kid: 'x' }, certificate())).toBe(401);
    expect(await askWith({}, certificate())).toBe(401);
  });

  it('a certificate does not stand in for a proof', async () => {
    expect(await askWith({ 'x5t#S256': sha256(der, 'base64url') }, { ...proof, ...certificate() })).toBe(401);
    expect(await askWith({ 'x5t#S256': sha256(der, 'base64url') }, certificate())).toBe(200);
  });
});
