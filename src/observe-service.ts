import type { CallerDirectory } from './callers/caller-directory.js';
import type { Readiness } from './health/readiness.js';
import type { Overload } from './introspection/overload.js';
import type { IssuerRegistry } from './issuers/issuer-registry.js';
import type { Metrics } from './telemetry/metrics/metrics.js';

/** What is looked at when somebody asks for the metrics. */
export interface ObservedService {
  readonly readiness: Readiness;
  readonly issuers: IssuerRegistry;
  readonly callers: CallerDirectory;
  readonly overload: Overload;
}

const names = ['assay_ready', 'assay_issuers', 'assay_callers', 'assay_event_loop_delay_seconds'] as const;

/** Tells how the service as a whole stands. */
export function observeService(metrics: Metrics, { readiness, issuers, callers, overload }: ObservedService): void {
  metrics.watch(names, (observe) => {
    observe('assay_ready', Number(readiness.isReady), {});
    observe('assay_issuers', issuers.all().length, {});
    observe('assay_callers', callers.size, {});
    observe('assay_event_loop_delay_seconds', overload.delayMs / 1_000, {});
  });
}
