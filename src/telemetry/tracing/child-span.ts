/** Shows in the trace of a request what was done for it, and costs nothing where there is no trace. */
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type SpanContext,
} from '@opentelemetry/api';
import type { SpanAttributes } from './tracing.js';

/** What there is to say when the work is done, apart from how long it took. */
export interface SpanTerms<T> {
  /** From a fixed set. */
  readonly name: string;
  readonly kind?: 'internal' | 'client';
  readonly attributes?: SpanAttributes;
  /** What came of it. */
  readonly outcome?: (result: T) => SpanAttributes;
  /** Which failure it was: a word from a fixed set, for `error.type`. */
  readonly failure?: (error: unknown) => string;
  /** What is known at the end, however it came. */
  readonly always?: () => SpanAttributes;
}

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/** Runs `work` under a span of its own where the request that it is done for is traced; otherwise it just runs it. */
export function inChildSpan<T>(terms: SpanTerms<T>, work: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()?.isRecording()) return work();
  const { name, kind = 'internal', attributes = {}, outcome, failure, always } = terms;
  const options = { kind: kinds[kind], attributes: attributes as Attributes };
  return trace.getTracer('assay').startActiveSpan(name, options, async (span) => {
    try {
      const result = await work();
      if (outcome) span.setAttributes(outcome(result));
      return result;
    } catch (error) {
      // Never the error itself: its words may be somebody else's (INV-01).
      span.setAttribute('error.type', failure?.(error) ?? 'error');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      if (always) span.setAttributes(always());
      span.end();
    }
  });
}

/** `traceparent` and `tracestate` for a request that is made for one that is traced; nothing for any other (RW3C-02). */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  if (trace.getActiveSpan()?.isRecording()) propagation.inject(context.active(), headers);
  return headers;
}

/** What tells a span from all others, to be linked to from another trace. */
export type SpanReference = SpanContext;

/** The span in which something is done, where it is traced. */
export function activeSpan(): SpanReference | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span.spanContext() : undefined;
}

/** Says of the span in which something is done that it waits for what another span does; nothing where both are of one trace. */
export function linkActiveSpan(other: SpanReference | undefined): void {
  const span = trace.getActiveSpan();
  if (!other || !span?.isRecording() || span.spanContext().traceId === other.traceId) return;
  span.addLink({ context: other });
}

/** The trace in which something is done, for the audit trail. */
export function activeTraceId(): { readonly trace_id: string } | undefined {
  const span = activeSpan();
  return span && { trace_id: span.traceId };
}

/** The ids of the span in which something is said, for log lines. */
export function activeTrace(): { readonly trace_id: string; readonly span_id: string } | undefined {
  const span = activeSpan();
  return span && { trace_id: span.traceId, span_id: span.spanId };
}
