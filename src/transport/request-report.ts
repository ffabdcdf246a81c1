/** What operators learn of one request: filled in while it is answered, and reported once. */
import { OAuthError } from './oauth-error.js';
import { Unavailable } from '../shared/unavailable.js';
import { registrationIdOf } from '../shared/tenant-id.js';
import type { Clock } from '../shared/clock.js';
import type { BoundCounter, BoundHistogram, Metrics } from '../telemetry/metrics/metrics.js';
import type { RequestSpan } from '../telemetry/tracing/tracing.js';
import type { ServerConvention } from './server-convention.js';

/** Where requests come in. `other`: no resource of ours. A fixed set, for a metric's label. */
export const endpoints = [
  'introspect',
  'revoke',
  'events',
  'authorize',
  'signals',
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

/** The series of one endpoint that count its requests, each looked up once. */
export class EndpointSeries {
  /** By caller. Those of callers that are gone stay, as their series do. */
  private readonly known = new Map<string, Partial<Record<Outcome, RequestSeries>>>();

  constructor(
    readonly endpoint: Endpoint,
    private readonly metrics: Metrics,
  ) {}

  of(caller: string, outcome: Outcome): RequestSeries {
    let ofCaller = this.known.get(caller);
    if (!ofCaller) this.known.set(caller, (ofCaller = {}));
    return (ofCaller[outcome] ??= this.begin(caller, outcome));
  }

  private begin(caller: string, outcome: Outcome): RequestSeries {
    const labels = { door: this.endpoint, caller, outcome };
    return {
      requests: this.metrics.counter('assay_requests_total', labels),
      seconds: this.metrics.histogram('assay_request_duration_seconds', labels),
    };
  }
}

interface RequestSeries {
  readonly requests: BoundCounter;
  readonly seconds: BoundHistogram;
}

/** What reports work with. */
export interface ReportTools {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Takes the ids of callers that have asked. */
  readonly callers: Set<string>;
  /** Takes how many requests of each caller were too many. */
  readonly limited: Map<string, number>;
}

/** What one request came to, for operators: filled in while it is answered, reported once when it has been. */
export class RequestReport {
  private readonly startedMs: number;
  private caller = '';
  private issuer = '';
  private rejection = '';
  private verdict: Verdict | undefined;
  private failedWith: number | undefined;

  /**
   * @param requestId name of this one request, as its answer has it
   * @param span of a request that is traced
   */
  constructor(
    private readonly series: EndpointSeries,
    private readonly tools: ReportTools,
    private readonly convention: ServerConvention,
    readonly requestId: string,
    readonly span?: RequestSpan,
  ) {
    this.startedMs = tools.clock.monoMs();
  }

  /** Who asks is known. */
  authenticated({ id }: { readonly id: string }): void {
    this.caller = id;
    this.tools.callers.add(id);
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

  /**
   * @param answered HTTP status of the answer, or what it would be
   * @param sent what the answer says in its own protocol: a code of gRPC
   */
  end(answered: number, sent = answered): void {
    const status = this.failedWith ?? answered;
    const { series, caller, issuer, rejection, convention, requestId, span } = this;
    const { clock, metrics } = this.tools;
    const outcome = this.verdict ?? outcomeOf(status);
    const { requests, seconds } = series.of(caller, outcome);
    const tookSeconds = (clock.monoMs() - this.startedMs) / 1_000;
    requests.add();
    seconds.record(tookSeconds);
    convention.seriesOf(sent).record(tookSeconds);
    if (outcome === 'limited' && caller !== '') this.countLimited(caller);
    if (rejection !== '') metrics.count('assay_rejections_total', { issuer, reason: rejection });
    if (!span) return;
    const ours = spanAttributes({ door: series.endpoint, caller, issuer, outcome, rejection, request_id: requestId });
    span.end({ ...ours, ...convention.outcomeOf(sent) }, status >= 500 && outcome !== 'refused');
  }

  private countLimited(caller: string): void {
    const { limited } = this.tools;
    limited.set(caller, (limited.get(caller) ?? 0) + 1);
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
function spanAttributes(known: Readonly<Record<string, string>>): Record<string, string> {
  const present = Object.entries(known).filter(([, value]) => value !== '');
  return Object.fromEntries(present.map(([name, value]) => [`assay.${name}`, value]));
}
