import { OAuthError } from './oauth-error.js';
import { Unavailable } from '../shared/unavailable.js';
import { registrationIdOf } from '../shared/tenant-id.js';
import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import type { RequestSpan, TraceCarrier, Tracing } from '../telemetry/tracing/tracing.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** Where requests come in. `other`: no resource of ours. A fixed set, for a metric's label. */
export const endpoints = [
  'introspect',
  'revoke',
  'authorize',
  'grpc_introspect',
  'ext_authz',
  'metadata',
  'other',
] as const;

/** One of {@link endpoints}. */
export type Endpoint = (typeof endpoints)[number];

/** Verdicts about a token, whatever the endpoint makes of them. */
const verdicts = ['active', 'inactive', 'insufficient_scope'] as const;

/** How a request ended: with a verdict, with an answer that needs none, or with one of the ways to get no verdict. */
export const outcomes = [
  ...verdicts,
  'answered', // no token was asked about
  'refused', // the caller was wrong
  'limited', // the caller asks too often
  'unavailable', // we cannot know, or have too much to do
  'failed', // our own fault
] as const;

/** One of {@link outcomes}. */
export type Outcome = (typeof outcomes)[number];

type Verdict = (typeof verdicts)[number];

/** Why a token was not good, as metrics tell it. */
interface RejectedFor {
  /** One of a fixed set. */
  readonly code: string;
  /** Short id of the issuer, where the token names a registered one. */
  readonly issuerId?: string | undefined;
}

/** What one request came to, for operators: filled in while it is answered, reported once when it has been. */
export class RequestReport {
  private readonly startedMs: number;
  private caller = '';
  private issuer = '';
  private rejection = '';
  private verdict: Verdict | undefined;
  private failedWith: number | undefined;

  /** @param span of a request that is traced */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly tools: { readonly clock: Clock; readonly metrics: Metrics },
    readonly span?: RequestSpan,
  ) {
    this.startedMs = tools.clock.monoMs();
  }

  /** Who asks is known. */
  authenticated({ id }: { readonly id: string }): void {
    this.caller = id;
  }

  /** The token is good, and was good enough or not. */
  accepted(issuerId: string, verdict: 'active' | 'insufficient_scope' = 'active'): void {
    this.issuer = registrationIdOf(issuerId);
    this.verdict = verdict;
  }

  /** The token is not good. */
  rejected({ code, issuerId = '' }: RejectedFor): void {
    this.issuer = registrationIdOf(issuerId);
    this.rejection = code;
    this.verdict = 'inactive';
  }

  /**
   * There is no verdict.
   * @param status HTTP status that the error has, where the answer has another
   */
  failed(error: unknown, status?: number): void {
    if (error instanceof OAuthError) this.caller = error.caller ?? this.caller;
    if (error instanceof Unavailable) this.issuer = registrationIdOf(error.issuerId);
    this.failedWith = status;
  }

  /** @param answered HTTP status of the answer, or what it would be */
  end(answered: number): void {
    const status = this.failedWith ?? answered;
    const { endpoint: door, caller, issuer, rejection, span } = this;
    const { clock, metrics } = this.tools;
    const outcome = this.verdict ?? outcomeOf(status);
    const labels = { door, caller, outcome };
    metrics.count('assay_requests_total', labels);
    metrics.measure('assay_request_duration_seconds', (clock.monoMs() - this.startedMs) / 1_000, labels);
    if (rejection !== '') metrics.count('assay_rejections_total', { issuer, reason: rejection });
    span?.end(
      spanAttributes({ door, caller, issuer, outcome, rejection }, status),
      status >= 500 && outcome !== 'refused',
    );
  }
}

function outcomeOf(status: number): Outcome {
  if (status < 400) return 'answered';
  if (status === 429) return 'limited';
  if (status === 503) return 'unavailable';
  // The client has asked for a protocol that we do not speak (RFC 9110 §15.6.2, §15.6.6).
  if (status === 501 || status === 505) return 'refused';
  return status >= 500 ? 'failed' : 'refused';
}

/** What is not known is left out. */
function spanAttributes(known: Readonly<Record<string, string>>, status: number): Record<string, string | number> {
  const present = Object.entries(known).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(present.map(([name, value]) => [`assay.${name}`, value])),
    'http.response.status_code': status,
  };
}

/** What a {@link RequestObserver} works with. */
export interface RequestObserverParts {
  readonly clock: Clock;
  readonly telemetry: { readonly metrics: Metrics; readonly tracing: Tracing };
  /** Peers that decide whether we trace (RW3C-03). */
  readonly trusted: TrustedProxies;
}

/** Opens a report for every request, at every endpoint. */
export class RequestObserver {
  constructor(private readonly parts: RequestObserverParts) {}

  /**
   * @param carrier header fields or metadata, lower-case names
   * @param peer address of the other end of the connection
   */
  begin(endpoint: Endpoint, carrier: TraceCarrier, peer: string): RequestReport {
    const { clock, telemetry, trusted } = this.parts;
    const isTrusted = carrier['traceparent'] !== undefined && trusted.trusts(peer);
    const span = telemetry.tracing.begin(endpoint, carrier, isTrusted);
    return new RequestReport(endpoint, { clock, metrics: telemetry.metrics }, span);
  }
}
