import { Reception } from '../../endpoints/reception.js';
import { EnvoyClient } from '../../gateway/support/envoy.js';
import { authorize } from '../../gateway/support/authorize.js';
import { aKey, thumbprintOf, type TestKey } from '../../builders/a-key.js';
import type { Members, TokenBuilder } from '../../builders/a-token.js';
import { GrpcEndpoint } from '../../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../../transport/http/support/http-endpoint.js';
import { header } from '../../transport/http/support/raw-http.js';
import { aProof, dpopCaller, good } from './a-proof.js';

/** The endpoints for proxies. */
export const endpoints = ['/authorize', 'ext_authz'] as const;

/** What a client of either proxy is told. */
export interface Told {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly nonce?: string | undefined;
  /** Until when a proxy may remember that it passed. */
  readonly expires?: string | undefined;
}

/** What a test changes about a good request. */
export interface Asked {
  readonly token: string;
  /** Each becomes a header of its own; over gRPC Envoy joins them. */
  readonly proofs: readonly string[];
  readonly scheme?: string;
  readonly caller?: string;
  readonly method?: string;
  readonly path?: string;
  readonly scope?: string;
  /** What the proxy calls the request. */
  readonly requestId?: string;
}

/** The key of the client, and one of somebody else. */
export const key = aKey('ES256');
export const other = aKey('ES256');

/** What proofs may be signed with by default. */
export const algs = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';
export const bearerChallenge = 'Bearer realm="assay"';

export const badProof = {
  status: 401,
  challenge: `DPoP algs="${algs}", error="invalid_dpop_proof", ${bearerChallenge}`,
};
export const badToken = { status: 401, challenge: `DPoP algs="${algs}", error="invalid_token", ${bearerChallenge}` };
export const badBearer = { status: 401, challenge: `${bearerChallenge}, error="invalid_token", DPoP algs="${algs}"` };

/** Both endpoints for proxies before one core, with profiles whose clients prove with DPoP. Its clock stands still. */
export class DpopEndpoints {
  /** A good token that is bound to {@link key}. */
  readonly token: string;
  private readonly envoy: EnvoyClient;

  private constructor(
    readonly reception: Reception,
    readonly http: HttpEndpoint,
    private readonly grpc: GrpcEndpoint,
  ) {
    this.token = this.boundTo(key).build();
    this.envoy = new EnvoyClient(grpc.port);
  }

  static async open(): Promise<DpopEndpoints> {
    const callers = [
      dpopCaller('edge-dpop'),
      dpopCaller('edge-es', { algorithms: ['ES256', 'ML-DSA-65'] }),
      dpopCaller('edge-slow', { maxAge: 300_000 }),
      dpopCaller('edge-off', { replay: 'off' }),
      dpopCaller('edge-twice', { proxySetsRequestId: true }),
      dpopCaller('edge-twice-2', { proxySetsRequestId: true }),
      dpopCaller('edge-nonce', { nonce: 'required' }),
      dpopCaller('edge-nonce-2', { nonce: 'required' }),
    ];
    const reception = await Reception.open({ callers });
    const http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
    return new DpopEndpoints(
      reception,
      http,
      await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] }),
    );
  }

  /** Seconds since the epoch. */
  get now(): number {
    return this.reception.clock.wallMs() / 1000;
  }

  /** A token with a scope, bound to a key. */
  boundTo(bound: TestKey): TokenBuilder {
    return this.reception.context.good.with({ scope: 'orders:read', cnf: { jkt: thumbprintOf(bound.jwk) } });
  }

  /** A good proof for {@link token}, until the test changes it. */
  proof(claims: Members = {}, by = key): TokenBuilder {
    return aProof(by, this.token, this.now, claims);
  }

  /** Asks as a proxy does. nginx, Traefik and Caddy say the request in headers, Envoy beside them. */
  ask(endpoint: (typeof endpoints)[number], asked: Asked): Promise<Told> {
    return endpoint === '/authorize' ? this.askOverHttp(asked) : this.askAsEnvoy(asked);
  }

  async close(): Promise<void> {
    this.envoy.close();
    await this.grpc.close();
    await this.http.close();
  }

  private async askOverHttp({
    token: sent,
    proofs,
    scheme = 'DPoP',
    caller = 'edge-dpop',
    method = 'GET',
    path = good.path,
    scope,
    requestId,
  }: Asked): Promise<Told> {
    const headers = {
      Authorization: `${scheme} ${sent}`,
      ...(proofs.length > 0 && { DPoP: [...proofs] }),
      'X-Original-Method': method,
      'X-Original-URI': path,
      ...(requestId !== undefined && { 'X-Request-Id': requestId }),
    };
    const query = `caller=${caller}${scope === undefined ? '' : `&scope=${scope}`}`;
    const answer = await authorize(this.http, { query, headers });
    const { status } = answer;
    return {
      status,
      challenge: header(answer, 'www-authenticate'),
      nonce: header(answer, 'dpop-nonce'),
      expires: header(answer, 'x-auth-expires'),
    };
  }

  private async askAsEnvoy({
    token: sent,
    proofs,
    scheme = 'DPoP',
    caller = 'edge-dpop',
    scope,
    requestId,
    ...request
  }: Asked): Promise<Told> {
    const joined = proofs.length === 0 ? {} : { dpop: proofs.join(',') };
    const named = requestId === undefined ? {} : { 'x-request-id': requestId };
    const headers = { authorization: `${scheme} ${sent}`, ...joined, ...named };
    const extensions = { caller, ...(scope !== undefined && { scope }) };
    const verdict = await this.envoy.check({ headers, extensions, method: 'GET', path: good.path, ...request });
    const { 'www-authenticate': challenge, 'dpop-nonce': nonce, 'x-auth-expires': expires } = verdict.headers;
    return { status: verdict.http ?? 200, challenge, nonce, expires };
  }
}
