import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aKey, thumbprintOf } from '../../test/builders/a-key.js';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { FileText } from '../shared/configuration/field.js';
import { algorithmsByDefault } from '../tokens/algorithms.js';
import { jwksOf } from './jwks.js';
import { prepareSigning, usualAlgorithm, type OwnKeys } from './prepare-signing.js';
import type { KeyUse, SigningKeySection } from './signing.config.js';

const [ec, other, rsa] = [aKey('ES256'), aKey('ES256'), aKey('RS256')];
const pemOf = ({ privateKey }: typeof ec, type: 'pkcs8' | 'sec1' | 'pkcs1' = 'pkcs8') =>
  privateKey.export({ type: type, format: 'pem' }) as string;
const publicPem = ec.publicKey.export({ type: 'spki', format: 'pem' }) as string;

const key = (text: string, use: KeyUse = 'signing', alg: SigningKeySection['alg'] = 'ES256'): SigningKeySection => ({
  keyFile: new FileText('/keys/one.pem', text),
  alg,
  use,
});

async function prepare(...keys: readonly SigningKeySection[]): Promise<{ keys: OwnKeys; found: readonly unknown[] }> {
  const recorded = new RecordedProblems();
  const prepared = await prepareSigning({ keys }, recorded.place('server.signing'));
  return { keys: prepared, found: recorded.problems.map(({ path, found }) => [path, found]) };
}

describe('keys of our own', () => {
  it.each([
    ['PKCS #8', pemOf(ec), 'ES256'],
    ['SEC 1', pemOf(ec, 'sec1'), 'ES256'],
    ['PKCS #1', pemOf(rsa, 'pkcs1'), 'RS256'],
    ['a JWK', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), 'ES256'],
  ] as const)('are read as %s', async (_, text, alg) => {
    const { keys, found } = await prepare(key(text, 'signing', alg));
    expect(found).toEqual([]);
    expect(keys.signing.get(alg)?.kid).toBe(thumbprintOf((alg === 'RS256' ? rsa : ec).jwk));
  });

  it.each(algorithmsByDefault)('sign with %s what their public halves verify', async (alg) => {
    // What it signs is tried out when it is read.
    const { keys, found } = await prepare(
      key(pemOf(alg.startsWith('RS') || alg.startsWith('PS') ? rsa : aKey(alg)), 'signing', alg),
    );
    expect(found).toEqual([]);
    expect(await keys.signing.get(alg)?.sign(Buffer.from('x'))).toBeInstanceOf(Buffer);
  });

  it('are published without anything private, whatever they are for', async () => {
    const { keys } = await prepare(key(pemOf(ec)), key(pemOf(other), 'next'), key(pemOf(rsa), 'previous', 'RS256'));
    const { keys: published } = JSON.parse(jwksOf(keys).body.toString()) as { keys: Record<string, unknown>[] };
    const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
    expect(published).toHaveLength(3);
    for (const jwk of published) expect(names).toEqual(expect.arrayContaining(Object.keys(jwk)));
  });

  it('have one etag in whatever order they are written', async () => {
    const [one, two] = [key(pemOf(ec)), key(pemOf(other), 'next')];
    const etags = await Promise.all([prepare(one, two), prepare(two, one)]);
    expect(new Set(etags.map(({ keys }) => jwksOf(keys).etag)).size).toBe(1);
  });

  it('may be public alone once they are previous, and only then', async () => {
    expect((await prepare(key(pemOf(other)), key(publicPem, 'previous'))).found).toEqual([]);
    const at = 'server.signing.keys[1].keyFile';
    expect((await prepare(key(pemOf(other)), key(publicPem, 'next'))).found).toEqual([[at, 'a public key']]);
  });

  const mixed = { ...ec.privateKey.export({ format: 'jwk' }), d: other.privateKey.export({ format: 'jwk' }).d };
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

  it.each([
    ['nothing', ''],
    ['no key', 'not a key'],
    ['a shared secret', JSON.stringify({ kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ' })],
    [
      'a key under a passphrase',
      ec.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string,
    ],
    ['a key of another kind', pemOf(rsa)],
    ['a key on another curve', pemOf(aKey('ES384'))],
    ['two halves of different keys', JSON.stringify(mixed)],
  ])('are refused: %s', async (_, text) => {
    const { found } = await prepare(key(text));
    expect(found).toEqual([['server.signing.keys[0].keyFile', expect.any(String)]]);
    expect(JSON.stringify(found)).not.toContain(String(mixed.d));
  });

  it('are refused: RSA below 2048 bits', async () => {
    const { found } = await prepare(key(short.export({ type: 'pkcs8', format: 'pem' }) as string, 'signing', 'RS256'));
    expect(found).toEqual([['server.signing.keys[0].keyFile', 'a key that is not fit for RS256 (rsa_size)']]);
  });

  it('sign one for each algorithm', async () => {
    expect((await prepare(key(pemOf(ec)), key(pemOf(rsa), 'signing', 'RS256'))).found).toEqual([]);
    expect((await prepare(key(pemOf(ec)), key(pemOf(other)))).found).toEqual([
      ['server.signing.keys[1].use', 'a second signing key for ES256'],
    ]);
    expect((await prepare(key(pemOf(ec), 'next'))).found).toEqual([
      ['server.signing.keys', 'no key with use: signing'],
    ]);
  });

  it('are each there once', async () => {
    expect((await prepare(key(pemOf(ec)), key(pemOf(ec), 'next'))).found).toEqual([
      ['server.signing.keys[1].keyFile', 'the key of server.signing.keys[0]'],
    ]);
  });

  it('sign with RS256 for whoever names nothing, or else as the only one does (RFC 9701 §6)', () => {
    const [withEc, withRsa] = [key('', 'signing'), key('', 'signing', 'RS256')];
    expect(usualAlgorithm({ keys: [withEc, withRsa] })).toBe('RS256');
    expect(usualAlgorithm({ keys: [withEc, key('', 'next', 'RS256')] })).toBe('ES256');
    expect(usualAlgorithm({ keys: [withEc, key('', 'signing', 'EdDSA')] })).toBeUndefined();
  });
});
