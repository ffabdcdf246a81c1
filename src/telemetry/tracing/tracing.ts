import type { RequestSpan } from './request-span.js';

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
}

/** Nothing is traced. */
export class NoTracing extends Tracing {
  override begin(): undefined {
    return undefined;
  }
}
