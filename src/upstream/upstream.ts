import type { GuardedHttp } from '../keys/source/guarded-http.js';
import type { Resolve } from '../keys/source/guarded-connector.js';
import type { IssuerNetwork } from '../issuers/issuer.js';
import type { Clock } from '../shared/clock.js';
import { inChildSpan } from '../telemetry/tracing/child-span.js';
import { Rejection } from '../tokens/rejection.js';
import { present } from './client-credentials.js';
import { EndpointFinder } from './endpoint-finder.js';
import type { OpaqueIssuer } from './opaque-routes.js';
import { readAnswer, type UpstreamAnswer } from './read-answer.js';
import { UpstreamBreaker } from './upstream-breaker.js';
import { UpstreamFailure, UpstreamUnavailable } from './upstream-failure.js';
import { UpstreamHttp } from './upstream-http.js';
import type { UpstreamReporter } from './upstream-reporter.js';

/** What {@link Upstream} works with. */
export interface UpstreamParts {
  readonly clock: Clock;
  readonly http: Pick<GuardedHttp, 'get'>;
  readonly reporter: UpstreamReporter;
  /** Absent: the resolver of the host. */
  readonly resolve?: Resolve;
}

/** What an issuer says of a token, or why that is of no use. */
export type Said = UpstreamAnswer | Rejection;

/**
 * One issuer that is asked about its opaque tokens (RFC 7662 §2), within bounds: so many calls at a time, one for each token, one deadline
 * for the whole of it, and none while it does not answer.
 */
export class Upstream {
  private readonly breaker: UpstreamBreaker;
  private readonly endpoint: EndpointFinder;
  private readonly http: UpstreamHttp;
  /** Questions under way, by the names that answers have in memory. */
  private readonly flights = new Map<string, Promise<Said>>();

  constructor(
    readonly issuer: OpaqueIssuer,
    private readonly parts: UpstreamParts,
  ) {
    this.breaker = new UpstreamBreaker(parts.clock);
    this.endpoint = new EndpointFinder(issuer, parts.http, parts.clock);
    this.http = new UpstreamHttp(networkOf(issuer), issuer.opaque.inFlight, parts.resolve);
  }

  /** Whether it is not asked for a while. */
  get isGivenUp(): boolean {
    return this.breaker.isOpen;
  }

  /** The answer that somebody waits for already. */
  underWay(name: string): Promise<Said> | undefined {
    return this.flights.get(name);
  }

  /**
   * @param name of the token
   * @throws {UpstreamUnavailable} when we cannot know
   */
  ask(name: string, token: string): Promise<Said> {
    const refusal = this.refusal();
    if (refusal) {
      this.parts.reporter.failed(this.issuer.id, refusal);
      return Promise.reject(new UpstreamUnavailable(this.issuer.id, refusal));
    }
    const flight = this.measured(token).finally(() => this.flights.delete(name));
    this.flights.set(name, flight);
    return flight;
  }

  /** No further question follows. */
  close(): void {
    this.http.close();
  }

  private refusal(): UpstreamFailure | undefined {
    if (this.flights.size >= this.issuer.opaque.inFlight)
      return new UpstreamFailure('overloaded', 'limits.inFlight calls are under way');
    const waitMs = this.breaker.admit();
    return waitMs > 0
      ? new UpstreamFailure('breaker_open', 'not asked for a moment: it failed again and again', waitMs)
      : undefined;
  }

  private async measured(token: string): Promise<Said> {
    const { id } = this.issuer;
    const { clock, reporter } = this.parts;
    const startMs = clock.monoMs();
    const seconds = (): number => (clock.monoMs() - startMs) / 1_000;
    const span = { name: 'upstream_introspection', kind: 'client', attributes: { 'assay.issuer': id } } as const;
    try {
      const said = await inChildSpan({ ...span, failure: categoryOf }, () => this.inTime(token));
      this.breaker.succeeded();
      reporter.answered(id, resultOf(said), seconds());
      return said;
    } catch (error) {
      const failure = UpstreamFailure.of(error);
      // 400 and its like may be about this one token: whoever makes one up must not close the way for all others.
      if (failure.category === 'status_4xx') this.breaker.succeeded();
      else this.breaker.failed();
      reporter.failed(id, failure, seconds());
      throw new UpstreamUnavailable(id, failure);
    }
  }

  /** One deadline for everything, from the name of the host to the last octet. */
  private async inTime(token: string): Promise<Said> {
    const deadline = new AbortController();
    const timer = this.parts.clock.after(this.issuer.opaque.timeoutMs, () => {
      deadline.abort(new UpstreamFailure('timeout', 'no answer within limits.timeout'));
    });
    const { promise: late, reject } = Promise.withResolvers<never>();
    deadline.signal.addEventListener('abort', () => {
      reject(deadline.signal.reason as Error);
    });
    try {
      return await Promise.race([this.call(token, deadline.signal), late]);
    } finally {
      timer.cancel();
    }
  }

  private async call(token: string, signal: AbortSignal): Promise<Said> {
    const { issuer } = this;
    const url = await this.endpoint.find(signal);
    const { authorization, form } = await present(
      issuer.opaque.credentials,
      issuer.issuer,
      this.parts.clock.wallMs() / 1_000,
    );
    const parameters = new URLSearchParams({ token, token_type_hint: 'access_token', ...form });
    const { headers } = issuer.network;
    const body = await this.http.post({ url, authorization, headers, form: parameters }, signal);
    return readAnswer(body, issuer);
  }
}

/** A certificate that proves who we are is shown instead of the one for fetches of keys. */
function networkOf({ network, opaque: { credentials } }: OpaqueIssuer): IssuerNetwork {
  if (credentials.kind !== 'certificate') return network;
  return { ...network, clientCertificate: { certificate: credentials.certificate, key: credentials.key } };
}

function categoryOf(error: unknown): string {
  return UpstreamFailure.of(error).category;
}

function resultOf(said: Said): 'active' | 'inactive' | 'foreign' | 'refused' {
  if (said instanceof Rejection) return said.code === 'opaque_foreign' ? 'foreign' : 'refused';
  return said.active ? 'active' : 'inactive';
}
