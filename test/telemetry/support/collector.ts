import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/** One span as it arrived. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string | undefined;
  /** 2: the span says that something failed. */
  readonly statusCode: number | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Spans of other traces that it has to do with. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** What a metric is by the latest export. */
export interface ReceivedMetric {
  readonly unit: string;
  /** Of each of its series. */
  readonly attributes: readonly Readonly<Record<string, unknown>>[];
}

/** A collector: a real HTTP server that takes what OTLP/HTTP sends, as JSON. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  /** Metrics that have arrived, by their names. */
  readonly metrics = new Map<string, ReceivedMetric>();
  /** Attributes of the resources that have arrived. */
  readonly resources: Readonly<Record<string, unknown>>[] = [];
  /** Every body as it came. */
  readonly bodies: string[] = [];
  /** What it answers; a hanging one answers nothing. */
  behaviour: 'accept' | 'refuse' | 'hang' = 'accept';

  private constructor(private readonly server: ReturnType<typeof createServer>) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.receive(request, response));
  }

  static async start(): Promise<Collector> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Spans of one trace. */
  trace(traceId: string): readonly ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (this.behaviour === 'hang') return;
    if (this.behaviour === 'accept') this.take(request.url ?? '', body);
    response.writeHead(this.behaviour === 'accept' ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
  }

  private take(path: string, body: string): void {
    this.bodies.push(body);
    const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(body) as Record<string, Json[]>;
    for (const { resource } of [...resourceSpans, ...resourceMetrics]) {
      this.resources.push(attributesOf((resource as Json)['attributes']));
    }
    if (path === '/v1/traces') this.spans.push(...itemsOf(resourceSpans, 'scopeSpans', 'spans').map(spanOf));
    if (path === '/v1/metrics') {
      for (const metric of itemsOf(resourceMetrics, 'scopeMetrics', 'metrics')) {
        this.metrics.set(metric['name'] as string, metricOf(metric));
      }
    }
  }
}

function itemsOf(resources: readonly Json[], scopes: string, items: string): readonly Json[] {
  return resources.flatMap((resource) => (resource[scopes] as Json[]).flatMap((scope) => scope[items] as Json[]));
}

function spanOf(span: Json): ReceivedSpan {
  return {
    name: span['name'] as string,
    kind: span['kind'] as number,
    traceId: span['traceId'] as string,
    spanId: span['spanId'] as string,
    parentSpanId: span['parentSpanId'] as string | undefined,
    traceState: span['traceState'] as string | undefined,
    statusCode: (span['status'] as Json | undefined)?.['code'] as number | undefined,
    attributes: attributesOf(span['attributes']),
    links: (span['links'] ?? []) as ReceivedSpan['links'],
  };
}

function metricOf({ unit, histogram, gauge, sum }: Json): ReceivedMetric {
  const { dataPoints } = (histogram ?? gauge ?? sum) as { readonly dataPoints: readonly Json[] };
  return { unit: unit as string, attributes: dataPoints.map(({ attributes }) => attributesOf(attributes)) };
}

function attributesOf(list: unknown): Record<string, unknown> {
  const attributes = list as readonly { key: string; value: Json }[];
  // OTLP may write a whole number as a text.
  const valueOf = (value: Json): unknown => ('intValue' in value ? Number(value['intValue']) : Object.values(value)[0]);
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}
