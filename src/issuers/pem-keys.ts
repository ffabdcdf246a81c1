import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { FileText } from '../shared/configuration/field.js';
import type { JwkDefectReason } from '../tokens/jwk-defect.js';
import type { LocationContext } from './key-location.js';
import { fittingKeys, type StaticJwks, type StaticKeyLocation } from './written-keys.js';

/** What a PEM file holds, and what is reported to an operator about it. */
export interface PemKeys {
  readonly jwks: StaticJwks;
  /** Constant sentences. */
  readonly warnings: readonly string[];
}

/** The text cannot be used. The message is a constant sentence. */
export class PemError extends Error {
  override readonly name = 'PemError';

  /** @param reason for programs, as of a JWK */
  constructor(
    message: string,
    readonly reason: JwkDefectReason = 'member_malformed',
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** `keys.pemFile`. @returns undefined after reporting every problem */
export function pemFileLocation(
  { text }: FileText,
  { place, algorithms, nowMs }: LocationContext,
): StaticKeyLocation | undefined {
  const at = place.at('pemFile');
  try {
    const { jwks, warnings } = readPemKeys(text, nowMs);
    const expected = 'a certificate that has not expired, or a plain public key';
    for (const found of warnings) at.warn(found, expected);
    return fittingKeys({ kind: 'static', jwks, allowKidless: true }, algorithms, at);
  } catch (error) {
    if (!(error instanceof PemError)) throw error;
    at.refuse(error.message, 'PEM public keys or certificates, and nothing else');
    return undefined;
  }
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** SubjectPublicKeyInfo (RFC 7468 §13), PKCS#1 (RFC 8017 A.1.1) and certificates (RFC 7468 §5). */
const publicLabels: ReadonlySet<string> = new Set(['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE']);

/**
 * Public keys of a PEM file: any number of blocks, each a public key or a certificate; spaces before a line and CRLF are
 * tolerated. Of a certificate only the key counts: it is the configuration, not a chain, that says whose it is.
 * @param nowMs wall time, to warn of an expired certificate
 * @throws {PemError} for a private key (it does not belong on this machine, CVE-2026-34950), and for what is not a key
 */
export function readPemKeys(text: string, nowMs: number): PemKeys {
  const lines = text.replace(/^[ \t]+|[ \t\r]+$/gm, '');
  const blocks = [...lines.matchAll(block)];
  if (lines.includes('PRIVATE KEY-----'))
    throw new PemError('holds a private key; only public keys belong here', 'private_material');
  if (blocks.length === 0) throw new PemError('holds no PEM block');
  const warnings: string[] = [];
  const keys = blocks.map(([pem, label = '']) => {
    if (!publicLabels.has(label)) throw new PemError('holds a block that is neither a public key nor a certificate');
    if (label !== 'CERTIFICATE') return toJwk(readPublicKey(pem));
    const certificate = readCertificate(pem);
    if (certificate.validToDate.getTime() < nowMs)
      warnings.push('a certificate has expired; its key is used nevertheless');
    return toJwk(certificate.publicKey);
  });
  return { jwks: { keys }, warnings };
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new PemError('holds a public key that cannot be read', 'member_malformed', { cause });
  }
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new PemError('holds a certificate that cannot be read', 'member_malformed', { cause });
  }
}

const usableTypes: ReadonlySet<string | undefined> = new Set([
  'rsa',
  'ec',
  'ed25519',
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
]);

function toJwk(key: KeyObject): object {
  if (!usableTypes.has(key.asymmetricKeyType))
    throw new PemError('holds a key that is neither RSA, EC, Ed25519 nor ML-DSA', 'kty_unsupported');
  try {
    return key.export({ format: 'jwk' });
  } catch (cause) {
    throw new PemError('holds a key on a curve that is not supported', 'crv_unsupported', { cause });
  }
}
