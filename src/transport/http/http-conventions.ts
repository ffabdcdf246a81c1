/** Counts HTTP requests by the names of OpenTelemetry's conventions, so that dashboards that know those work. */
import type { BoundHistogram, Metrics } from '../../telemetry/metrics/metrics.js';
import type { SpanAttributes } from '../../telemetry/tracing/tracing.js';
import { ServerConvention } from '../server-convention.js';

/** Methods that the conventions know; any other is one. */
const methods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);
const OTHER = '_OTHER';

/** What stands in the place of what a client has chosen. */
const REDACTED = 'REDACTED';

/** What is known of requests of one method to one route. */
interface HttpTerms {
  readonly method: string;
  /** As it is declared; empty where there is none. */
  readonly route: string;
  readonly scheme: 'http' | 'https';
  readonly version: '1.0' | '1.1';
}

/** The requests of one listener, by route and method. As many as we have routes and the conventions have methods, whatever is asked. */
export class HttpConventions {
  private readonly known = { '1.0': new Map<string, ByMethod>(), '1.1': new Map<string, ByMethod>() };

  constructor(
    private readonly metrics: Pick<Metrics, 'histogram'>,
    private readonly scheme: HttpTerms['scheme'],
  ) {}

  /** @param route path of the route as it was declared; empty where there is none */
  of(method: string, route: string, minorVersion: number): ServerConvention {
    const version = minorVersion === 0 ? '1.0' : '1.1';
    const routes = this.known[version];
    let byMethod = routes.get(route);
    if (!byMethod) routes.set(route, (byMethod = new Map<string, HttpConvention>()));
    const name = methods.has(method) ? method : OTHER;
    let convention = byMethod.get(name);
    if (!convention) {
      convention = new HttpConvention({ method: name, route, scheme: this.scheme, version }, this.metrics);
      byMethod.set(name, convention);
    }
    return convention;
  }
}

type ByMethod = Map<string, HttpConvention>;

/** Requests of one method to one route. */
class HttpConvention extends ServerConvention {
  override readonly spanName: string;
  override readonly attributes: SpanAttributes;

  constructor(
    private readonly terms: HttpTerms,
    private readonly metrics: Pick<Metrics, 'histogram'>,
  ) {
    super();
    const { method, route, scheme, version } = terms;
    this.spanName = `${method === OTHER ? 'HTTP' : method} ${route}`.trimEnd();
    this.attributes = {
      'http.request.method': method,
      ...(route !== '' && { 'http.route': route }),
      // A path that is not ours may have anything in it, a token for example.
      'url.path': route === '' ? REDACTED : route.replace(/:\w+/g, REDACTED),
      'url.scheme': scheme,
      'network.protocol.version': version,
    };
  }

  override outcomeOf(status: number): SpanAttributes {
    const error = errorOf(status);
    return { 'http.response.status_code': status, ...(error !== '' && { 'error.type': error }) };
  }

  protected override begin(status: number): BoundHistogram {
    const { method, route, scheme, version } = this.terms;
    return this.metrics.histogram('http_server_request_duration_seconds', {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': String(status),
      'url.scheme': scheme,
      'network.protocol.version': version,
      'error.type': errorOf(status),
    });
  }
}

/** To a server, what a client did wrong is no error. */
function errorOf(status: number): string {
  return status >= 500 ? String(status) : '';
}
