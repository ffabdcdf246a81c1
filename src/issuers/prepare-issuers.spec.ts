import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { FileText, unreadable } from '../shared/configuration/field.js';
import { noPause } from '../shared/pause.js';
import { readSection } from '../shared/configuration/read-section.js';
import type { Issuer } from './issuer.js';
import { IssuerSection } from './issuers.config.js';
import { prepareIssuers } from './prepare-issuers.js';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk = publicKey.export({ format: 'jwk' });

/** Files that these configurations name. */
const files: Record<string, string> = {
  'public.pem': publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  'private.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'keys.json': JSON.stringify({ keys: [publicJwk] }),
  'twice.json': '{"keys":[],"keys":[]}',
  token: '  service-account-token\n',
  'two-lines': 'hunter2\nhunter3',
  'ca.crt': 'not a certificate',
};

async function prepare(...issuers: object[]) {
  const recorded = new RecordedProblems();
  const place = recorded.place('issuers');
  const { problems, warnings } = recorded;
  const sections = issuers.map((raw, i) => {
    const file = (name: string): FileText => new FileText(`/etc/assay/${name}`, files[name] ?? '');
    const reading = { file, isSubstituted: () => false, isDemo: false };
    const section = readSection(IssuerSection, { ...usual, ...raw }, place.at(i), reading);
    if (section === unreadable) throw new Error(JSON.stringify(problems));
    return section;
  });
  const prepared = await prepareIssuers(sections, { place, nowMs: Date.parse('2026-11-21'), pause: noPause });
  return { prepared, problems, warnings };
}

const usual = {
  id: 'corp',
  issuer: 'https://login.corp.example',
  algorithms: ['ES256'],
  audiences: ['https://api.corp.example'],
};

async function only(raw: object): Promise<Issuer> {
  const { prepared, problems } = await prepare(raw);
  expect(problems).toEqual([]);
  expect(prepared).toHaveLength(1);
  return prepared[0]!;
}

describe('prepareIssuers', () => {
  it('fills in what the configuration leaves out', async () => {
    expect(await only({})).toMatchObject({
      id: 'corp',
      issuer: 'https://login.corp.example',
      algorithms: new Set(['ES256']),
      tokenTypes: new Set(['at+jwt', 'jwt', 'none']),
      keys: { kind: 'discovery', mode: 'auto', jwksHosts: [] },
      freshness: {
        refreshMs: 300_000,
        hardTtlMs: 14_400_000,
        missCooldownMs: 30_000,
        missBurst: 3,
        minSpacingMs: 2_000,
        removal: 'confirm',
      },
      network: { allowPrivate: false },
      criticality: 'normal',
    });
  });

  it('takes settings as they are written', async () => {
    const issuer = await only({
      keys: { discovery: 'oidc', discoveryUrl: 'https://internal.example/metadata', jwksHosts: ['KEYS.example'] },
      tokenTypes: ['application/at+JWT'],
      freshness: {
        refresh: '1s',
        hardTtl: '2s',
        missCooldown: '1s',
        missBurst: 1,
        minSpacing: '1s',
        removal: 'immediate',
      },
      network: { allowPrivate: true, bearerTokenFile: 'token' },
      usernameClaim: 'preferred_username',
      defaultClientId: 'corp-default',
    });

    expect(issuer).toMatchObject({
      keys: { kind: 'discovery', mode: 'oidc', url: 'https://internal.example/metadata', jwksHosts: ['keys.example'] },
      tokenTypes: new Set(['at+jwt']),
      freshness: { refreshMs: 1_000, hardTtlMs: 2_000, missCooldownMs: 1_000, missBurst: 1, minSpacingMs: 1_000 },
      network: { allowPrivate: true, bearerToken: 'service-account-token' },
      username: { text: 'preferred_username' },
      defaultClientId: 'corp-default',
    });
  });

  it.each([
    ['jwksUri', { jwksUri: 'https://keys.example/jwks' }, { kind: 'jwksUri', url: 'https://keys.example/jwks' }],
    ['jwks', { jwks: { keys: [publicJwk] } }, { kind: 'static', jwks: { keys: [publicJwk] } }],
    ['jwksFile', { jwksFile: 'keys.json' }, { kind: 'static', jwks: { keys: [publicJwk] } }],
    ['pemFile', { pemFile: 'public.pem' }, { kind: 'static', jwks: { keys: [publicJwk] }, allowKidless: true }],
  ])('reads keys from %s', async (_place, keys, expected) => {
    expect((await only({ keys })).keys).toEqual(expected);
  });

  it.each([
    ['a private key in PEM', { keys: { pemFile: 'private.pem' } }, 'issuers[0].keys.pemFile', 'holds a private key'],
    [
      'a private key in a JWK Set',
      { keys: { jwks: { keys: [privateKey.export({ format: 'jwk' })] } } },
      'issuers[0].keys.jwks.keys[0]',
      'a private or symmetric key',
    ],
    [
      'a key that is none',
      { keys: { jwks: { keys: [{ kty: 'EC' }] } } },
      'issuers[0].keys.jwks.keys[0]',
      'cannot be read',
    ],
    [
      'keys that no algorithm of the issuer fits',
      { keys: { pemFile: 'public.pem' }, algorithms: ['RS256'] },
      'issuers[0].keys.pemFile',
      'no key for any of algorithms',
    ],
    [
      'keys for something else than signatures',
      { keys: { jwks: { keys: [{ ...publicJwk, use: 'enc' }] } } },
      'issuers[0].keys.jwks',
      'no key for any of algorithms',
    ],
    ['no keys', { keys: { jwks: { keys: [] } } }, 'issuers[0].keys.jwks', 'no list of keys'],
    ['a duplicate member', { keys: { jwksFile: 'twice.json' } }, 'issuers[0].keys.jwksFile', 'no list of keys'],
    ['plain http', { keys: { jwksUri: 'http://keys.example/' } }, 'issuers[0].keys.jwksUri', 'not an https URL'],
    [
      'a bad bearer token',
      { network: { bearerTokenFile: 'two-lines' } },
      'issuers[0].network.bearerTokenFile',
      'something else',
    ],
    ['a bad authority', { network: { caFile: 'ca.crt' } }, 'issuers[0].network.caFile', 'no certificate'],
  ])('reports %s', async (_case, raw, path, found) => {
    const { prepared, problems } = await prepare(raw);

    expect(problems).toEqual([expect.objectContaining({ path, found: expect.stringContaining(found) as string })]);
    expect(prepared).toEqual([]);
  });

  it('shows no part of what it refuses', async () => {
    const { problems } = await prepare({ keys: { pemFile: 'private.pem' }, network: { bearerTokenFile: 'two-lines' } });

    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/MI[GH]|hunter/);
  });

  it('B-11 warns of two issuers with one key set', async () => {
    const keys = { jwksUri: 'https://keys.example/jwks' };
    const { prepared, warnings } = await prepare({ keys }, { id: 'other', issuer: 'https://other.example', keys });

    expect(prepared).toHaveLength(2);
    expect(warnings).toEqual([expect.objectContaining({ path: 'issuers[1].keys.jwksUri' })]);
  });

  it('changes the fingerprint where the keys would be those of somebody else, and nowhere else', async () => {
    const base = (await only({})).keySourceFingerprint;

    for (const same of [
      { id: 'renamed' },
      { audiences: 'any' },
      { freshness: { refresh: '1m' } },
      { network: { bearerTokenFile: 'token' } },
      { criticality: 'critical' },
      { algorithms: ['RS256'] },
      { network: { allowPrivate: true } },
    ]) {
      expect((await only(same)).keySourceFingerprint).toBe(base);
    }
    for (const other of [
      { issuer: 'https://login.corp.example/' },
      { keys: { discovery: 'oidc' } },
      { keys: { jwksUri: 'https://login.corp.example/jwks' } },
    ]) {
      expect((await only(other)).keySourceFingerprint).not.toBe(base);
    }
  });

  it('judges a caller by its own audience, and not by the rules for others', async () => {
    const issuer = await only({ rules: [{ claim: 'tenant', equals: 'acme' }], requiredClaims: ['scope'] });
    const nowSeconds = Date.parse('2026-11-21') / 1_000;
    const claims = {
      iss: issuer.issuer,
      sub: 'orders',
      aud: 'https://assay.example',
      exp: nowSeconds + 60,
      iat: nowSeconds,
    };
    const jwt = { header: { alg: 'ES256' as const }, claims, keyThumbprint: 'x' } as never;

    expect(issuer.callerPolicy('https://assay.example').refuse(jwt, nowSeconds)).toBeUndefined();
    expect(issuer.callerPolicy('https://other.example').refuse(jwt, nowSeconds)).toMatchObject({
      code: 'audience_mismatch',
    });
    expect(issuer.policy.refuse(jwt, nowSeconds)).toBeDefined();
  });

  it.each([2 ** 53, -(2 ** 53), Infinity, -Infinity, NaN])('refuses a rule that compares with %d', async (number) => {
    for (const comparison of [{ equals: number }, { oneOf: [1, number] }]) {
      await expect(prepare({ rules: [{ claim: 'n', ...comparison }] })).rejects.toThrow('no reader rounds');
    }
  });

  it('shares rules between issuers that say the same, and no others', async () => {
    const tenant = { id: 'tenant', issuer: 'https://tenant.example' };
    const rule = { claim: 'tenant', equals: '1' };
    const different = [
      { algorithms: ['RS256'] },
      { tokenTypes: ['at+jwt'] },
      { deniedKeys: ['A'.repeat(43)] },
      { clockTolerance: '1s' },
      { maxLifetime: '1m' },
      { audiences: 'any' },
      { requiredClaims: ['scope'] },
      { rules: [rule] },
      { rules: [{ ...rule, equals: 1 }] },
      { requireExpiry: false },
      { allowIdTokens: true },
      { profile: 'rfc9068' },
    ];
    const { prepared, problems } = await prepare(
      {},
      { ...tenant, criticality: 'critical', freshness: { refresh: '1m' }, usernameClaim: 'email' },
      ...different.map((more, i) => ({ id: `i${i}`, issuer: `https://${i}.example`, ...more })),
    );
    expect(problems).toEqual([]);
    const policies = prepared.map(({ policy }) => policy);
    expect(policies[1]).toBe(policies[0]);
    expect(prepared[1]).toMatchObject({ id: 'tenant', criticality: 'critical', username: { text: 'email' } });
    expect(new Set(policies).size).toBe(policies.length - 1);
  });
});
