/** The port of tracing: which requests are traced, and what a span may say. */
import { context, SpanStatusCode, type Context, type Span } from '@opentelemetry/api';

/** What a span may say: registered names and words of ours, never anything from a token. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** The server span of one request that is traced. */
export class RequestSpan {
  /** @param scope the context in which the span is the active one */
  constructor(
    private readonly span: Span,
    private readonly scope: Context,
  ) {}

  /** Runs `work` so that spans begun in it, or after it has waited, are children of this one. */
  run<T>(work: () => T): T {
    return context.with(this.scope, work);
  }

  /** Says what is known before the end. */
  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  /** @param isOurFault whether the request failed for a reason that operators have to examine */
  end(attributes: SpanAttributes, isOurFault: boolean): void {
    this.span.setAttributes(attributes);
    if (isOurFault) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

/** Header fields or metadata of a request, lower-case names. */
export type TraceCarrier = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Decides which requests are traced, before anything is allocated for them. */
export abstract class Tracing {
  /**
   * @param name of the span, from a fixed set
   * @param carrier what may hold a W3C `traceparent`
   * @param isTrusted whether the peer may decide that we trace (RW3C-03)
   * @returns nothing for a request that is not traced
   */
  abstract begin(name: string, carrier: TraceCarrier, isTrusted: boolean): RequestSpan | undefined;

  /**
   * Runs what no request has asked for, such as a refresh of the schedule, under a trace of its own: as many of them as of requests.
   * @param name of the span, from a fixed set
   */
  abstract inBackground<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
}

/** Nothing is traced. */
export class NoTracing extends Tracing {
  override begin(): undefined {
    return undefined;
  }

  override inBackground<T>(_name: string, _attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    return work();
  }
}
