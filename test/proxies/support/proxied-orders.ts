import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { aKey, thumbprintOf } from '../../builders/a-key.js';
import type { Members } from '../../builders/a-token.js';
import type { RunningServer } from '../../clients/support/running-server.js';
import { Reception } from '../../endpoints/reception.js';
import { eventually } from '../../fakes/eventually.js';
import { Upstream } from '../../gateway/support/upstream.js';
import { aProof, dpopCaller, ORIGIN } from '../../proofs/support/a-proof.js';
import { GrpcEndpoint } from '../../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../../transport/http/support/http-endpoint.js';
import { proxies, type Change } from './proxies.js';

/** What a client of the proxy sends. */
export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** What it gets. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Profiles of these tests. */
const callers = [
  dpopCaller('edge-plain', {}, { resource: ORIGIN }),
  dpopCaller('edge-nonce', { nonce: 'required' }),
  dpopCaller('edge-twice', { proxySetsRequestId: true }),
];

/** A real proxy between clients and an upstream, which asks the real core in this process. */
export class ProxiedOrders {
  /** A good token, and one that is bound to a key of the client. */
  readonly token: string;
  readonly bound: string;
  private readonly key = aKey('ES256');

  private constructor(
    readonly reception: Reception,
    private readonly http: HttpEndpoint,
    private readonly grpc: GrpcEndpoint,
    readonly upstream: Upstream,
    private readonly proxy: RunningServer,
  ) {
    const { good } = reception.context;
    this.token = good.with({ scope: 'orders:read' }).build();
    this.bound = good.with({ scope: 'orders:read', cnf: { jkt: thumbprintOf(this.key.jwk) } }).build();
  }

  static async open(name: keyof typeof proxies, caller: string, change?: Change): Promise<ProxiedOrders> {
    const reception = await Reception.open({ callers });
    const trusted = { trustedProxies: ['127.0.0.1/32'] };
    const http = await HttpEndpoint.before(reception, trusted);
    const grpc = await GrpcEndpoint.before(reception, trusted);
    const upstream = await Upstream.start();
    const ports = { http: http.port, grpc: grpc.port, upstream: upstream.port };
    const opened = new ProxiedOrders(reception, http, grpc, upstream, await proxies[name](ports, caller, change));
    // Traefik listens before it has read its routes.
    await eventually(async () => (await opened.ask()).status === 401);
    return opened;
  }

  async ask({ method = 'GET', path = '/orders', headers = {}, body }: Sent = {}): Promise<Got> {
    const sent = request(new URL(path, this.proxy.url), { method, headers, agent: false }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
  }

  /** Headers with the bound token and a proof for `/orders`. */
  proven(claims: Members = {}): Readonly<Record<string, string>> {
    const now = this.reception.clock.wallMs() / 1000;
    return { authorization: `DPoP ${this.bound}`, dpop: aProof(this.key, this.bound, now, claims).build() };
  }

  /** From now on nobody answers what the proxy asks. */
  async leave(): Promise<void> {
    await this.http.close();
    await this.grpc.close();
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    await this.upstream.close();
  }
}
