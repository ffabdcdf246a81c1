import { performance } from 'node:perf_hooks';
import type { Clock } from '../../shared/clock.js';
import { version } from '../../shared/package-root.js';
import type { Metrics } from './metrics.js';

/** Shows in the metrics which version runs, and what it takes of the machine. */
export function observeProcess(metrics: Metrics, clock: Clock): void {
  const startedAtSeconds = clock.wallMs() / 1_000 - process.uptime();
  const names = [
    'assay_build_info',
    'assay_process_cpu_seconds_total',
    'assay_process_resident_memory_bytes',
    'assay_process_heap_used_bytes',
    'assay_process_start_time_seconds',
    'assay_event_loop_utilization_ratio',
  ] as const;
  metrics.watch(names, (observe) => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    observe('assay_build_info', 1, { version, node: process.versions.node });
    observe('assay_process_cpu_seconds_total', (user + system) / 1e6, {});
    observe('assay_process_resident_memory_bytes', rss, {});
    observe('assay_process_heap_used_bytes', heapUsed, {});
    observe('assay_process_start_time_seconds', startedAtSeconds, {});
    observe('assay_event_loop_utilization_ratio', performance.eventLoopUtilization().utilization, {});
  });
}
