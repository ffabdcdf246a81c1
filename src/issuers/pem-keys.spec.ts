import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPemKeys } from './pem-keys.js';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const jwkOf = (key: KeyObject): object => key.export({ format: 'jwk' });

async function certificate(notAfter: string): Promise<string> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=issuer',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date(notAfter),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return made.toString('pem');
}

describe('readPemKeys', () => {
  let valid: string;
  let expired: string;

  beforeAll(async () => {
    valid = await certificate('2030-01-01');
    expired = await certificate('2021-01-01');
  });

  it('F-24 reads SPKI and PKCS#1 as the same key', () => {
    expect(readPemKeys(spki(rsa.publicKey), nowMs).jwks.keys).toEqual([jwkOf(rsa.publicKey)]);
    expect(readPemKeys(pkcs1, nowMs).jwks.keys).toEqual([jwkOf(rsa.publicKey)]);
  });

  it('F-24 reads several blocks, in order, whatever is between them', () => {
    const text = `RSA of 2026\n${spki(rsa.publicKey)}\n\nEC\n${spki(ec.publicKey)}${spki(ed.publicKey)}`;

    expect(readPemKeys(text, nowMs).jwks.keys).toEqual([rsa, ec, ed].map(({ publicKey }) => jwkOf(publicKey)));
  });

  it('F-24 tolerates CRLF and spaces before and after lines', () => {
    const ugly = spki(ec.publicKey)
      .split('\n')
      .map((line) => `   ${line} \r`)
      .join('\n');

    expect(readPemKeys(ugly, nowMs).jwks.keys).toEqual([jwkOf(ec.publicKey)]);
  });

  it('F-24 takes the key of each certificate of a chain', () => {
    const { jwks, warnings } = readPemKeys(valid + valid, nowMs);

    expect(jwks.keys).toEqual([jwkOf(createPublicKey(valid)), jwkOf(createPublicKey(valid))]);
    expect(warnings).toEqual([]);
  });

  it('F-24 allows an expired certificate with a warning', () => {
    const { jwks, warnings } = readPemKeys(expired, nowMs);

    expect(jwks.keys).toHaveLength(1);
    expect(warnings).toEqual(['a certificate has expired; its key is used nevertheless']);
  });

  it.each([
    ['PKCS#8', () => rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['PKCS#1', () => rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['SEC1', () => ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString()],
    [
      'encrypted PKCS#8',
      () => ec.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    ],
    ['public and private', () => spki(rsa.publicKey) + String(ed.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['cut off', () => '-----BEGIN PRIVATE KEY-----\nMIIB'],
  ])('F-24 refuses a private key: %s', (_case, pem) => {
    expect(() => readPemKeys(pem(), nowMs)).toThrow('holds a private key');
  });

  it('F-24 refuses DSA, and curves without an algorithm', () => {
    const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
    const odd = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' });

    expect(() => readPemKeys(spki(dsa.publicKey), nowMs)).toThrow('neither RSA, EC, Ed25519 nor ML-DSA');
    expect(() => readPemKeys(spki(odd.publicKey), nowMs)).toThrow('not supported');
  });

  it.each([
    ['', 'no PEM block'],
    ['-----BEGIN PUBLIC KEY-----', 'no PEM block'],
    ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'cannot be read'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'cannot be read'],
    ['-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----', 'neither a public key nor a certificate'],
  ])('F-24 refuses %j', (pem, reason) => {
    expect(() => readPemKeys(pem, nowMs)).toThrow(reason);
  });
});
