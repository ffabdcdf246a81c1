import { status as codes } from '@grpc/grpc-js';
import type { BoundHistogram, Metrics } from '../../telemetry/metrics/metrics.js';
import type { SpanAttributes } from '../../telemetry/tracing/tracing.js';
import { ServerConvention } from '../server-convention.js';

/** What the conventions of OpenTelemetry call an error of a server; the other codes are the client's. */
const serverErrors: ReadonlySet<number> = new Set([
  codes.UNKNOWN,
  codes.DEADLINE_EXCEEDED,
  codes.UNIMPLEMENTED,
  codes.INTERNAL,
  codes.UNAVAILABLE,
  codes.DATA_LOSS,
]);

/** Calls of one method of gRPC. */
export class RpcConvention extends ServerConvention {
  override readonly attributes: SpanAttributes;

  /** @param spanName the method with its service: `assay.v1.Introspection/Introspect` */
  constructor(
    override readonly spanName: string,
    private readonly metrics: Pick<Metrics, 'histogram'>,
  ) {
    super();
    this.attributes = { 'rpc.system.name': 'grpc', 'rpc.method': spanName };
  }

  override outcomeOf(code: number): SpanAttributes {
    const error = errorOf(code);
    return { 'rpc.response.status_code': nameOf(code), ...(error !== '' && { 'error.type': error }) };
  }

  protected override begin(code: number): BoundHistogram {
    const current = this.metrics.histogram('rpc_server_call_duration_seconds', {
      'rpc.system.name': 'grpc',
      'rpc.method': this.spanName,
      'rpc.response.status_code': nameOf(code),
      'error.type': errorOf(code),
    });
    const [service = '', method = ''] = this.spanName.split('/');
    const former = this.metrics.histogram('rpc_server_duration_milliseconds', {
      'rpc.system': 'grpc',
      'rpc.service': service,
      'rpc.method': method,
      'rpc.grpc.status_code': String(code),
    });
    return {
      record: (seconds) => {
        current.record(seconds);
        former.record(seconds * 1_000);
      },
    };
  }
}

function nameOf(code: number): string {
  return codes[code] ?? 'UNKNOWN';
}

function errorOf(code: number): string {
  return serverErrors.has(code) ? nameOf(code) : '';
}
