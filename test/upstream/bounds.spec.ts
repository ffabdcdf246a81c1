import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileBox } from './support/file-box.js';
import { aCaller, jwtIssuer, opaqueIssuer, OpaqueWorld, outage } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld | undefined;

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
  upstream.behave = () => world!.good();
});

afterEach(async () => {
  await world?.close();
  world = undefined;
  await upstream.close();
});

async function open(opaque: object = {}, others: object = {}): Promise<OpaqueWorld> {
  const issuer = opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' }, ...opaque }, others);
  world = await OpaqueWorld.open([issuer, jwtIssuer('corp')], [aCaller('orders'), aCaller('billing')]);
  return world;
}

const token = (): string => `zt_v1_${text()}`;

/** Holds every answer back until it is told to go on. */
function held(): { readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  upstream.behave = (_received, response) => {
    void promise.then(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(world!.good()));
    });
    return undefined;
  };
  return {
    release: () => {
      resolve(undefined);
    },
  };
}

describe('OPQ-09 budgets', () => {
  it('asks once for one token, however many wait for the answer', async () => {
    const { verdict } = bound(await open());
    const answers = held();
    const asked = token();
    const all = Array.from({ length: 200 }, (_, i) => verdict(asked, { caller: i % 2 ? 'orders' : 'billing' }));
    await expect.poll(() => upstream.received.length).toBe(1);
    answers.release();
    for (const each of await Promise.all(all)) expect(each).toMatchObject({ active: true });
    expect(upstream.received).toHaveLength(1);
  });

  it('has so many calls under way and no more; JWTs of other issuers do not notice', async () => {
    const opened = await open({ limits: { inFlight: 3 } });
    const { verdict } = bound(opened);
    const answers = held();
    const waiting = [token(), token(), token()].map((each) => verdict(each));
    await expect.poll(() => upstream.received.length).toBe(3);
    expect(await verdict(token())).toBe(outage('overloaded'));
    expect(await verdict(opened.jwt('corp'))).toMatchObject({ active: true });
    answers.release();
    for (const each of await Promise.all(waiting)) expect(each).toMatchObject({ active: true });
    expect(await verdict(token())).toMatchObject({ active: true });
  });

  it('lets one caller have so many tokens asked about: further ones are 429 for it, and for nobody else', async () => {
    const opened = await open({ limits: { inFlight: 1_000 } });
    const { verdict } = bound(opened);
    const first = await Promise.all(Array.from({ length: 100 }, () => verdict(token())));
    expect(first.every((each) => typeof each === 'object')).toBe(true);
    await expect(opened.ask(token())).rejects.toMatchObject({ status: 429, caller: 'orders', retryAfterSeconds: 1 });
    expect(await verdict(token(), { caller: 'billing' })).toMatchObject({ active: true });
    await opened.clock.advance(20);
    expect(await verdict(token())).toMatchObject({ active: true });
  });
});

describe('OPQ-10 breaker', () => {
  it('asks nobody after five failures, tries once after a second, and closes when that succeeds', async () => {
    const opened = await open();
    const { verdict } = bound(opened);
    const known = token();
    await verdict(known);
    upstream.behave = () => 'broken';
    for (let i = 0; i < 5; i++) expect(await verdict(token())).toBe(outage('json'));
    const before = upstream.received.length;
    expect(await verdict(token())).toBe(outage('breaker_open'));
    // What is remembered serves out its time.
    expect(await verdict(known)).toMatchObject({ active: true });
    expect(upstream.received).toHaveLength(before);
    await opened.clock.advance(1_000);
    expect(await verdict(token())).toBe(outage('json'));
    expect(await verdict(token())).toBe(outage('breaker_open'));
    await opened.clock.advance(1_999);
    expect(await verdict(token())).toBe(outage('breaker_open'));
    await opened.clock.advance(1);
    upstream.behave = () => opened.good();
    expect(await verdict(token())).toMatchObject({ active: true });
    expect(await verdict(token())).toMatchObject({ active: true });
  });
});

it('OPQ-10 a token that the issuer calls a bad request does not open the breaker for all others', async () => {
  const opened = await open();
  upstream.behave = ({ form }, response) => {
    response.statusCode = form.get('token')?.endsWith('~') ? 400 : 200;
    return opened.good();
  };
  for (let i = 0; i < 20; i++) expect(await opened.verdict(`${token()}~`)).toBe(outage('status_4xx'));
  expect(await opened.verdict(token())).toMatchObject({ active: true });
});

describe('OPQ-11 the way to the issuer', () => {
  it('sends a form over connections that are kept, and the token in no URL', async () => {
    const { verdict } = bound(await open());
    for (let i = 0; i < 5; i++) await verdict(token());
    expect(upstream.connections).toBeLessThan(upstream.received.length);
    for (const { method, url, headers } of upstream.received) {
      expect([method, url]).toEqual(['POST', '/introspect']);
      expect(headers).toMatchObject({
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      });
    }
  });

  it('goes to no address that is not public without allowPrivate', async () => {
    const endpoint = upstream.endpoint.replace('http:', 'https:');
    const { verdict } = bound(await open({ endpoint }, { network: {} }));
    expect(await verdict(token())).toBe(outage('address_refused'));
    expect(upstream.connections).toBe(0);
  });
});

describe('OPQ-12 credentials', () => {
  it('a secret as HTTP Basic, encoded as in a form', async () => {
    const credentials = { clientId: 'assay:1', secret: 'a+b c/é' };
    await bound(await open({ credentials })).verdict(token());
    const [, encoded = ''] = upstream.received[0]?.headers.authorization?.split(' ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('assay%3A1:a%2Bb+c%2F%C3%A9');
    expect([...(upstream.received[0]?.form.keys() ?? [])]).toEqual(['token', 'token_type_hint']);
  });

  it.each([
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), undefined],
    ['PS256', generateKeyPairSync('rsa', { modulusLength: 2_048 }), 'PS256'],
    ['EdDSA', generateKeyPairSync('ed25519'), undefined],
  ])('a new assertion for each call, for the issuer alone: %s', async (alg, { privateKey, publicKey }, algorithm) => {
    const keyFile = new FileBox().write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const assertion = { keyFile, kid: 'k1', ...(algorithm && { algorithm }) };
    const opened = await open({ credentials: { clientId: 'assay', assertion } });
    await bound(opened).verdict(token());
    await bound(opened).verdict(token());
    const options = {
      issuer: 'assay',
      subject: 'assay',
      audience: 'https://zitadel.example',
      currentDate: new Date(opened.clock.wallMs()),
    };
    const ids = await Promise.all(
      upstream.received.map(async ({ form, headers }) => {
        expect(headers.authorization).toBeUndefined();
        expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        const sent = form.get('client_assertion') ?? '';
        expect(decodeProtectedHeader(sent)).toMatchObject({ alg, kid: 'k1' });
        return (await jwtVerify(sent, publicKey, options)).payload.jti;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('OPQ-14 discovery', () => {
  const discovering = async (metadata: object, keys: object = { discovery: 'auto' }): Promise<OpaqueWorld> => {
    const { origin } = upstream;
    upstream.behave = ({ url }) =>
      url.startsWith('/.well-known')
        ? { issuer: origin, jwks_uri: `${origin}/jwks`, ...metadata }
        : { ...world!.good(), iss: undefined };
    return open({ endpoint: 'auto' }, { issuer: origin, keys });
  };

  it('finds the endpoint in the metadata of the issuer, once', async () => {
    const { verdict } = bound(await discovering({ introspection_endpoint: `${upstream.origin}/oauth/introspect` }));
    expect(await verdict(token())).toMatchObject({ active: true, iss: upstream.origin });
    expect(await verdict(token())).toMatchObject({ active: true });
    const asked = upstream.received.filter(({ method }) => method === 'POST').map(({ url }) => url);
    expect(asked).toEqual(['/oauth/introspect', '/oauth/introspect']);
  });

  it('is at another host where the configuration lists that one', async () => {
    const other = await RecordingUpstream.open();
    other.behave = () => ({ ...world!.good(), iss: undefined });
    const keys = { discovery: 'auto', jwksHosts: [new URL(other.endpoint).host] };
    const { verdict } = bound(await discovering({ introspection_endpoint: other.endpoint }, keys));
    expect(await verdict(token())).toMatchObject({ active: true });
    expect(other.received).toHaveLength(1);
    await other.close();
  });

  it.each([
    ['another host', { introspection_endpoint: 'https://elsewhere.example/introspect' }],
    ['another port of this machine', { introspection_endpoint: 'http://127.0.0.1:1/introspect' }],
    ['another issuer', { issuer: 'https://elsewhere.example', introspection_endpoint: 'https://elsewhere.example/i' }],
    ['nothing', {}],
  ])('sends no token where the metadata says %s', async (_name, metadata) => {
    const { verdict } = bound(await discovering(metadata));
    expect(await verdict(token())).toBe(outage('metadata'));
    expect(upstream.received.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

function bound(opened: OpaqueWorld) {
  return { verdict: opened.verdict.bind(opened) };
}
