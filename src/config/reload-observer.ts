import { includeStates, type ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

/** How an attempt to reload ended; a fixed set, for a metric's label. */
export type ReloadResult = 'success' | 'unchanged' | 'failure';

/** Is given how each attempt to reload ended. */
export abstract class ReloadObserver {
  abstract reloaded(result: ReloadResult): void;
}

/** For a process that does not count reloads. */
export class NoReloadObserver extends ReloadObserver {
  override reloaded(): void {
    // Not counted.
  }
}

/** Shows which configuration is in force, counts attempts to reload it, and remembers when each kind of result was last seen. */
export class MeteredReloads extends ReloadObserver {
  private readonly lastAtMs = new Map<ReloadResult, number>();

  constructor(
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    active: Pick<ActiveConfiguration, 'version'>,
  ) {
    super();
    // A counter that begins with the first failure hides that failure from every rate.
    for (const result of ['success', 'unchanged', 'failure'] as const) {
      metrics.count('assay_config_reload_total', { result }, 0);
    }
    metrics.watch(['assay_config_info'], (observe) => {
      observe('assay_config_info', 1, { digest: active.version.digest });
    });
    metrics.watch(['assay_config_included_files'], (observe) => {
      const { included = [] } = active.version;
      for (const state of includeStates) {
        observe('assay_config_included_files', included.filter((file) => file.state === state).length, { state });
      }
    });
    metrics.watch(['assay_config_last_reload_timestamp_seconds'], (observe) => {
      for (const [result, atMs] of this.lastAtMs) {
        observe('assay_config_last_reload_timestamp_seconds', atMs / 1_000, { result });
      }
    });
  }

  override reloaded(result: ReloadResult): void {
    this.lastAtMs.set(result, this.clock.wallMs());
    this.metrics.count('assay_config_reload_total', { result });
  }
}
