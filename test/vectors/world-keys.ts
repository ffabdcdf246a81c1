import { X509CertificateGenerator } from '@peculiar/x509';
import type { JsonObject } from '../../src/shared/json-value.js';
import { aKey, type TestKey } from '../builders/a-key.js';
import { badKeys, type BadKeys } from './bad-keys.js';

/** Every key of the registered issuers. */
export interface WorldKeys {
  readonly es: TestKey;
  readonly es384: TestKey;
  readonly es512: TestKey;
  readonly rs: TestKey;
  readonly ps: TestKey;
  /** Published with `alg: Ed25519`. */
  readonly ed: TestKey;
  /** Published with `alg: EdDSA`. */
  readonly edOld: TestKey;
  readonly ml44: TestKey;
  readonly ml65: TestKey;
  readonly ml87: TestKey;
  /** Published without `alg` and `use`. */
  readonly plainRsa: TestKey;
  readonly plainEc: TestKey;
  /** RS256 with the public exponent 3, which decision D-19 permits. */
  readonly e3: TestKey;
  /** {@link rs} as an issuer publishes it that writes numbers as DER does. */
  readonly zeroPadded: TestKey;
  /** The only EC key of its issuer. */
  readonly lonely: TestKey;
  /** Keys that share a name. */
  readonly sameKid: SameKid;
  /** Keys that must never verify anything. */
  readonly bad: BadKeys;
}

/** Several keys called `shared`, of two kinds. */
export interface SameKid {
  readonly first: TestKey;
  readonly second: TestKey;
  readonly rsa: TestKey;
  readonly published: readonly JsonObject[];
}

/** Somebody with keys and certificates of their own. */
export interface Attacker {
  readonly es: TestKey;
  readonly rs: TestKey;
  readonly ed: TestKey;
  /** Self-signed, for {@link rs}; DER. */
  readonly certificate: Buffer;
  /** Self-signed, for the RS256 key of the main issuer; DER. */
  readonly copiedCertificate: Buffer;
}

/** Generates the keys. */
export function keysOfTheWorld(): WorldKeys {
  const rs = aKey('RS256', { kid: 'rs' });
  return {
    es: aKey('ES256', { kid: 'es' }),
    es384: aKey('ES384', { kid: 'es384' }),
    es512: aKey('ES512', { kid: 'es512' }),
    rs,
    ps: aKey('PS256', { kid: 'ps' }),
    ed: aKey('Ed25519', { kid: 'ed' }),
    edOld: aKey('EdDSA', { kid: 'ed-old' }),
    ml44: aKey('ML-DSA-44', { kid: 'ml44' }),
    ml65: aKey('ML-DSA-65', { kid: 'ml65' }),
    ml87: aKey('ML-DSA-87', { kid: 'ml87' }),
    plainRsa: unnamed(aKey('RS256', { kid: 'plain-rsa' })),
    plainEc: unnamed(aKey('ES256', { kid: 'plain-ec' })),
    e3: aKey('RS256', { kid: 'e3', exponent: 3 }),
    zeroPadded: zeroPadded(rs),
    lonely: aKey('ES256', { kid: 'lonely' }),
    sameKid: makeSameKid(rs),
    bad: badKeys(),
  };
}

/** The key as an issuer publishes it that says neither `alg` nor `use`. */
function unnamed(key: TestKey): TestKey {
  return { ...key, jwk: { ...key.jwk, alg: undefined, use: undefined } };
}

function zeroPadded({ jwk, ...key }: TestKey): TestKey {
  const n = Buffer.concat([Buffer.alloc(1), Buffer.from(jwk['n'] as string, 'base64url')]).toString('base64url');
  return { ...key, kid: 'zero-padded', jwk: { ...jwk, n, kid: 'zero-padded' } };
}

function makeSameKid(rs: TestKey): SameKid {
  const [first, second] = [aKey('ES256', { kid: 'shared' }), aKey('ES256', { kid: 'shared' })];
  const rsa = { ...rs, kid: 'shared', jwk: { ...rs.jwk, kid: 'shared' } };
  const otherName = { ...first.jwk, kid: 'other-name' };
  return { first, second, rsa, published: [rsa.jwk, first.jwk, second.jwk, otherName] };
}

/** Generates the attacker. */
export async function attackerOf(keys: WorldKeys): Promise<Attacker> {
  const rs = aKey('RS256', { kid: 'attacker-rs' });
  return {
    es: aKey('ES256', { kid: 'attacker-es' }),
    ed: aKey('Ed25519', { kid: 'attacker-ed' }),
    rs,
    certificate: await selfSigned(rs),
    copiedCertificate: await selfSigned(keys.rs),
  };
}

/** A self-signed certificate of an RSA test key, DER. */
export async function selfSigned({ privateKey, publicKey }: TestKey): Promise<Buffer> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const keys = {
    privateKey: privateKey.toCryptoKey(algorithm, true, ['sign']),
    publicKey: publicKey.toCryptoKey(algorithm, true, ['verify']),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=test',
    signingAlgorithm: algorithm,
    keys,
  });
  return Buffer.from(certificate.rawData);
}
