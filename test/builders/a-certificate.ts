import { KeyObject, X509Certificate, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  Name,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralName,
  type JsonNameParams,
} from '@peculiar/x509';

/** What distinguishes one test certificate from another. */
export interface CertificateOptions {
  /** In the order of the certificate; an RFC 4514 string would be the other way round. */
  readonly subject?: JsonNameParams;
  readonly dns?: readonly string[];
  readonly uris?: readonly string[];
  readonly ips?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Signed by this authority; self-signed by default. */
  readonly authority?: TestCertificate;
  readonly isAuthority?: boolean;
}

/** A certificate with its key, for TLS servers and clients of tests. */
export interface TestCertificate {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keyPem: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly subject: Name;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes a real X.509 certificate. */
export async function aCertificate(options: CertificateOptions = {}): Promise<TestCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const common = {
    notBefore: options.notBefore ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: options.notAfter ?? new Date('2036-01-01T00:00:00Z'),
    signingAlgorithm: algorithm,
    extensions: extensionsOf(options),
  };
  const subject = new Name(options.subject ?? [{ CN: ['test'] }]);
  const { authority } = options;
  const made = authority
    ? await X509CertificateGenerator.create({
        ...common,
        subject,
        issuer: authority.subject,
        publicKey: keys.publicKey,
        signingKey: authority.keys.privateKey,
      })
    : await X509CertificateGenerator.createSelfSigned({ ...common, name: subject, keys });
  const pem = made.toString('pem');
  const keyPem = KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }).toString();
  return { certificate: new X509Certificate(pem), pem, keyPem, keys, subject };
}

function extensionsOf({ dns = [], uris = [], ips = [], isAuthority = false }: CertificateOptions): Extension[] {
  const names: JsonGeneralName[] = [
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...uris.map((value) => ({ type: 'url' as const, value })),
    ...ips.map((value) => ({ type: 'ip' as const, value })),
  ];
  return [
    new BasicConstraintsExtension(isAuthority, undefined, true),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
  ];
}
