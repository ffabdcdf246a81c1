/** Connects to an issuer only at an address that was checked, directly or through a proxy. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { buildConnector } from 'undici';
import type { IssuerNetwork, ProxyTerms } from '../../issuers/issuer-network.js';
import { isLoopbackName } from '../../shared/key-url.js';
import { isAllowedAddress } from './address-rules.js';
import { KeyFetchFailure, type FetchStage } from './key-fetch-failure.js';
import { openTunnel } from './proxy-tunnel.js';
import { CONNECT_TIMEOUT_MS } from '../key-timing.js';

/** Finds the addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The host's own resolver, with its search domains and hosts file: Kubernetes names need them. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/** How far a connection has come. */
type ConnectionStage = Exclude<FetchStage, 'body' | 'json'>;

/**
 * Connects for one request, only to addresses that are allowed. The address that is checked is the one that is dialled:
 * there is no second resolution that could answer differently. Behind a forward proxy, which resolves names itself,
 * only what the URL itself says can be checked; TLS still ends at the issuer.
 */
export class GuardedConnector {
  private readonly dial: buildConnector.connector;
  private socket: Socket | undefined;
  private reached: ConnectionStage = 'resolve';
  private isDestroyed = false;

  constructor(
    private readonly network: IssuerNetwork,
    private readonly resolve: Resolve,
  ) {
    this.dial = buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      maxCachedSessions: 0,
      lookup: this.lookup,
      minVersion: 'TLSv1.2',
      // Written out, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off (R8414-07).
      rejectUnauthorized: true,
      checkServerIdentity: requireSubjectAltName,
      ...(network.ca === undefined ? {} : { ca: network.ca }),
      ...(network.clientCertificate && {
        cert: network.clientCertificate.certificate,
        key: network.clientCertificate.key,
      }),
    });
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    // A literal is never looked up, so it is checked here. `URL` has already made 127.1, 0x7f.1 and the like plain.
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !isAllowedAddress(literal, this.network)) {
      callback(addressRefused(), null);
      return;
    }
    if (this.network.proxy) {
      this.connectThrough(this.network.proxy, options, callback);
      return;
    }
    if (isIP(literal) !== 0) this.reached = 'connect';
    this.dialled(options, callback);
  };

  private dialled(options: buildConnector.Options, callback: buildConnector.Callback): void {
    // The type of undici forgets that its own connector returns the socket.
    const dial: (...call: Parameters<buildConnector.connector>) => unknown = this.dial;
    this.socket = dial(options, callback) as Socket;
    const isEncrypted = options.protocol === 'https:';
    this.socket.once('connect', () => (this.reached = isEncrypted ? 'tls' : 'status'));
    this.socket.once('secureConnect', () => (this.reached = 'status'));
  }

  private connectThrough(proxy: ProxyTerms, options: buildConnector.Options, callback: buildConnector.Callback): void {
    const { hostname, port, protocol } = options;
    if (protocol !== 'https:' || (isLoopbackName(hostname) && !this.network.allowPrivate)) {
      callback(addressRefused(), null);
      return;
    }
    this.reached = 'proxy';
    const tunnel = openTunnel(proxy, `${hostname}:${port === '' ? '443' : port}`);
    this.socket = tunnel.socket;
    tunnel.opened.then(
      (httpSocket) => {
        if (this.isDestroyed) return;
        this.reached = 'tls';
        this.dialled({ ...options, httpSocket }, callback);
      },
      (error: unknown) => {
        callback(error as Error, null);
      },
    );
  }

  /** What it is at: finding the address, or reaching the proxy, connecting, TLS, or waiting for an answer. */
  get stage(): ConnectionStage {
    return this.reached;
  }

  /** Bytes that have arrived. */
  get bytesReceived(): number {
    return this.socket?.bytesRead ?? 0;
  }

  /** Drops the connection, also one that is still being made. */
  destroy(): void {
    this.isDestroyed = true;
    this.socket?.destroy();
  }

  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.resolve(hostname).then(
      (addresses) => {
        // Only these are dialled. Others beside them say nothing against these: a NAT64 resolver adds what no route leads to.
        const allowed = addresses.filter(({ address }) => isAllowedAddress(address, this.network));
        const [first] = allowed;
        if (first) this.reached = 'connect';
        if (!first) callback(addressRefused(), '', 0);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(new KeyFetchFailure('dns', 'the name could not be resolved', { cause: error }), '', 0);
      },
    );
  };
}

function addressRefused(): KeyFetchFailure {
  return new KeyFetchFailure('address_refused', 'the host leads to an address that is not allowed');
}

/** RFC 9525 §2: only subjectAltName names a server. Node would still take the common name where there is none. */
const requireSubjectAltName: typeof checkServerIdentity = (hostname, certificate) => {
  if (!certificate.subjectaltname) return new KeyFetchFailure('tls', 'the certificate has no subjectAltName');
  return checkServerIdentity(hostname, certificate);
};
