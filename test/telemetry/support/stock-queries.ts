/**
 * What dashboards ask that others have made, with their variables filled in: for services that OpenTelemetry measures (HTTP server, gRPC
 * server, HTTP client, by the semantic conventions), and for Node.js and any process (client libraries of Prometheus).
 */
export const stockQueries: readonly string[] = [
  // requests, errors, durations of an HTTP server
  'sum(rate(http_server_request_duration_seconds_count[5m]))',
  'sum by (http_route) (rate(http_server_request_duration_seconds_count[5m]))',
  'sum by (http_request_method, http_route) (rate(http_server_request_duration_seconds_count[5m]))',
  'sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count[5m]))',
  'sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / sum(rate(http_server_request_duration_seconds_count[5m]))',
  'sum by (http_route) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"4.."}[5m]))',
  'sum by (error_type) (rate(http_server_request_duration_seconds_count{error_type!=""}[5m]))',
  'histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.99, sum by (le, http_route, http_request_method) (rate(http_server_request_duration_seconds_bucket[5m])))',
  'sum(rate(http_server_request_duration_seconds_sum[5m])) / sum(rate(http_server_request_duration_seconds_count[5m]))',
  'topk(10, sum by (http_route) (rate(http_server_request_duration_seconds_sum[5m])))',
  'sum by (le) (increase(http_server_request_duration_seconds_bucket{http_route="/introspect"}[5m]))',
  'sum by (url_scheme, network_protocol_version) (rate(http_server_request_duration_seconds_count[5m]))',
  // an RPC server
  'sum by (rpc_method) (rate(rpc_server_call_duration_seconds_count{rpc_system_name="grpc"}[5m]))',
  'sum by (rpc_response_status_code) (rate(rpc_server_call_duration_seconds_count[5m]))',
  'histogram_quantile(0.95, sum by (le, rpc_method) (rate(rpc_server_call_duration_seconds_bucket[5m])))',
  // the same, as the conventions were before
  'sum by (rpc_service, rpc_method) (rate(rpc_server_duration_milliseconds_count{rpc_system="grpc"}[5m]))',
  'sum(rate(rpc_server_duration_milliseconds_count{rpc_grpc_status_code!="0"}[5m]))',
  'histogram_quantile(0.95, sum by (le, rpc_method) (rate(rpc_server_duration_milliseconds_bucket[5m])))',
  // an HTTP client
  'sum by (server_address, server_port) (rate(http_client_request_duration_seconds_count[5m]))',
  'histogram_quantile(0.95, sum by (le, server_address) (rate(http_client_request_duration_seconds_bucket[5m])))',
  'sum by (http_response_status_code) (rate(http_client_request_duration_seconds_count{http_request_method="GET"}[5m]))',
  // Node.js, and any process
  'irate(process_cpu_user_seconds_total[2m]) * 100',
  'irate(process_cpu_system_seconds_total[2m]) * 100',
  'rate(process_cpu_seconds_total[5m])',
  'time() - process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_open_fds / process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_used_bytes / nodejs_heap_size_total_bytes',
  'nodejs_external_memory_bytes',
  'sum by (version) (nodejs_version_info)',
];
