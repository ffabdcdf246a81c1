import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** Certificates of a listener, PEM. */
export interface TlsSettings {
  /** Our chain, leaf first. */
  readonly certificate: string;
  readonly key: string;
  /** The only authorities for client certificates (RFC 8705 §7.4); absent: none is asked for. */
  readonly clientAuthorities?: string;
}

/** Options of the TLS server that speaks HTTP/1.1 (RFC 9325 §3.1.1). */
export function secureContext(tls: TlsSettings): TlsOptions {
  return { ...certificateOptions(tls), ...protocolOptions(tls, 'http/1.1') };
}

/**
 * What cannot be replaced while the server runs. A client certificate is asked for, never demanded: who has none, or one
 * that leads to no authority of ours, may still authenticate otherwise.
 */
export function protocolOptions({ clientAuthorities }: TlsSettings, protocol: 'http/1.1' | 'h2'): TlsOptions {
  return {
    ALPNProtocols: [protocol],
    handshakeTimeout: 10_000,
    requestCert: clientAuthorities !== undefined,
    rejectUnauthorized: false,
  };
}

/**
 * What can. Without authorities of its own a server would trust those of the runtime: with an empty list none is trusted.
 * The version is among it because it belongs to the context that is replaced.
 */
export function certificateOptions({ certificate, key, clientAuthorities }: TlsSettings): SecureContextOptions {
  return { cert: certificate, key, ca: clientAuthorities ?? [], minVersion: 'TLSv1.2' };
}

/** From the next handshake on the server uses `tls`. Whether client certificates are asked for stays as it was. */
export function replaceCertificates(server: Server, tls: TlsSettings): void {
  if (!(server instanceof TlsServer)) return;
  server.setSecureContext(certificateOptions(tls));
}
