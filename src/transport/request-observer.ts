import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import type { TraceCarrier, Tracing } from '../telemetry/tracing/tracing.js';
import type { TrustedProxies } from './trusted-proxies.js';
import { RequestReport, type Endpoint } from './request-report.js';

/** What a {@link RequestObserver} works with. */
export interface RequestObserverParts {
  readonly clock: Clock;
  readonly telemetry: { readonly metrics: Metrics; readonly tracing: Tracing };
  /** Peers that decide whether we trace (RW3C-03). */
  readonly trusted: TrustedProxies;
}

/** Opens a report for every request, at every door. */
export class RequestObserver {
  constructor(private readonly parts: RequestObserverParts) {}

  /**
   * @param carrier header fields or metadata, lower-case names
   * @param peer address of the other end of the connection
   */
  begin(door: Endpoint, carrier: TraceCarrier, peer: string): RequestReport {
    const { clock, telemetry, trusted } = this.parts;
    const isTrusted = carrier['traceparent'] !== undefined && trusted.trusts(peer);
    const span = telemetry.tracing.begin(door, carrier, isTrusted);
    return new RequestReport(door, { clock, metrics: telemetry.metrics }, span);
  }
}
