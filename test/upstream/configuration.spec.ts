import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { FileBox } from './support/file-box.js';
import { aCaller, jwtIssuer, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';

let world: OpaqueWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

const endpoint = 'https://login.corp.example/introspect';

/** What is wrong with a configuration of these issuers, in the words that its author reads. */
async function problemsOf(...issuers: readonly object[]): Promise<string> {
  try {
    world = await OpaqueWorld.open(issuers);
    return '';
  } catch (error) {
    const { problems = [] } = error as {
      readonly problems?: readonly { path: string; found: string; expected: string }[];
    };
    if (problems.length === 0) throw error;
    return problems.map(({ path, found, expected }) => `${path}: ${found}; ${expected}`).join('\n');
  }
}

function file(text: string): string {
  return new FileBox().write('file', text);
}

describe('OPQ-02 overlapping rules refuse to load', () => {
  it.each([
    ['zt_v1_', 'zt_v1_'],
    ['zt_v1_', 'zt_v1_a_'],
    ['zt_v1_a_', 'zt_v1_'],
  ])('%s and %s', async (one, other) => {
    const issuers = [one, other].map((prefix, i) => opaqueIssuer(`issuer-${i}`, endpoint, { match: { prefix } }));
    expect(await problemsOf(...issuers)).toMatch(/^issuers\[1\]\.opaque\.match\.prefix: a prefix that overlaps/);
  });

  it('different ones do not', async () => {
    const issuers = ['zt_v1_', 'zt_v2_'].map((prefix, i) =>
      opaqueIssuer(`issuer-${i}`, endpoint, { match: { prefix } }),
    );
    expect(await problemsOf(...issuers)).toBe('');
  });
});

describe('what cannot be meant, or is not offered, is refused with a plain message', () => {
  const id = { clientId: 'assay' };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  it.each([
    ['a prefix of three characters', { match: { prefix: 'zt_' } }, {}, 'opaque.match.prefix'],
    ['lengths the wrong way round', { match: { length: [64, 32] } }, {}, 'opaque.match.length'],
    ['one length', { match: { length: [32] } }, {}, 'opaque.match.length'],
    ['no room for the prefix', { match: { prefix: 'zt_v1_', length: [1, 3] } }, {}, 'opaque.match.length'],
    ['byCaller beside a prefix', { match: { prefix: 'zt_v1_', byCaller: true } }, {}, 'opaque.match.byCaller'],
    ['no credentials', { credentials: undefined }, {}, 'opaque.credentials'],
    ['credentials of no kind', { credentials: id }, {}, 'opaque.credentials'],
    [
      'credentials of two kinds',
      { credentials: { ...id, secret: 'a', assertion: { keyFile: file(String(rsa)) } } },
      {},
      'opaque.credentials',
    ],
    [
      'a key that is none',
      { credentials: { ...id, assertion: { keyFile: file('no key') } } },
      {},
      'opaque.credentials.assertion.keyFile',
    ],
    [
      'an algorithm of another key',
      { credentials: { ...id, assertion: { keyFile: file(String(rsa)), algorithm: 'ES256' } } },
      {},
      'opaque.credentials.assertion.algorithm',
    ],
    [
      'a certificate without its key',
      { credentials: { ...id, certificate: { certificateFile: file('a'), keyFile: file('b') } } },
      {},
      'opaque.credentials.certificate',
    ],
    ['a word for JWTs that there is not', { jwt: 'any' }, {}, 'opaque.jwt'],
    ['JWTs without iss that are sent upstream', { jwt: 'introspect' }, { allowMissingIss: true }, 'opaque.jwt'],
    ['recheck of what is asked about anyway', { jwt: 'introspect', recheck: '60s' }, {}, 'opaque.recheck'],
    ['onUnknown without recheck', { onUnknown: 'accept' }, {}, 'opaque.onUnknown'],
    ['recheck of no time', { recheck: '0s' }, {}, 'opaque.recheck'],
    [
      'two kinds of next credentials',
      { credentials: { ...id, secret: 'a', next: { secret: 'b', assertion: { keyFile: file(String(rsa)) } } } },
      {},
      'opaque.credentials.next',
    ],
    ['a memory of more than a minute', { cache: { positive: '61s' } }, {}, 'opaque.cache.positive'],
    ['a long memory of what is not active', { cache: { negative: '6s' } }, {}, 'opaque.cache.negative'],
    ['an endpoint over plain http', { endpoint: 'http://login.corp.example/introspect' }, {}, 'opaque.endpoint'],
    ['signed answers where one likes', { signed: 'accept' }, {}, 'opaque.signed'],
    ['metadata of what is no URL', { endpoint: 'auto' }, { issuer: 'corp' }, 'opaque.endpoint'],
    ['the profile of JWTs', {}, { profile: 'rfc9068' }, 'opaque'],
    [
      'workloads',
      {},
      {
        issuer: undefined,
        keys: undefined,
        spiffe: { trustDomain: 'mesh.example', bundle: { url: 'https://mesh.example/bundle' } },
      },
      'opaque',
    ],
    [
      'many tenants',
      {},
      {
        issuer: 'https://login.corp.example/{tenant}',
        template: { tenants: ['a'], class: 'name', keys: 'shared', claim: 'tid' },
        keys: { jwksUri: 'https://login.corp.example/keys' },
      },
      'opaque',
    ],
  ])('%s', async (_name, opaque, others, path) => {
    const problems = await problemsOf(opaqueIssuer('corp', endpoint, opaque, others));
    expect(problems.split('\n').map((line) => line.split(':', 1)[0])).toContain(`issuers[0].${path}`);
  });
});

it('a registration that no rule finds loads, with a warning', async () => {
  world = await OpaqueWorld.open([opaqueIssuer('corp', endpoint)], [aCaller('orders')]);
  expect(await world.verdict('some-token')).toBe('opaque_unroutable');
  expect(JSON.stringify(world.context.logger.lines)).toContain('found by issuer_hint alone');
});

describe('what cannot be meant of TokenReview is refused with a plain message', () => {
  const bearerTokenFile = file('a-token');
  const server = 'https://kubernetes.default.svc';
  const review = { server, bearerTokenFile };
  const alone = { endpoint: undefined, credentials: undefined };
  it.each([
    ['nothing that it is asked about', { tokenReview: review }, {}, 'opaque.tokenReview'],
    ['an endpoint beside it', { tokenReview: review, recheck: '60s', endpoint }, {}, 'opaque.endpoint'],
    [
      'credentials beside it',
      { tokenReview: review, recheck: '60s', credentials: { clientId: 'a', secret: 'b' } },
      {},
      'opaque.credentials',
    ],
    ['signed answers', { tokenReview: review, recheck: '60s', signed: 'require' }, {}, 'opaque.signed'],
    ['opaque tokens', { tokenReview: review, recheck: '60s', match: { prefix: 'sa_v1_' } }, {}, 'opaque.match'],
    ['nobody who asks', { tokenReview: { server }, recheck: '60s' }, {}, 'opaque.tokenReview.bearerTokenFile'],
    [
      'plain http',
      { tokenReview: { ...review, server: 'http://kube.example' }, recheck: '60s' },
      {},
      'opaque.tokenReview.server',
    ],
    [
      'a query',
      { tokenReview: { ...review, server: `${server}/?a=b` }, recheck: '60s' },
      {},
      'opaque.tokenReview.server',
    ],
    [
      'an authority that is none',
      { tokenReview: { ...review, caFile: file('none') }, recheck: '60s' },
      {},
      'opaque.tokenReview.caFile',
    ],
    [
      'a token of two lines',
      { tokenReview: { ...review, bearerTokenFile: file('a\nb') }, recheck: '60s' },
      {},
      'opaque.tokenReview.bearerTokenFile',
    ],
    ['no audiences', { tokenReview: review, recheck: '60s' }, { audiences: 'any' }, 'opaque.tokenReview.audiences'],
    [
      'TR-03 the audience of the API server',
      { tokenReview: { ...review, audiences: [server] }, recheck: '60s' },
      {},
      'opaque.tokenReview.audiences[0]',
    ],
    [
      'TR-03 its own issuer as audience',
      { tokenReview: review, recheck: '60s' },
      { audiences: ['https://corp.example'] },
      'opaque.tokenReview.audiences',
    ],
  ])('%s', async (_name, opaque, others, path) => {
    const problems = await problemsOf(opaqueIssuer('corp', endpoint, { ...alone, ...opaque }, others));
    expect(problems.split('\n').map((line) => line.split(': ', 1)[0])).toContain(`issuers[0].${path}`);
  });

  it('what the registration says of its network need not be said twice', async () => {
    const network = { allowPrivate: true, bearerTokenFile };
    expect(
      await problemsOf(opaqueIssuer('corp', '', { ...alone, tokenReview: { server }, recheck: '60s' }, { network })),
    ).toBe('');
  });
});

it('JWTs of issuers of one name are never sent upstream: only keys tell whose they are', async () => {
  const same = { issuer: 'https://same.example' };
  const asked = opaqueIssuer('asked', endpoint, { jwt: 'introspect' }, same);
  const other = jwtIssuer('other', { ...same, keys: { jwksUri: 'https://same.example/keys' } });
  expect(await problemsOf(other, asked)).toContain('issuers[1].opaque.jwt: introspect');
});
