import type { Attributes } from '@opentelemetry/api';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { metricTable } from './metric-table.js';
import type { MetricTerms } from './metric-terms.js';

const table: ReadonlyMap<string, MetricTerms> = new Map(Object.entries(metricTable));

/** Attributes that the conventions have as numbers. */
const numbers: ReadonlySet<string> = new Set(['http.response.status_code', 'server.port', 'rpc.grpc.status_code']);

/**
 * The same metrics as a collector expects them: what the semantic conventions of OpenTelemetry have a name for has that name, its
 * unit, and attributes of the right type. Prometheus has its own spelling of the same names, and that is how we keep them.
 */
export function conventionalMetrics(collected: ResourceMetrics): ResourceMetrics {
  const scopeMetrics = collected.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(renamed) }));
  return { ...collected, scopeMetrics };
}

function renamed(metric: MetricData): MetricData {
  const { descriptor } = metric;
  const convention = table.get(descriptor.name)?.convention;
  if (!convention) return metric;
  const dataPoints = metric.dataPoints.map((point) => ({ ...point, attributes: typed(point.attributes) }));
  return { ...metric, descriptor: { ...descriptor, ...convention }, dataPoints } as MetricData;
}

/** An attribute that is empty is one that is not there. */
function typed(attributes: Attributes): Attributes {
  const present = Object.entries(attributes).filter(([, value]) => value !== '');
  return Object.fromEntries(present.map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]));
}
