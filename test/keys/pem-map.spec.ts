import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pemMapReader } from '../../src/keys/source/parse-pem-map.js';
import { SystemClock } from '../../src/shared/clock.js';
import { noPause } from '../../src/shared/pause.js';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import { FakeIssuer, sendJson } from '../fakes/fake-issuer.js';
import { TestAuthority } from './support/certificates.js';
import { headerOf, issuerAt, KeyWorld, quick } from './support/key-world.js';

const read = pemMapReader(new SystemClock());
const es256 = new Set<Algorithm>(['ES256']);
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = ec.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** What a map becomes: names of its keys, and why others are not used. */
async function outcome(map: unknown, allowed: ReadonlySet<Algorithm> = es256): Promise<object> {
  const text = typeof map === 'string' ? map : JSON.stringify(map);
  const { keys, dropped, doubted } = await read(Buffer.from(text), allowed, noPause);
  return {
    kids: keys.map(({ key }) => key.kid),
    dropped: Object.fromEntries(dropped),
    doubted: Object.fromEntries(doubted ?? []),
  };
}

const used = (kids: readonly string[], more: object = {}) => ({ kids, dropped: {}, doubted: {}, ...more });

describe('a map of PEM texts', () => {
  it('names certificates and public keys', async () => {
    const { cert } = await (await TestAuthority.create()).issue({});

    expect(await outcome({ a: publicPem, b: cert })).toEqual(used(['a', 'b']));
  });

  it('takes the algorithm from the registration', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ type: 'spki', format: 'pem' });
    const { keys } = await read(Buffer.from(JSON.stringify({ r: rsa })), new Set(['PS256', 'RS256']), noPause);

    expect([...(keys[0]?.key.verifiers.keys() ?? [])]).toEqual(expect.arrayContaining(['RS256', 'PS256']));
    expect(await outcome({ r: rsa })).toMatchObject({ kids: [], dropped: { algorithm_not_allowed: 1 } });
  });

  it('uses the key of a certificate that has expired, and says so', async () => {
    const authority = await TestAuthority.create();
    const { cert } = await authority.issue({ expiresInDays: -1 });

    expect(await outcome({ a: cert })).toEqual(used(['a'], { doubted: { certificate_expired: 1 } }));
  });

  it.each<[string, string, string]>([
    ['a private key, which is not one anybody may have', privatePem, 'private_material'],
    ['a public key beside its private one', publicPem + privatePem, 'private_material'],
    ['two keys', publicPem + publicPem, 'member_malformed'],
    ['junk between the lines', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'member_malformed'],
    ['no end', '-----BEGIN CERTIFICATE-----', 'member_malformed'],
    [
      'a request for a certificate',
      '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
      'member_malformed',
    ],
    ['a key that signs nothing', pemOf('x25519'), 'kty_unsupported'],
  ])('drops one member, and keeps the others: %s', async (_case, pem, reason) => {
    expect(await outcome({ bad: pem, good: publicPem })).toEqual(used(['good'], { dropped: { [reason]: 1 } }));
  });

  it.each([
    '{"error":"not now"}',
    '{"keys":[]}',
    '{}',
    '[]',
    JSON.stringify({ a: publicPem, error: 'x' }),
    JSON.stringify({ a: publicPem, keys: [] }),
    JSON.stringify(publicPem),
  ])('is not %j', async (text) => {
    await expect(outcome(text)).rejects.toMatchObject({ category: 'key_set' });
  });

  it('has each name once', async () => {
    const pem = JSON.stringify(publicPem);

    await expect(outcome(`{"a":${pem},"a":${pem}}`)).rejects.toMatchObject({ category: 'json' });
  });

  it('is read only where the configuration says that there is one', async () => {
    await using h = await FakeIssuer.start();
    const publicKey = createPublicKey({ key: h.key.publicJwk, format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    h.behave('/map', (_request, response) => {
      sendJson(response, { [h.key.kid]: pem });
    });
    const url = `${h.origin}/map`;
    const freshness = quick;
    using world = new KeyWorld([
      issuerAt(h, { id: 'map', freshness, keys: { kind: 'pemMapUri', url } }),
      issuerAt(h, { id: 'set', freshness, keys: { kind: 'jwksUri', url } }),
      issuerAt(h, { id: 'other', freshness, keys: { kind: 'pemMapUri', url: h.jwksUri } }),
    ]);

    expect(await world.verdict('map', headerOf(h.key))).toBe(1);
    expect(await world.verdict('set', headerOf(h.key))).toBe('unavailable');
    expect(await world.verdict('other', headerOf(h.key))).toBe('unavailable');
  });
});

function pemOf(type: 'x25519'): string {
  return generateKeyPairSync(type).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
