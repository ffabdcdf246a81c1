import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aCaller, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';

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
  const path = join(mkdtempSync(join(tmpdir(), 'assay-')), 'file');
  writeFileSync(path, text);
  return path;
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
    ['JWTs that are sent upstream', { jwt: 'introspect' }, {}, 'opaque.jwt'],
    ['a memory of more than a minute', { cache: { positive: '61s' } }, {}, 'opaque.cache.positive'],
    ['a long memory of what is not active', { cache: { negative: '6s' } }, {}, 'opaque.cache.negative'],
    ['an endpoint over plain http', { endpoint: 'http://login.corp.example/introspect' }, {}, 'opaque.endpoint'],
    ['Kubernetes TokenReview', { tokenReview: { server: 'https://kubernetes.default.svc' } }, {}, 'opaque.tokenReview'],
    ['answers that are signed', { signed: 'require' }, {}, 'opaque.signed'],
    ['metadata of what is no URL', { endpoint: 'auto' }, { issuer: 'corp' }, 'opaque.endpoint'],
    ['the profile of JWTs', {}, { profile: 'rfc9068' }, 'opaque'],
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
