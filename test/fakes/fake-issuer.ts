import type { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

/** What the server does with a request for one path. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A key that the issuer can sign with; published while it is in the set. */
export interface FakeKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicJwk: JWK;
}

/** How a {@link FakeIssuer} is started. */
export interface FakeIssuerOptions {
  readonly tls?: TlsOptions;
  /** Path of the issuer identifier, such as `/tenant`; none by default. */
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  /** Algorithm of the first key; `ES256` by default, because it is quick to make. */
  readonly alg?: string;
}

export const JWKS_PATH = '/jwks';

/** A real HTTP issuer with discovery and a key set, which tests can make hang, lie, redirect, drip or rotate. */
export class FakeIssuer {
  /** `METHOD path` of every request, in order. */
  readonly requests: string[] = [];
  /** Headers of the latest request. */
  lastHeaders: IncomingMessage['headers'] = {};
  /** Sockets ever accepted. */
  connections = 0;
  /** Bytes that left on connections closed by now. */
  bytesSent = 0;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly sockets = new Set<Socket>();
  private readonly published: FakeKey[] = [];
  /** What `/jwks` serves instead of the published keys, where set. */
  private document: unknown;
  private madeKeys = 0;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    /** Issuer identifier, and base of the metadata. */
    readonly issuer: string,
    readonly origin: string,
  ) {}

  /** Starts on a free port of the loopback interface, with one published key. */
  static async start(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
    const handle: RequestListener = (request, response) => {
      started.answer(request, response);
    };
    const server = options.tls ? createTlsServer(options.tls, handle) : createServer(handle);
    const host = options.host ?? '127.0.0.1';
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const origin = `${options.tls ? 'https' : 'http'}://${host}:${port}`;
    const started = new FakeIssuer(server, `${origin}${options.path ?? ''}`, origin);
    server.on('connection', (socket: Socket) => {
      started.track(socket);
    });
    server.on('tlsClientError', () => undefined);
    await started.addKey(options.alg);
    return started;
  }

  /** Starts, and stops when the block ends (`await using`). */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
  }

  get jwksUri(): string {
    return this.origin + JWKS_PATH;
  }

  /** Connections that neither side has closed. */
  get openConnections(): number {
    return this.sockets.size;
  }

  /** Requests for the key set so far. */
  get keySetRequests(): number {
    return this.requests.filter((line) => line === `GET ${JWKS_PATH}`).length;
  }

  /** Requests for metadata so far. */
  get metadataRequests(): number {
    return this.requests.filter((line) => line.includes('/.well-known/')).length;
  }

  get keys(): readonly FakeKey[] {
    return this.published;
  }

  /** The key that signs by default: the one published last. */
  get key(): FakeKey {
    return this.published.at(-1)!;
  }

  /** Makes a key and publishes it; it signs from now on. */
  async addKey(alg = 'ES256', kid = `key-${String(++this.madeKeys)}`): Promise<FakeKey> {
    const key = await makeKey(alg, kid);
    this.published.push(key);
    return key;
  }

  /** Publishes a new key and withdraws all others. */
  async rotate(alg?: string, kid?: string): Promise<FakeKey> {
    const key = await this.addKey(alg, kid);
    this.published.splice(0, this.published.length - 1);
    return key;
  }

  /** Withdraws one key. */
  removeKey(kid: string): void {
    const at = this.published.findIndex((key) => key.kid === kid);
    if (at >= 0) this.published.splice(at, 1);
  }

  /** Publishes again a key that was made before. */
  restoreKey(key: FakeKey): void {
    this.published.push(key);
  }

  /** Serves this document as the key set, whatever it is; `undefined` serves the published keys again. */
  publishDocument(document: unknown): void {
    this.document = document;
  }

  /** Answers every request for `path` in this way. */
  behave(path: string, behaviour: Behaviour): void {
    this.behaviours.set(path, behaviour);
  }

  /** Answers every request for the key set in this way. */
  behaveForKeys(behaviour: Behaviour): void {
    this.behave(JWKS_PATH, behaviour);
  }

  /** Behaves again. */
  recover(): void {
    this.behaviours.clear();
    this.document = undefined;
  }

  /** The document that `/jwks` serves. */
  keySet(): unknown {
    return this.document ?? { keys: this.published.map((key) => key.publicJwk) };
  }

  /** Metadata as every well-known form serves it. */
  metadata(): Record<string, unknown> {
    return { issuer: this.issuer, jwks_uri: this.jwksUri, response_types_supported: ['code'] };
  }

  /**
   * Signs an access token, good for five minutes unless the claims say otherwise.
   * @param key any key; the latest by default
   * @param header members that replace or, when `undefined`, remove the usual ones
   */
  sign(claims: JWTPayload = {}, key: FakeKey = this.key, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.issuer, sub: 'someone', aud: 'https://api.example', iat: now, exp: now + 300 };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.requests.push(`${request.method ?? ''} ${path}`);
    this.lastHeaders = request.headers;
    response.on('error', () => undefined);
    const behaviour = this.behaviours.get(path);
    if (behaviour) behaviour(request, response);
    else if (path === JWKS_PATH) sendJson(response, this.keySet());
    else if (path.includes('/.well-known/')) sendJson(response, this.metadata());
    else response.writeHead(404).end();
  }

  private track(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.bytesSent += socket.bytesWritten;
    });
  }
}

/** Makes a key pair that signs with `alg`. */
export async function makeKey(alg: string, kid: string): Promise<FakeKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export function sendJson(response: ServerResponse, document: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
}
