import { counter, gauge, type MetricTerms } from './metric-terms.js';

/** Where the semantic conventions of OpenTelemetry have the buckets of each duration, in seconds. */
const conventionalSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Where SDKs of OpenTelemetry have the buckets of a histogram for which nothing is said: the older conventions said nothing. */
const formerMilliseconds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

/** Metrics by the names that dashboards of others ask for, beside those of our own: the part of the table that is not ours to name. */
export const standardMetrics = {
  // requests, as OpenTelemetry has them
  http_server_request_duration_seconds: conventional(
    'http.server.request.duration',
    'Duration of requests to the public listener, from the head of a request until the head of its answer is sent.',
    [
      'http.request.method',
      'http.route',
      'http.response.status_code',
      'url.scheme',
      'network.protocol.version',
      'error.type',
    ],
  ),
  rpc_server_call_duration_seconds: conventional(
    'rpc.server.call.duration',
    'Time from the beginning of a gRPC call to its answer.',
    ['rpc.system.name', 'rpc.method', 'rpc.response.status_code', 'error.type'],
  ),
  rpc_server_duration_milliseconds: {
    kind: 'histogram',
    description: 'The same by the name that the conventions had before: dashboards that are older ask for it.',
    labels: ['rpc.system', 'rpc.service', 'rpc.method', 'rpc.grpc.status_code'],
    buckets: formerMilliseconds,
    convention: { name: 'rpc.server.duration', unit: 'ms' },
  },
  http_client_request_duration_seconds: conventional(
    'http.client.request.duration',
    'Time of one request to an issuer or a transmitter of signals, to the end of its answer.',
    ['http.request.method', 'server.address', 'server.port', 'url.scheme', 'http.response.status_code', 'error.type'],
  ),
  // the process, as the client libraries of Prometheus have it
  process_cpu_user_seconds_total: counter('Processor time that the process itself used.', []),
  process_cpu_system_seconds_total: counter('Processor time that the kernel used for the process.', []),
  process_cpu_seconds_total: counter('Processor time used.', []),
  process_start_time_seconds: gauge('When the process started, since the epoch.', []),
  process_resident_memory_bytes: gauge('Memory that the process holds.', []),
  process_virtual_memory_bytes: gauge('Addresses that the process has reserved, most of them without memory.', []),
  process_open_fds: gauge('Open file descriptors: connections are most of them.', []),
  process_max_fds: gauge('Most file descriptors that the process may open.', []),
  nodejs_version_info: gauge('1; the labels say which Node.js runs.', ['version', 'major', 'minor', 'patch']),
  nodejs_heap_size_total_bytes: gauge('Memory that is reserved for JavaScript objects.', []),
  nodejs_heap_size_used_bytes: gauge('Memory that JavaScript objects take.', []),
  nodejs_external_memory_bytes: gauge('Memory outside of the heap that JavaScript objects hold.', []),
  nodejs_eventloop_lag_seconds: gauge('Mean delay of the event loop in the last minute.', []),
  nodejs_eventloop_lag_min_seconds: lag('min', 'Shortest delay of the event loop in the last minute.'),
  nodejs_eventloop_lag_max_seconds: lag('max', 'Longest delay of the event loop in the last minute.'),
  nodejs_eventloop_lag_mean_seconds: lag('mean', 'Mean delay of the event loop in the last minute.'),
  nodejs_eventloop_lag_stddev_seconds: lag(
    'stddev',
    'Standard deviation of the delay of the event loop in the last minute.',
  ),
  nodejs_eventloop_lag_p50_seconds: lag('p50', 'Median delay of the event loop in the last minute.'),
  nodejs_eventloop_lag_p90_seconds: lag(
    'p90',
    'Delay of the event loop that 90 % of its turns in the last minute did not exceed.',
  ),
  nodejs_eventloop_lag_p99_seconds: lag(
    'p99',
    'Delay of the event loop that 99 % of its turns in the last minute did not exceed.',
  ),
} as const satisfies Readonly<Record<string, MetricTerms>>;

/** A duration by the semantic conventions. Labels are attributes of theirs: Prometheus gets `_` for each dot. */
function conventional<const Labels extends readonly string[]>(name: string, description: string, labels: Labels) {
  const convention = { name, unit: 's' };
  return { kind: 'histogram', description, labels, buckets: conventionalSeconds, convention } as const;
}

/** How late the event loop is. Prometheus and OpenTelemetry have two names for it. */
function lag(measure: string, description: string) {
  const convention = { name: `nodejs.eventloop.delay.${measure}`, unit: 's' };
  return { ...gauge(description, []), convention } as const;
}
