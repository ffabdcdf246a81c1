import type { Metrics } from './metrics/metrics.js';

/** What is exported. A fixed set, for a metric's label. */
export const exportedSignals = ['traces', 'metrics'] as const;

/** One of {@link exportedSignals}. */
export type ExportedSignal = (typeof exportedSignals)[number];

/** How an export ended, with all its retries. A fixed set, for a metric's label. */
export const exportResults = ['success', 'failure'] as const;

type Counts = Record<(typeof exportResults)[number], number>;

/**
 * Counts how exports of traces and metrics end: the SDK tells nobody but its own log, and who watches over a collector sees only what
 * arrives there. Counted apart from the metrics, which do not exist before the SDK has started.
 */
export class ExportResults {
  private readonly counts: ReadonlyMap<ExportedSignal, Counts>;

  /** @param signals those that are exported: the others are not shown as 0 */
  constructor(signals: readonly ExportedSignal[]) {
    this.counts = new Map(signals.map((signal) => [signal, { success: 0, failure: 0 }]));
  }

  /** One export has ended. */
  count(signal: ExportedSignal, result: keyof Counts): void {
    const counts = this.counts.get(signal);
    if (counts) counts[result]++;
  }

  /** Shows the counts in the metrics, from 0 on, so that the first failure is a growth. */
  observe(metrics: Metrics): void {
    metrics.watch(['assay_telemetry_exports_total'], (observe) => {
      for (const [signal, counts] of this.counts) {
        for (const result of exportResults) {
          observe('assay_telemetry_exports_total', counts[result], { signal, result });
        }
      }
    });
  }
}
