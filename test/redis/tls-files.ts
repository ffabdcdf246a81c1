import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileText } from '../../src/shared/configuration/field.js';
import { aCertificate, type CertificateOptions, type TestCertificate } from '../builders/a-certificate.js';

/** A folder with an authority, a server's certificate, a client's, and passwords: what TLS with Redis needs on both sides. */
export class TlsFiles {
  private constructor(
    private readonly folder: string,
    private readonly authority: TestCertificate,
    private readonly nextAuthority: TestCertificate,
  ) {}

  /** @param server what distinguishes the certificate of the server from a good one */
  static async make(server: CertificateOptions = {}): Promise<TlsFiles> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-redis-tls-'));
    const authority = await aCertificate({ isAuthority: true, subject: [{ CN: ['authority'] }] });
    const next = await aCertificate({ isAuthority: true, subject: [{ CN: ['the next authority'] }] });
    const files = new TlsFiles(folder, authority, next);
    const { pem, keyPem } = await aCertificate({ authority, dns: ['localhost'], ips: ['127.0.0.1'], ...server });
    await Promise.all([
      files.write('ca', authority.pem),
      files.write('next-ca', next.pem),
      files.write('both-ca', authority.pem + '\n' + next.pem),
      files.write('crt', pem),
      files.write('key', keyPem),
    ]);
    await files.issueClient();
    return files;
  }

  /** Lines of `redis.conf` for a server that wants a client certificate of the authority. */
  get demanding(): readonly string[] {
    return [...this.settings, 'tls-auth-clients yes'];
  }

  /** Lines of `redis.conf` for a server that does without. */
  get lenient(): readonly string[] {
    return [...this.settings, 'tls-auth-clients no'];
  }

  /** Where clients find the authority, as the configuration would say it. */
  get ca(): FileText {
    return new FileText(this.path('ca'), this.authority.pem);
  }

  /** What a client needs. */
  get client(): { readonly ca: FileText; readonly clientCert: FileText; readonly clientKey: FileText } {
    return { ca: this.ca, clientCert: this.file('client.crt'), clientKey: this.file('client.key') };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A file as the configuration would have it; of what was written through this object. */
  file(name: string): FileText {
    return new FileText(this.path(name), this.written.get(name) ?? '');
  }

  private readonly written = new Map<string, string>();

  async write(name: string, text: string): Promise<void> {
    this.written.set(name, text);
    await writeFile(this.path(name), text);
  }

  /** A new client certificate in place of the one before. */
  async issueClient(by: 'authority' | 'nextAuthority' = 'authority'): Promise<void> {
    const authority = this[by];
    const { pem, keyPem } = await aCertificate({ authority, subject: [{ CN: ['assay'] }] });
    await Promise.all([this.write('client.crt', pem), this.write('client.key', keyPem)]);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get settings(): readonly string[] {
    return [
      `tls-cert-file ${this.path('crt')}`,
      `tls-key-file ${this.path('key')}`,
      `tls-ca-cert-file ${this.path('both-ca')}`,
    ];
  }
}
