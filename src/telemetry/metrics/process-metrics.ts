/** Shows in the metrics which version runs, and what the process takes of the machine. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../shared/clock.js';
import { version } from '../../shared/package-root.js';
import { LoopLag } from '../loop-lag.js';
import { openFiles, mostFiles, virtualMemory } from '../process-limits.js';
import type { Metrics, Observe } from './metrics.js';

const useNames = [
  'assay_build_info',
  'assay_process_cpu_seconds_total',
  'assay_process_resident_memory_bytes',
  'assay_process_heap_used_bytes',
  'assay_process_start_time_seconds',
  'assay_event_loop_utilization_ratio',
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_version_info',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
] as const;

const lagNames = [
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
] as const;

/**
 * Shows in the metrics which version runs, and what it takes of the machine: by our names, and by those that dashboards for any
 * process ask for.
 * @returns ends the measurement of the event loop, which goes on between scrapes
 */
export function observeProcess(metrics: Metrics, clock: Clock): () => void {
  const startedAtSeconds = clock.wallMs() / 1_000 - process.uptime();
  metrics.watch(useNames, (observe) => {
    observe('assay_process_start_time_seconds', startedAtSeconds, {});
    observe('process_start_time_seconds', startedAtSeconds, {});
    observe('assay_event_loop_utilization_ratio', performance.eventLoopUtilization().utilization, {});
    observeVersions(observe);
    observeProcessor(observe);
    observeMemory(observe);
    observeKernel(observe);
  });
  const lag = new LoopLag(clock);
  metrics.watch(lagNames, (observe) => {
    const { min, max, mean, stddev, p50, p90, p99 } = lag.take();
    observe('nodejs_eventloop_lag_seconds', mean, {});
    observe('nodejs_eventloop_lag_min_seconds', min, {});
    observe('nodejs_eventloop_lag_max_seconds', max, {});
    observe('nodejs_eventloop_lag_mean_seconds', mean, {});
    observe('nodejs_eventloop_lag_stddev_seconds', stddev, {});
    observe('nodejs_eventloop_lag_p50_seconds', p50, {});
    observe('nodejs_eventloop_lag_p90_seconds', p90, {});
    observe('nodejs_eventloop_lag_p99_seconds', p99, {});
  });
  return () => {
    lag.stop();
  };
}

type ObserveUse = Observe<(typeof useNames)[number]>;

function observeVersions(observe: ObserveUse): void {
  observe('assay_build_info', 1, { version, node: process.versions.node });
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  observe('nodejs_version_info', 1, { version: process.version, major, minor, patch });
}

function observeProcessor(observe: ObserveUse): void {
  const { user, system } = process.cpuUsage();
  const seconds = (user + system) / 1e6;
  observe('assay_process_cpu_seconds_total', seconds, {});
  observe('process_cpu_seconds_total', seconds, {});
  observe('process_cpu_user_seconds_total', user / 1e6, {});
  observe('process_cpu_system_seconds_total', system / 1e6, {});
}

function observeMemory(observe: ObserveUse): void {
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  observe('assay_process_resident_memory_bytes', rss, {});
  observe('process_resident_memory_bytes', rss, {});
  observe('assay_process_heap_used_bytes', heapUsed, {});
  observe('nodejs_heap_size_used_bytes', heapUsed, {});
  observe('nodejs_heap_size_total_bytes', heapTotal, {});
  observe('nodejs_external_memory_bytes', external, {});
}

/** Not every system says it. */
function observeKernel(observe: ObserveUse): void {
  const said = {
    process_virtual_memory_bytes: virtualMemory(),
    process_open_fds: openFiles(),
    process_max_fds: mostFiles(),
  } as const;
  for (const [name, value] of Object.entries(said)) {
    if (value !== undefined) observe(name as keyof typeof said, value, {});
  }
}
