/** An issuer to try the service with, in demo mode only. */
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../shared/clock.js';

/** A signing key of the demo issuer. */
interface DemoKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Makes an RS256 key pair whose `kid` is its RFC 7638 thumbprint. */
async function makeDemoKey(): Promise<DemoKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}

/** The protected resource that demo tokens are made for. */
export const demoAudience = 'https://api.demo.example';

/** How long a demo token is good: long enough to play, short enough to see one expire. */
const TOKEN_LIFETIME_SECONDS = 300;

/** Where the issuer listens when no other program does: beside the service's own ports. */
const PREFERRED_PORT = 8082;

const LOOPBACK = '127.0.0.1';

interface Reply {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An issuer to try the service with: a real HTTP server on loopback with discovery, a key set and rotation. It gives
 * a token to whoever asks, which is why nothing but the demo may ever register it.
 */
export class DemoIssuer {
  private constructor(
    private readonly clock: Clock,
    private readonly server: Server,
    /** Newest first; the previous key stays published, so that tokens it signed remain good. */
    private keys: readonly DemoKey[],
  ) {}

  /**
   * Starts an issuer with one key on port 8082, or else on any free one.
   * @param host address to listen on; its name stays one of 127.0.0.1, whoever else may reach it
   */
  static async start(clock: Clock, host = LOOPBACK): Promise<DemoIssuer> {
    const server = createServer();
    const issuer = new DemoIssuer(clock, server, [await makeDemoKey()]);
    server.on('request', (request, response) => void issuer.answer(request, response));
    await listen(server, host, PREFERRED_PORT).catch(() => listen(server, host, 0));
    return issuer;
  }

  /** Issuer identifier, which is also its base URL. */
  get identifier(): string {
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.route(`${request.method ?? ''} ${request.url ?? ''}`);
    const notModified =
      reply.headers?.['etag'] !== undefined && request.headers['if-none-match'] === reply.headers['etag'];
    request.resume();
    response.writeHead(notModified ? 304 : (reply.status ?? 200), { 'content-type': reply.type, ...reply.headers });
    response.end(notModified ? undefined : reply.body);
  }

  private async route(call: string): Promise<Reply> {
    switch (call) {
      case 'GET /.well-known/openid-configuration':
      case 'GET /.well-known/oauth-authorization-server':
        return json(this.metadata());
      case 'GET /jwks':
        return this.keySet();
      case 'POST /token':
        return { type: 'text/plain', body: await this.mint(), headers: { 'cache-control': 'no-store' } };
      case 'POST /rotate':
        return { type: 'text/plain', body: await this.rotate() };
      default:
        return { status: 404, type: 'text/plain', body: 'not found\n' };
    }
  }

  /** RFC 8414 §2, OpenID Connect Discovery 1.0 §3. */
  private metadata(): object {
    return {
      issuer: this.identifier,
      jwks_uri: `${this.identifier}/jwks`,
      token_endpoint: `${this.identifier}/token`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  private keySet(): Reply {
    const set = json({ keys: this.keys.map((key) => key.publicJwk) });
    const etag = `"${createHash('sha256').update(set.body).digest('base64url')}"`;
    return { ...set, headers: { etag, 'cache-control': 'public, max-age=300' } };
  }

  /** An access token as RFC 9068 describes it, signed with the newest key. */
  private async mint(): Promise<string> {
    const [newest] = this.keys;
    if (!newest) throw new Error('the demo issuer has no key');
    const nowSeconds = Math.floor(this.clock.wallMs() / 1000);
    return new SignJWT({ client_id: 'demo-client', scope: 'orders:read' })
      .setProtectedHeader({ alg: 'RS256', kid: newest.kid, typ: 'at+jwt' })
      .setIssuer(this.identifier)
      .setSubject('demo-user')
      .setAudience(demoAudience)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
      .setJti(randomUUID())
      .sign(newest.privateKey);
  }

  private async rotate(): Promise<string> {
    const next = await makeDemoKey();
    this.keys = [next, ...this.keys.slice(0, 1)];
    return `The next token is signed with the new key ${next.kid}.\n`;
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function json(value: object): Reply {
  return { type: 'application/json', body: JSON.stringify(value) };
}
