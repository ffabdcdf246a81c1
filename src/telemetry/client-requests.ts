import { STATUS_CODES } from 'node:http';
import type { Host } from './host.js';
import { inChildSpan } from './tracing/child-span.js';

/** Servers that are told apart; a metadata document may name another one each time. Beyond it they are one. */
const MOST_SERVERS = 1_000;
const OTHER = '_OTHER';

/** One request to another server. */
export interface ClientRequestTerms<T> {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** Which failure it was: a word from a fixed set. */
  readonly failure: (error: unknown) => string;
  /** Makes the request, and says which status was answered as soon as that is known. */
  readonly work: (answered: (status: number) => void) => Promise<T>;
}

/** Measures and traces what we ask of other servers, by the names that OpenTelemetry has for requests of an HTTP client. */
export class ClientRequests {
  private readonly servers = new Set<string>();

  constructor(private readonly host: Pick<Host, 'clock' | 'metrics'>) {}

  /** Does `work`, and measures it however it ends. */
  run<T>({ method, url, failure, work }: ClientRequestTerms<T>): Promise<T> {
    const { clock } = this.host;
    const startedMs = clock.monoMs();
    let status: number | undefined;
    const errorOf = (error: unknown): string =>
      status !== undefined && status >= 400 ? String(status) : failure(error);
    const terms = {
      name: method,
      kind: 'client',
      attributes: { 'http.request.method': method, 'url.full': `${url.origin}/REDACTED`, ...serverOf(url) },
      failure: errorOf,
      always: () => (status === undefined ? {} : { 'http.response.status_code': status }),
    } as const;
    return inChildSpan(terms, async () => {
      let error = '';
      try {
        return await work((answered) => {
          status = knownStatus(answered);
        });
      } catch (cause) {
        error = errorOf(cause);
        throw cause;
      } finally {
        this.record((clock.monoMs() - startedMs) / 1_000, { method, url, status, error });
      }
    });
  }

  private record(
    seconds: number,
    { method, url, status, error }: Pick<ClientRequestTerms<unknown>, 'method' | 'url'> & Ending,
  ): void {
    const { 'server.address': address, 'server.port': port } = serverOf(url);
    const server = `${address}:${port}`;
    const isKnown = this.servers.has(server) || this.servers.size < MOST_SERVERS;
    if (isKnown) this.servers.add(server);
    this.host.metrics.measure('http_client_request_duration_seconds', seconds, {
      'http.request.method': method,
      'server.address': isKnown ? address : OTHER,
      'server.port': isKnown ? String(port) : '',
      'url.scheme': url.protocol.slice(0, -1),
      'http.response.status_code': status === undefined ? '' : String(status),
      'error.type': error,
    });
  }
}

/** How a request ended. */
interface Ending {
  readonly status: number | undefined;
  /** Empty: well. */
  readonly error: string;
}

function serverOf({ protocol, hostname, port }: URL): {
  readonly 'server.address': string;
  readonly 'server.port': number;
} {
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname.replace(/^\[|\]$/g, ''), 'server.port': port === '' ? usual : Number(port) };
}

/** A server may answer any number; those that mean something are few. */
function knownStatus(status: number): number | undefined {
  return STATUS_CODES[status] === undefined ? undefined : status;
}
