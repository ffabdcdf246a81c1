import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { aCertificate } from '../builders/a-certificate.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, emptyDirectory } from './support/assay-process.js';
import { configurationOf, issuerSection } from './support/configuration.js';

/** SHA-256 of the certificate that a listener shows in a new handshake. */
function shownBy(port: number, options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve(socket.getPeerX509Certificate()!.fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('TLS of the built program', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  let directory: string;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    directory = await emptyDirectory();
    await issueCertificate();
    assay = await AssayProcess.start(
      (ports) =>
        configurationOf(ports, [issuerSection('corp', issuer)], { tls: { certFile: 'tls.crt', keyFile: 'tls.key' } }),
      { directory },
    );
  });

  afterAll(async () => {
    await assay.stop();
    await issuer.stop();
  });

  async function issueCertificate(): Promise<void> {
    const { pem, keyPem } = await aCertificate({ dns: ['localhost'] });
    await writeFile(join(directory, 'tls.key'), keyPem);
    await writeFile(join(directory, 'tls.crt'), pem);
  }

  it('shows a new certificate on both listeners without a restart, and keeps open connections open', async () => {
    const { http, grpc } = assay.ports;
    const h2 = { ALPNProtocols: ['h2'] };
    const before = await shownBy(http);
    expect(await shownBy(grpc, h2)).toBe(before);
    const open = connect({ port: http, host: '127.0.0.1', rejectUnauthorized: false });
    let isCut = false;
    open.on('close', () => (isCut = true)).on('error', () => (isCut = true));

    await issueCertificate();
    await eventually(async () => (await shownBy(http)) !== before && (await shownBy(grpc, h2)) !== before);

    expect(await shownBy(http)).toBe(await shownBy(grpc, h2));
    expect(isCut).toBe(false);
    open.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('R7662-02 shakes no hands over %s', async (version) => {
    for (const port of [assay.ports.http, assay.ports.grpc]) {
      const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      await expect(shownBy(port, options)).rejects.toThrow();
    }
  });

  it('R7662-02 shakes hands over TLS 1.2 and 1.3', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      expect(await shownBy(assay.ports.http, { minVersion: version, maxVersion: version })).toBeTruthy();
    }
  });
});
