import { describe, expect, it } from 'vitest';
import { aKey } from '../builders/a-key.js';
import { usualAudience } from '../builders/claim-terms.js';
import { NameWorld, reader } from './support/name-world.js';
import { prepared } from './support/prepared.js';

const own = aKey('ES256', { kid: 'own' });
const others = aKey('ES256', { kid: 'others' });
const caller = reader('inhouse', 'corp');

const inhouse = (more: object = {}) => ({
  id: 'inhouse',
  issuer: 'tokens.corp.example',
  keys: { jwks: { keys: [own.jwk] } },
  audiences: [usualAudience],
  allowMissingIss: true,
  ...more,
});
const corp = (more: object = {}) => ({
  id: 'corp',
  issuer: 'https://login.corp.example',
  keys: { jwks: { keys: [others.jwk] } },
  audiences: [usualAudience],
  ...more,
});

const worldOf = async (...issuers: readonly object[]): Promise<NameWorld> => {
  const { prepared: all, problems } = await prepared(issuers);
  expect(problems).toEqual([]);
  return new NameWorld(...all);
};

describe('a registration whose tokens may have no iss', () => {
  it.each([
    ['without iss', own, {}, 'inhouse'],
    ['with its identifier', own, { iss: 'tokens.corp.example' }, 'inhouse'],
    ['without iss, of a key of another registration', others, {}, 'key_unknown of inhouse'],
    ['without iss, for somebody else', own, { aud: 'https://other.example' }, 'audience_mismatch of inhouse'],
    ['with an iss that nobody has', own, { iss: 'https://evil.example' }, 'issuer_unknown'],
    ['with the iss of another registration', own, { iss: 'https://login.corp.example' }, 'key_unknown of corp'],
    ['with an empty iss', own, { iss: '' }, 'issuer_missing'],
    ['with null for iss', own, { iss: null }, 'claim_malformed'],
    ['with a SPIFFE ID, whose trust domain nobody registered', own, { sub: 'spiffe://x.example/a' }, 'issuer_missing'],
  ])('%s', async (_name, key, claims, expected) => {
    using world = await worldOf(inhouse(), corp());
    const token = world.token(key, { iss: undefined, ...claims });
    expect(await world.ask(token, caller)).toBe(expected);
    expect(await world.ask(token, caller)).toBe(expected);
  });

  it('is the only one: by itself, a token without iss is nobody', async () => {
    using world = await worldOf(inhouse({ allowMissingIss: false }), corp());
    expect(await world.ask(world.token(own, { iss: undefined }), caller)).toBe('issuer_missing');
  });

  it('gives its tokens to those callers alone that may see them', async () => {
    using world = await worldOf(inhouse(), corp());
    expect(await world.ask(world.token(own, { iss: undefined }), reader('corp'))).toContain(
      'caller_issuer_not_granted',
    );
  });
});

describe('what is refused beside it', () => {
  it.each([
    ['any audience', [inhouse({ audiences: 'any' })], 'issuers[0].allowMissingIss'],
    ['the profile that demands iss', [inhouse({ profile: 'rfc9068' })], 'issuers[0].allowMissingIss'],
    ['a second one', [inhouse(), corp({ allowMissingIss: true })], 'issuers[1].allowMissingIss'],
    ['an identifier of two', [inhouse(), corp({ issuer: 'tokens.corp.example' })], 'issuers[0].allowMissingIss'],
    ['keys of two', [corp(), inhouse({ keys: corp().keys })], 'issuers[1].allowMissingIss'],
  ])('%s', async (_name, issuers, path) => {
    expect((await prepared(issuers)).paths).toEqual([path]);
  });
});
