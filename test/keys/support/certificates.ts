import type { TlsOptions } from 'node:tls';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60 * 1_000;

/** What a server's certificate says. */
export interface ServerCertificate {
  readonly commonName?: string;
  readonly names?: readonly x509.JsonGeneralName[];
  /** Days from now; negative has expired. */
  readonly expiresInDays?: number;
}

/** A certificate authority that exists for one test run. */
export class TestAuthority {
  private constructor(
    private readonly keys: Awaited<ReturnType<typeof generateKeys>>,
    private readonly certificate: x509.X509Certificate,
  ) {}

  static async create(): Promise<TestAuthority> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Test Authority',
      notBefore: new Date(Date.now() - 400 * day),
      notAfter: new Date(Date.now() + day),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(keys, certificate);
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  /** Certificate and key of a server, signed by this authority. */
  async issue({ commonName = 'server', names = [], expiresInDays = 1 }: ServerCertificate): Promise<TlsOptions> {
    const { publicKey, privateKey } = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${commonName}`,
      issuer: this.certificate.subject,
      notBefore: new Date(Date.now() - 300 * day),
      notAfter: new Date(Date.now() + expiresInDays * day),
      signingAlgorithm: algorithm,
      publicKey,
      signingKey: this.keys.privateKey,
      extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension([...names])] : [],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
    return { cert: certificate.toString('pem'), key };
  }
}

function generateKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
