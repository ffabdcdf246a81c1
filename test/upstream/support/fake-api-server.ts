import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { aCertificate } from '../../builders/a-certificate.js';
import { FileBox } from './file-box.js';

/** A question of TokenReview, and who has sent it. */
export interface Review {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly token: string;
  readonly audiences: readonly string[];
}

/** Takes the place of the answer: a body of any kind, or nothing where it answers by itself. */
type Lie = (review: Review, response: ServerResponse) => object | string | undefined;

/**
 * The API server of a cluster, over TLS with an authority of its own: knows which pods are there, who may ask, and says what real ones
 * say. On demand it lies, or remembers its answers as real ones do.
 */
export class FakeApiServer {
  readonly reviews: Review[] = [];
  /** The tokens of callers that may create reviews. */
  readonly accepted = new Set<string>();
  /** `sub` of accounts that are gone. */
  readonly gone = new Set<string>();
  lie: Lie | undefined;
  /** Answers are good for so long, by this clock. */
  memory: { readonly ms: number; readonly nowMs: () => number } | undefined;
  private readonly remembered = new Map<string, { readonly status: object; readonly untilMs: number }>();

  private constructor(
    private readonly server: Server,
    readonly files: FileBox,
  ) {
    server.on('request', (request, response) => void this.serve(request, response));
  }

  static async open(): Promise<FakeApiServer> {
    const authority = await aCertificate({ subject: [{ CN: ['cluster'] }], isAuthority: true });
    const own = await aCertificate({ ips: ['127.0.0.1'], authority });
    const files = new FileBox();
    files.write('ca.crt', authority.pem);
    const server = createServer({ cert: own.pem, key: own.keyPem }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = new FakeApiServer(server, files);
    api.admit('token-of-assay-1');
    return api;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a registration says of it. */
  get terms(): { readonly server: string; readonly caFile: string; readonly bearerTokenFile: string } {
    return { server: this.url, caFile: this.files.path('ca.crt'), bearerTokenFile: this.files.path('token') };
  }

  /** From now on this is our token, in its file and at the server. */
  admit(token: string): void {
    this.accepted.clear();
    this.accepted.add(token);
    this.files.write('token', token);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { spec } = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly spec: Pick<Review, 'token' | 'audiences'>;
    };
    const { url: path = '', headers } = request;
    const review = { path, authorization: headers.authorization, ...spec };
    this.reviews.push(review);
    const isKnown = this.accepted.has((headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!isKnown) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"kind":"Status","code":401}');
      return;
    }
    const said = this.lie ? this.lie(review, response) : reviewOf(this.statusOf(review));
    if (said === undefined) return;
    const body = typeof said === 'string' ? said : JSON.stringify(said);
    response.writeHead(201, { 'content-type': 'application/json' }).end(body);
  }

  private statusOf({ token, audiences }: Review): object {
    const known = this.remembered.get(token);
    if (this.memory && known && this.memory.nowMs() < known.untilMs) return known.status;
    const { sub = '', aud = [] } = decodeJwt(token);
    const status = this.gone.has(sub)
      ? { user: {}, error: '[invalid bearer token, service account token has been invalidated]' }
      : {
          authenticated: true,
          user: { username: sub, uid: 'u-1' },
          audiences: [aud].flat().filter((a) => audiences.includes(a)),
        };
    if (this.memory) this.remembered.set(token, { status, untilMs: this.memory.nowMs() + this.memory.ms });
    return status;
  }
}

/** An answer as API servers write it. */
export function reviewOf(status: object | undefined, others: object = {}): object {
  return { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: {}, status, ...others };
}
