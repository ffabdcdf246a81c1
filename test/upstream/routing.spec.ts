import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { text, ThreeIssuers } from './support/three-issuers.js';

let three: ThreeIssuers;
let { world, zitadel, hydra, okta } = {} as ThreeIssuers;

beforeAll(async () => {
  three = await ThreeIssuers.open();
  ({ world, zitadel, hydra, okta } = three);
});

afterAll(() => three.close());

beforeEach(() => {
  three.forget();
});

it('OPQ-01 OPQ-12 exactly one upstream, or none: each gets its own tokens and our credentials for it, nobody a JWT', () =>
  three.expectEachItsOwn(150));

describe('OPQ-02 the rules', () => {
  it('(1) a JWT goes the local way, good or broken, whatever the rules say of it', async () => {
    const jwt = world.jwt('okta');
    expect(await world.verdict(jwt, { caller: 'okta-only' })).toMatchObject({
      active: true,
      iss: 'https://okta.example',
    });
    const alike = [
      jwt.slice(0, -3),
      `${jwt}~`,
      jwt.replaceAll('.', '..'),
      `${jwt}.`,
      `zt_v1_${jwt}`,
      `${jwt}.${jwt}`,
      jwt.split('.')[0]! + '.x',
    ];
    for (const token of alike) {
      expect(typeof (await world.verdict(token, { caller: 'orders' }))).toBe('string');
      expect(typeof (await world.verdict(token, { caller: 'okta-only', hint: 'okta' }))).toBe('string');
    }
    expect([zitadel, hydra, okta].flatMap((each) => each.tokens)).toEqual([]);
  });

  it('(2) the prefix says whose a token is; with another length it is nobody’s', async () => {
    expect(await world.verdict(`zt_v1_${text()}`)).toMatchObject({ active: true, iss: 'https://zitadel.example' });
    expect(await world.verdict('ory_at_short')).toBe('opaque_unroutable');
    expect(hydra.received).toEqual([]);
  });

  it('(3) a caller with one opaque issuer: what has its length', async () => {
    expect(await world.verdict(text(), { caller: 'okta-only' })).toMatchObject({ iss: 'https://okta.example' });
    expect(await world.verdict(text(33), { caller: 'okta-only' })).toBe('opaque_unroutable');
    expect(await world.verdict(text(), { caller: 'orders' })).toBe('opaque_unroutable');
    expect(await world.verdict(text(), { caller: 'hydra-only' })).toBe('opaque_unroutable');
    expect(okta.received).toHaveLength(1);
  });

  it('(4) issuer_hint, only among the issuers that the caller is granted', async () => {
    expect(await world.verdict(text(), { hint: 'okta' })).toMatchObject({ iss: 'https://okta.example' });
    expect(await world.verdict(text(), { caller: 'hydra-only', hint: 'okta' })).toBe('opaque_unroutable');
    expect(await world.verdict(text(), { hint: 'corp' })).toBe('opaque_unroutable');
    expect(await world.verdict(text(), { hint: 'nobody' })).toBe('opaque_unroutable');
    expect(await world.verdict(text(), { hint: 'zitadel' })).toBe('opaque_unroutable');
    expect(okta.received).toHaveLength(1);
    expect(zitadel.received).toEqual([]);
  });

  it('nobody is asked where a prefix and a hint do not agree', async () => {
    expect(await world.verdict(`zt_v1_${text()}`, { hint: 'okta' })).toBe('opaque_unroutable');
    expect(await world.verdict(`zt_v1_${text()}`, { hint: 'zitadel' })).toMatchObject({ active: true });
    expect([zitadel, okta].map((each) => each.received.length)).toEqual([1, 0]);
  });
});

describe('OPQ-03 what costs no call', () => {
  it('a caller without the issuer’s grant', async () => {
    expect(await world.verdict(`zt_v1_${text()}`, { caller: 'jwt-only' })).toBe('caller_issuer_not_granted');
    expect(await world.verdict(text(), { caller: 'jwt-only' })).toBe('opaque_unroutable');
    expect([zitadel, hydra, okta].flatMap((each) => each.received)).toEqual([]);
  });

  it.each([['zt_v1_\n'], ['zt_v1_a b'], ['zt_v1_"a"'], ['zt_v1_é'], ['zt_v1_\0'], [`zt_v1_${'a'.repeat(4_096)}`]])(
    'a text that is no token: %#',
    async (token) => {
      expect(await world.verdict(token)).toMatch(/^(opaque_unroutable|malformed|oversized)$/);
      expect(zitadel.received).toEqual([]);
    },
  );
});

describe('an issuer by caller alone', () => {
  let alone: OpaqueWorld | undefined;

  afterEach(() => alone?.close());

  it('needs a length, or the word that all are meant', async () => {
    okta.behave = () => alone!.good();
    alone = await OpaqueWorld.open([opaqueIssuer('okta', okta.endpoint, { match: { byCaller: true } })]);
    expect(await alone.verdict('anything')).toMatchObject({ active: true });
    await alone.close();
    alone = await OpaqueWorld.open([opaqueIssuer('okta', okta.endpoint)]);
    expect(await alone.verdict('anything')).toBe('opaque_unroutable');
    expect(await alone.verdict('anything', { hint: 'okta' })).toMatchObject({ active: true });
  });
});
