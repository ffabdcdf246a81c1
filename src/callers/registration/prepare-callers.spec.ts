import { describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../../../test/builders/a-key.js';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { aCaller, identifier, type Registration } from '../../../test/callers/reception.js';
import { FileText } from '../../shared/configuration/field.js';
import { noPause } from '../../shared/pause.js';
import { grants, hasAnyRight } from '../caller.js';
import type { AssertionSection } from '../methods/assertion/prepare-assertions.js';
import { prepareCallers } from './prepare-callers.js';

const secret = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';
const key = aKey();

async function prepare(callers: readonly Registration[], differences: { identifier?: string | undefined } = {}) {
  const recorded = new RecordedProblems();
  const context = { identifier, place: recorded.place('callers'), pause: noPause, ...differences };
  const prepared = await prepareCallers(callers.map(aCaller), context);
  const { problems, warnings, paths } = recorded;
  return { prepared, problems, warnings, paths };
}

describe('prepareCallers', () => {
  it('makes a registration with every method ready', async () => {
    const { prepared, problems, warnings } = await prepare([
      {
        secrets: [secret],
        assertion: { jwks: aJwks(key), algorithms: ['ES256'] },
        certificate: { sanDns: 'orders.example' },
        token: { issuer: 'k8s', subject: 'system:serviceaccount:shop:orders', audience: identifier },
        issuers: ['corp'],
        audiences: ['https://api.corp.example'],
        claims: ['sub'],
      },
    ]);
    expect([problems, warnings]).toEqual([[], []]);
    expect(prepared).toHaveLength(1);
    const { caller, methods } = prepared[0]!;
    expect(grants(caller.issuers, 'corp')).toBe(true);
    expect(grants(caller.issuers, 'k8s')).toBe(false);
    expect(hasAnyRight(caller)).toBe(true);
    expect(methods.assertion).toMatchObject({
      id: 'caller:orders-api',
      issuer: 'orders-api',
      algorithms: new Set(['ES256']),
    });
    expect([methods.certificate, methods.bearer?.issuer]).toEqual(['dns orders.example', 'k8s']);
  });

  it('ends no tokens unless it says which, and those for its audiences only where it has some', async () => {
    const audiences = ['https://api.corp.example'];
    const { prepared, problems } = await prepare([
      { secrets: [secret], audiences },
      { id: 'billing', secrets: [secret], audiences, revoke: 'audience' },
    ]);
    expect(problems).toEqual([]);
    expect(prepared.map(({ caller }) => caller.revoke)).toEqual(['none', 'audience']);
    const refused = await prepare([{ secrets: [secret], audiences: 'any', revoke: 'audience' }]);
    expect(refused.problems).toEqual([expect.objectContaining({ path: 'callers[0].revoke' })]);
  });

  it('a profile for proxies needs no way to authenticate, and tells what it was told to', async () => {
    const resourceMetadata = 'https://api.corp.example/.well-known/oauth-protected-resource';
    const { prepared, problems } = await prepare([
      { id: 'edge', proxy: true },
      { id: 'api', proxy: true, resourceMetadata },
    ]);
    expect(problems).toEqual([]);
    expect(prepared.map(({ proxy }) => proxy)).toEqual([
      { allowPreflight: false },
      { allowPreflight: false, resourceMetadata },
    ]);
  });

  it('a caller is no profile for proxies unless it says so', async () => {
    expect((await prepare([{ secrets: [secret] }])).prepared[0]?.proxy).toBeUndefined();
  });

  it.each<[string, Registration]>([
    ['callers[0]', {}],
    ['callers[0].id', { id: '', secrets: [secret] }],
    ['callers[0].id', { id: 'a\nb', secrets: [secret] }],
    ['callers[0].id', { id: 'x'.repeat(257), secrets: [secret] }],
    ['callers[0].secrets', { secrets: [] }],
    ['callers[0].secrets', { secrets: [1, 2, 3, 4, 5].map((i) => `${secret}-${i}`) }],
    ['callers[0].secrets[1]', { secrets: [secret, 'seven77'] }],
    ['callers[0].secrets[0]', { secrets: [''] }],
    ['callers[0].secrets[0]', { secrets: [`${secret}\n`] }],
    ['callers[0].secrets[0]', { secrets: ['x'.repeat(1025)] }],
    ['callers[0].certificate', { certificate: {} }],
    ['callers[0]', { secrets: [secret], resourceMetadata: 'https://api.corp.example/metadata' }],
    ['callers[0]', { secrets: [secret], tokenFrom: [{ header: 'X-Token' }] }],
    ['callers[0]', { secrets: [secret], allowPreflight: true }],
    ['callers[0].tokenFrom', { proxy: true, tokenFrom: [] }],
    ['callers[0].tokenFrom[0].header', { proxy: true, tokenFrom: [{ header: 'X-Auth-Subject' }] }],
    ['callers[0].tokenFrom[0].header', { proxy: true, tokenFrom: [{ header: 'x_auth_token' }] }],
    ['callers[0].tokenFrom[0].header', { proxy: true, tokenFrom: [{ header: 'Cookie' }] }],
    ['callers[0].tokenFrom[1].header', { proxy: true, tokenFrom: [{ header: 'X-Token' }, { header: 'x-token' }] }],
    ['callers[0]', { secrets: [secret], resource: 'https://api.corp.example' }],
    ['callers[0]', { secrets: [secret], scopeImplies: new Map([['a', ['b']]]) }],
    [
      'callers[0].scopeImplies.b[0]',
      {
        proxy: true,
        scopeImplies: new Map([
          ['a', ['b']],
          ['b', ['a']],
        ]),
      },
    ],
    ['callers[0].resourceMetadata', { proxy: true, resourceMetadata: 'metadata' }],
    ['callers[0].resourceMetadata', { proxy: true, resourceMetadata: 'http://api.corp.example/metadata' }],
    ['callers[0].resourceMetadata', { proxy: true, resourceMetadata: 'https://api.corp.example/"' }],
    ['callers[0].resourceMetadata', { proxy: true, resourceMetadata: 'https://api.corp.example/\r\nx: y' }],
    ['callers[0].certificate', { certificate: { sanDns: 'a.example', sanUri: 'spiffe://a/b' } }],
    ['callers[0].certificate', { certificate: { sanDns: '*.example' } }],
    ['callers[0].assertion', { assertion: {} }],
    ['callers[0].assertion', { assertion: { jwks: aJwks(key), jwksUri: 'https://a.example/jwks' } }],
    ['callers[0].assertion.jwks', { assertion: { jwks: { keys: [] } } }],
    ['callers[0].assertion.jwks.keys[0]', { assertion: { jwks: { keys: ['a'] } } }],
    ['callers[0].assertion.jwks.keys[1]', { assertion: { jwks: { keys: [key.jwk, { ...key.jwk, d: 'x' }] } } }],
    ['callers[0].assertion.jwks.keys[0]', { assertion: { jwks: { keys: [{ kty: 'oct', k: 'x' }] } } }],
    ['callers[0].assertion.jwks', { assertion: { jwks: aJwks(key), algorithms: ['RS256'] } }],
    ['callers[0].assertion.jwksUri', { assertion: { jwksUri: 'http://a.example/jwks' } }],
    ['callers[0].assertion.jwksUri', { assertion: { jwksUri: 'not a url' } }],
    ['callers[0].assertion.network', { assertion: { jwks: aJwks(key), network: { allowPrivate: true } } }],
    [
      'callers[0].assertion.network.caFile',
      {
        assertion: {
          jwksUri: 'https://a.example/jwks',
          network: { allowPrivate: false, caFile: new FileText('/ca.crt', 'no PEM') },
        },
      },
    ],
    [
      'callers[0].assertion.network.bearerTokenFile',
      {
        assertion: {
          jwksUri: 'https://a.example/jwks',
          network: { allowPrivate: false, bearerTokenFile: new FileText('/token', 'two words') },
        },
      },
    ],
  ])('reports %s of %j', async (path, terms) => {
    const { prepared, paths } = await prepare([terms]);
    expect(paths).toEqual([path]);
    expect(prepared).toEqual([]);
  });

  it('needs to know its own identifier for assertions', async () => {
    expect((await prepare([{ assertion: { jwks: aJwks(key) } }], { identifier: undefined })).problems).toEqual([
      expect.objectContaining({ path: 'callers[0].assertion', found: 'no server.identifier' }),
    ]);
  });

  it('reports callers that could not be told apart', async () => {
    const token = { issuer: 'k8s', subject: 'a', audience: 'b' };
    expect((await prepare([{ token }, { id: 'b', token: { ...token, audience: 'c' } }])).paths).toEqual([
      'callers[1].token.subject',
    ]);
  });

  it('reports everything at once', async () => {
    const { paths } = await prepare([{ id: '', secrets: ['short'], certificate: {} }, {}]);
    expect(paths).toEqual(['callers[0].id', 'callers[0].secrets[0]', 'callers[0].certificate', 'callers[1]']);
  });

  it('R6749-12 warns of secrets that could be guessed, and accepts them', async () => {
    const { prepared, problems, warnings } = await prepare([{ secrets: ['only-21-characters-xx'] }]);
    expect([prepared.length, problems]).toEqual([1, []]);
    expect(warnings.map(({ path }) => path)).toEqual(['callers[0].secrets[0]']);
  });

  it('I-10 never says a secret', async () => {
    const canary = 'canary';
    const said = JSON.stringify(
      await prepare([{ secrets: [canary, `${canary}\n-and-more-than-that`, 'canary-of-14-c'] }]),
    );
    expect(said).not.toContain(canary);
  });

  it('reaches the keys of a caller as its network says, like those of an issuer', async () => {
    const network = { allowPrivate: true, bearerTokenFile: new FileText('/token', 'opaque\n') };
    const { prepared, problems } = await prepare([{ assertion: { jwksUri: 'http://127.0.0.1:8000/jwks', network } }]);
    expect(problems).toEqual([]);
    expect(prepared[0]?.methods.assertion).toMatchObject({
      keys: { kind: 'jwksUri', url: 'http://127.0.0.1:8000/jwks' },
      network: { allowPrivate: true, bearerToken: 'opaque' },
    });
  });

  it('changes the fingerprint of the key source exactly when the keys may be others', async () => {
    const fingerprintOf = async (assertion: AssertionSection) =>
      (await prepare([{ assertion }])).prepared[0]?.methods.assertion?.keySourceFingerprint;
    const jwks = aJwks(key);
    const usual = await fingerprintOf({ jwks });
    expect(await fingerprintOf({ jwks })).toBe(usual);
    const others = [
      { jwks: aJwks(aKey()) },
      { jwks, algorithms: ['ES256'] } as const,
      { jwksUri: 'https://a.example/jwks' },
      { jwksUri: 'https://a.example/jwks', network: { allowPrivate: true } },
    ];
    for (const other of others) expect(await fingerprintOf(other)).not.toBe(usual);
  });
});
