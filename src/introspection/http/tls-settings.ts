import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';

/** Certificates of a listener, PEM. */
export interface TlsSettings {
  /** Our chain, leaf first. */
  readonly certificate: string;
  readonly key: string;
  /** The only authorities for client certificates (RFC 8705 §7.4); absent: none is asked for. */
  readonly clientAuthorities?: string;
}

/**
 * Options of a TLS server (RFC 9325 §3.1.1). A client certificate is asked for, never demanded: who has none, or one
 * that leads to no authority of ours, may still authenticate otherwise.
 */
export function secureContext(tls: TlsSettings): object {
  return {
    ...certificatesOf(tls),
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: 10_000,
    requestCert: tls.clientAuthorities !== undefined,
    rejectUnauthorized: false,
  };
}

/** From the next handshake on the server uses `tls`. Whether client certificates are asked for stays as it was. */
export function replaceCertificates(server: Server, tls: TlsSettings): void {
  if (!(server instanceof TlsServer)) return;
  server.setSecureContext({ ...certificatesOf(tls), minVersion: 'TLSv1.2' });
}

/** Without authorities of its own a server would trust those of the runtime: an empty list trusts nobody. */
function certificatesOf({ certificate, key, clientAuthorities }: TlsSettings): object {
  return { cert: certificate, key, ca: clientAuthorities ?? [] };
}
