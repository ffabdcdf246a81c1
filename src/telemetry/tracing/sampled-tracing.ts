import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { RequestSpan, Tracing, type SpanAttributes, type TraceCarrier } from './tracing.js';

/** Only these two are read: baggage is somebody else's text, and would travel on to issuers. */
const traceFields = ['traceparent', 'tracestate'] as const;

const getter = {
  keys: (): string[] => [...traceFields],
  // Several fields of one name are joined (RW3C-02); several `traceparent` are none, because then they do not parse.
  get: (carrier: TraceCarrier, name: string): string | undefined =>
    (traceFields as readonly string[]).includes(name) ? carrier[name]?.toString() : undefined,
};

/**
 * Parent-based ratio sampling. A peer that is trusted decides for us; anybody else can make us trace less, and never more:
 * for their requests a die is thrown, because a trace id that decides is one that an attacker chooses (RW3C-03).
 */
export class SampledTracing extends Tracing {
  /**
   * @param ratio share of requests that are traced, in [0, 1]
   * @param random uniform in [0, 1)
   */
  constructor(
    private readonly tracer: Tracer,
    private ratio: number,
    private readonly random: () => number,
  ) {
    super();
  }

  /** Takes effect with the next request. */
  setRatio(ratio: number): void {
    this.ratio = ratio;
  }

  override begin(name: string, carrier: TraceCarrier, isTrusted: boolean): RequestSpan | undefined {
    const hasParent = carrier['traceparent'] !== undefined;
    const isChosen = this.random() < this.ratio;
    if (!isChosen && !(hasParent && isTrusted)) return undefined;
    const parent = hasParent ? propagation.extract(ROOT_CONTEXT, carrier, getter) : ROOT_CONTEXT;
    return this.shouldTrace(parent, isChosen, isTrusted) ? this.span(name, parent) : undefined;
  }

  override async inBackground<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    if (this.random() >= this.ratio) return work();
    const span = this.tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes: attributes }, ROOT_CONTEXT);
    try {
      return await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
    } finally {
      span.end();
    }
  }

  private shouldTrace(parent: Context, isChosen: boolean, isTrusted: boolean): boolean {
    const remote = trace.getSpanContext(parent);
    if (!remote) return isChosen;
    const isSampled = (remote.traceFlags & TraceFlags.SAMPLED) !== 0;
    return isSampled && (isTrusted || isChosen);
  }

  private span(name: string, parent: Context): RequestSpan {
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    return new RequestSpan(span, trace.setSpan(parent, span));
  }
}
