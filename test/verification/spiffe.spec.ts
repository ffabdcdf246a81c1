import { describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/issuers/issuer.js';
import type { JsonObject } from '../../src/shared/json-value.js';
import { aKey, type TestKey } from '../builders/a-key.js';
import type { Members } from '../builders/a-token.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { NameWorld, reader } from './support/name-world.js';
import { onlyIssuer, prepared } from './support/prepared.js';
import { issuerOf } from './support/remembering.js';

const sub = 'spiffe://prod.corp.example/ns/shop/sa/orders';
const caller = reader('mesh', 'corp');
const key = aKey();

/** A bundle with these keys for JWT-SVIDs. */
const bundle = (keys: readonly TestKey[], more: JsonObject = {}): JsonObject => ({
  keys: keys.map(({ jwk: { kty, crv, x, y, kid } }) => ({ kty, crv, x, y, kid, use: 'jwt-svid' })),
  ...more,
});

const mesh = (place: object, more: object = {}) => ({
  id: 'mesh',
  spiffe: { trustDomain: 'prod.corp.example', bundle: place },
  ...more,
});

function fromFile(document: JsonObject, more: object = {}): Promise<Issuer> {
  return onlyIssuer(mesh({ file: 'bundle.json' }, more), { 'bundle.json': JSON.stringify(document) });
}

/** Asks about a token of the trust domain that has no `iss`, unless it is said otherwise. */
function ask(world: NameWorld, claims: Members = {}, header: Members = {}, by = key): Promise<string> {
  return world.ask(world.token(by, { iss: undefined, sub, ...claims }, { typ: undefined, ...header }), caller);
}

describe('JWT-SVIDs of a trust domain', () => {
  it.each([
    ['without iss', {}, {}, 'mesh'],
    ['with typ JWT', {}, { typ: 'JWT' }, 'mesh'],
    ['with typ JOSE', {}, { typ: 'JOSE' }, 'mesh'],
    ['without a kid', {}, { kid: undefined }, 'mesh'],
    ['of another trust domain', { sub: 'spiffe://evil.example/ns/shop/sa/orders' }, {}, 'issuer_missing'],
    ['of a name that begins alike', { sub: 'spiffe://prod.corp.example.evil/x' }, {}, 'issuer_missing'],
    ['of a subject that is no SPIFFE ID', { sub: 'orders' }, {}, 'issuer_missing'],
    ['of a SPIFFE ID with a port', { sub: 'spiffe://prod.corp.example:443/x' }, {}, 'issuer_missing'],
    ['without sub', { sub: undefined }, {}, 'issuer_missing'],
    ['with an iss that is not registered', { iss: 'https://spire.example' }, {}, 'issuer_unknown'],
    ['with its own trust domain as iss', { iss: 'spiffe://prod.corp.example' }, {}, 'issuer_unknown'],
    ['with an empty iss', { iss: '' }, {}, 'issuer_missing'],
    ['with another typ', {}, { typ: 'at+jwt' }, 'token_type_not_allowed of mesh'],
    ['with a jku', {}, { jku: 'https://evil.example/keys' }, 'header_invalid of mesh'],
    ['with a header nobody knows', {}, { x: 1 }, 'header_invalid of mesh'],
    ['without exp', { exp: undefined }, {}, 'claim_missing of mesh'],
    ['without aud', { aud: undefined }, {}, 'claim_missing of mesh'],
  ])('%s: %s', async (_name, claims, header, expected) => {
    using world = new NameWorld(await fromFile(bundle([key]), { audiences: 'any' }));
    await ask(world);
    expect(await ask(world, claims, header)).toBe(expected);
    expect(await ask(world, claims, header)).toBe(expected);
  });

  it('may name the issuer that is registered with the trust domain, and still are of no other trust domain', async () => {
    const iss = 'https://spire.corp.example';
    using world = new NameWorld(await fromFile(bundle([key]), { issuer: iss }));
    expect(await ask(world, { iss })).toBe('mesh');
    expect(await ask(world)).toBe('mesh');
    expect(await ask(world, { iss, sub: 'spiffe://evil.example/x' })).toBe('rule_failed of mesh');
    expect(await ask(world, { iss, sub: 'orders' })).toBe('rule_failed of mesh');
  });

  it('are the only tokens without iss that anybody accepts', async () => {
    using world = new NameWorld(issuerOf([key], { id: 'corp' }));
    expect(await ask(world)).toBe('issuer_missing');
    expect(await ask(world, { iss: 'https://login.corp.example', sub: 'orders' })).toBe('corp');
  });

  it.each(['x509-svid', 'wit-svid', 'sig', undefined])('are signed with no key for %s', async (use) => {
    const { keys } = bundle([key]) as { keys: JsonObject[] };
    using world = new NameWorld(await fromFile({ keys: [{ ...keys[0]!, ...(use === undefined ? {} : { use }) }] }));
    const other = { keys: [Object.fromEntries(Object.entries(keys[0]!).filter(([name]) => name !== 'use'))] };
    using without = new NameWorld(await fromFile(use === undefined ? other : { keys: [{ ...keys[0]!, use }] }));
    expect(await ask(without)).toBe('key_unknown of mesh');
    expect(await ask(world)).toBe(use === undefined ? 'mesh' : 'key_unknown of mesh');
  });
});

describe('the bundle of a trust domain', () => {
  async function served(document: JsonObject) {
    const fake = await FakeIssuer.start();
    fake.publishDocument(document);
    const raw = mesh({ url: fake.jwksUri, profile: 'https_web' }, { network: { allowPrivate: true } });
    const issuer = await onlyIssuer(raw);
    const registered = { ...issuer, freshness: { ...issuer.freshness, minSpacingMs: 1 } };
    const world = new NameWorld(registered);
    const refresh = async (next: JsonObject): Promise<string> => {
      fake.publishDocument(next);
      await world.keys.keys.refreshNow(registered);
      return ask(world);
    };
    const results = (): string | undefined => world.keys.events.results('mesh').at(-1);
    const dispose = async (): Promise<void> => {
      world[Symbol.dispose]();
      await fake.stop();
    };
    return { world, refresh, results, registered, [Symbol.asyncDispose]: dispose };
  }

  it.each([
    ['has no keys', bundle([])],
    ['has keys for X.509 alone', { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', use: 'x509-svid' }] }],
    ['has another key', bundle([aKey()])],
  ])('revokes at once what it does not have any more: it %s', async (_name, next) => {
    await using b = await served(bundle([key]));
    expect(await ask(b.world)).toBe('mesh');
    expect(await b.refresh(next)).toBe('key_unknown of mesh');
    expect(b.results()).toBe('published');
  });

  it('is no outage where it has had no keys from the start', async () => {
    await using b = await served(bundle([]));
    expect(await ask(b.world)).toBe('key_unknown of mesh');
    expect(await b.refresh(bundle([key]))).toBe('mesh');
  });

  it('is not believed where it is no bundle', async () => {
    await using b = await served(bundle([key]));
    expect(await ask(b.world)).toBe('mesh');
    expect(await b.refresh({ error: 'away' })).toBe('mesh');
    expect(b.results()).toBe('key_set');
  });

  it.each([
    ['lower', [7, 6], 'rollback', 'mesh'],
    ['lower, after one that did not say', [7, undefined, 6], 'rollback', 'mesh'],
    ['the same', [7, 7], 'published', 'key_unknown of mesh'],
    ['higher', [7, 8], 'published', 'key_unknown of mesh'],
  ])('is counted: a sequence that is %s', async (_name, sequences, result, verdict) => {
    const counted = (keys: readonly TestKey[], sequence: number | undefined): JsonObject =>
      bundle(keys, sequence === undefined ? {} : { spiffe_sequence: sequence });
    const [first, ...rest] = sequences;
    await using b = await served(counted([key], first));
    expect(await ask(b.world)).toBe('mesh');
    for (const sequence of rest.slice(0, -1)) expect(await b.refresh(counted([key], sequence))).toBe('mesh');
    expect(await b.refresh(counted([aKey()], rest.at(-1)))).toBe(verdict);
    expect(b.results()).toBe(result);
  });

  it.each([
    [1, 60],
    [120, 120],
    [86_400, 300],
    [undefined, 300],
  ])('asks to be read again after %s seconds, and is after %s', async (hint, seconds) => {
    await using b = await served(bundle([key], hint === undefined ? {} : { spiffe_refresh_hint: hint }));
    await ask(b.world);
    const { nextRefreshInMs = 0 } = b.world.keys.keys.freshnessOf(b.registered) ?? {};
    // Replicas are due at different moments in the last tenth.
    expect(nextRefreshInMs).toBeLessThanOrEqual(seconds * 1_000);
    expect(nextRefreshInMs).toBeGreaterThan(seconds * 890);
  });

  it('may be a file, which may say that all keys are revoked', async () => {
    using world = new NameWorld(await fromFile(bundle([])));
    expect(await ask(world)).toBe('key_unknown of mesh');
  });
});

describe('a trust domain is refused', () => {
  it.each([
    ['with EdDSA', mesh({ url: 'https://x.example/b' }, { algorithms: ['EdDSA'] }), 'algorithms'],
    ['with tokens without exp', mesh({ url: 'https://x.example/b' }, { requireExpiry: false }), 'requireExpiry'],
    ['with two places', mesh({ url: 'https://x.example/b', file: 'bundle.json' }), 'spiffe.bundle'],
    ['with no place', mesh({}), 'spiffe.bundle'],
    ['over http', mesh({ url: 'http://x.example/b' }), 'spiffe.bundle.url'],
    ['with a file that is no bundle', mesh({ file: 'none.json' }), 'spiffe.bundle.file'],
    [
      'in upper case',
      { id: 'x', spiffe: { trustDomain: 'Prod', bundle: { url: 'https://x.example/b' } } },
      'spiffe.trustDomain',
    ],
  ])('%s', async (_name, raw, path) => {
    expect((await prepared([raw])).paths).toEqual([`issuers[0].${path}`]);
  });

  it('with the profile https_spiffe, and is told what to do instead', async () => {
    const { paths, problems } = await prepared([mesh({ url: 'https://x.example/b', profile: 'https_spiffe' })]);
    expect(paths).toEqual(['issuers[0].spiffe.bundle.profile']);
    expect(problems[0]?.expected).toMatch(/^https_web; .*file with the bundle that spiffe-helper writes/);
  });

  it('and so is an issuer without identifier that is none', async () => {
    expect((await prepared([{ id: 'x', keys: { jwksUri: 'https://x.example/keys' } }])).paths).toEqual([
      'issuers[0].issuer',
    ]);
  });
});
