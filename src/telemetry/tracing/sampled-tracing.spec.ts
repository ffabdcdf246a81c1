import { propagation, ROOT_CONTEXT, trace, TraceFlags, type Span, type Tracer } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampledTracing } from './sampled-tracing.js';
import type { TraceCarrier } from './tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const sampled = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
const unsampled = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };

/** A tracer that counts the spans that it is asked for, and keeps what each of them hangs from. */
function counting() {
  const parents: (string | undefined)[] = [];
  const span = trace.wrapSpanContext({ traceId, spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED });
  const startSpan: Tracer['startSpan'] = (_name, _options, context): Span => {
    parents.push(context && trace.getSpanContext(context)?.traceId);
    return span;
  };
  return { parents, tracer: { startSpan } as Tracer };
}

describe('SampledTracing', () => {
  // The flags and the trace id are all that matters here; the real propagator is held to RW3C in test/e2e/tracing.spec.ts.
  beforeAll(() => {
    propagation.setGlobalPropagator({
      inject: () => undefined,
      fields: () => ['traceparent'],
      extract: (context, carrier, getter) => {
        expect(getter.get(carrier, 'baggage')).toBeUndefined();
        const [, id, spanId, flags] = String(getter.get(carrier, 'traceparent') ?? '').split('-');
        if (id === undefined || spanId === undefined) return context;
        const isRemote = true;
        return trace.setSpanContext(context, { traceId: id, spanId, traceFlags: Number(flags), isRemote });
      },
    });
  });

  afterAll(() => {
    propagation.disable();
  });

  /** How many of 1,000 requests are traced. */
  function traced(ratio: number, carrier: TraceCarrier, isTrusted: boolean): number {
    const { parents, tracer } = counting();
    let i = 0;
    const tracing = new SampledTracing(tracer, ratio, () => i++ / 1_000);
    for (let n = 0; n < 1_000; n++) tracing.begin('introspect', carrier, isTrusted);
    return parents.length;
  }

  it.each<[string, TraceCarrier, boolean, number]>([
    ['nobody has decided: as many as asked for', {}, false, 10],
    ['a trusted peer has decided that we do', sampled, true, 1_000],
    ['a trusted peer has decided that we do not', unsampled, true, 0],
    ['RW3C-03 a stranger cannot make us trace more', sampled, false, 10],
    ['a stranger can keep itself out', unsampled, false, 0],
    ['a trusted peer that says nothing decides nothing', { traceparent: 'nonsense' }, true, 10],
  ])('traces 1 %%: %s', (_, carrier, isTrusted, expected) => {
    expect(traced(0.01, carrier, isTrusted)).toBe(expected);
  });

  it('makes no span for a request that is not traced', () => {
    expect(traced(0, {}, false)).toBe(0);
    expect(traced(0, sampled, false)).toBe(0);
  });

  it('traces everything when asked to, and hangs it under whoever asked', () => {
    const { parents, tracer } = counting();
    const tracing = new SampledTracing(tracer, 1, () => 0.999);
    expect(tracing.begin('introspect', {}, false)).toBeDefined();
    expect(tracing.begin('introspect', { ...sampled, baggage: 'subject=alice' }, false)).toBeDefined();
    expect(parents).toEqual([undefined, traceId]);
    expect(trace.getSpanContext(ROOT_CONTEXT)).toBeUndefined();
  });

  it('traces as many of what no request asks for, each as the root of a trace, and does the work in any case', async () => {
    const { parents, tracer } = counting();
    let i = 0;
    const tracing = new SampledTracing(tracer, 0.01, () => i++ / 1_000);
    const work = (): Promise<string> => Promise.resolve('done');
    const done = await Promise.all(
      Array.from({ length: 1_000 }, () => tracing.inBackground('refresh keys', { 'assay.issuer': 'corp' }, work)),
    );
    expect(new Set(done)).toEqual(new Set(['done']));
    expect(parents).toEqual(new Array(10).fill(undefined));
  });

  it('follows a ratio that changes', () => {
    const { parents, tracer } = counting();
    const tracing = new SampledTracing(tracer, 0, () => 0.5);
    tracing.begin('introspect', {}, false);
    tracing.setRatio(1);
    tracing.begin('introspect', {}, false);
    expect(parents).toHaveLength(1);
  });
});
