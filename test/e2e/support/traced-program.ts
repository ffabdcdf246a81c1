import { FakeIssuer } from '../../fakes/fake-issuer.js';
import { eventually } from '../../fakes/eventually.js';
import { RedisServer } from '../../redis/redis-server.js';
import { Collector, type ReceivedSpan } from '../../telemetry/support/collector.js';
import { Scraped } from '../../telemetry/support/scraped.js';
import { AssayProcess } from './assay-process.js';
import { callerSection, configurationOf, issuerSection, ordersApi, type Section } from './configuration.js';

/** A trace id of a test. */
export const traceId = (n: number): string => n.toString(16).padStart(32, '0');

/** The span of whoever asks. */
export const parent = 'b7ad6b7169203331';

/** Names of spans, as the semantic conventions of OpenTelemetry have them. */
export const spanNames = { http: 'POST /introspect', rpc: 'assay.v1.Introspection/Introspect' } as const;

/** The program with an issuer, a Redis and a collector: nothing is traced by chance, whoever is traced asks for it. */
export class TracedProgram {
  /** What nobody may read in an export. */
  readonly planted: string[] = [ordersApi.secret];

  private constructor(
    readonly issuer: FakeIssuer,
    readonly redis: RedisServer,
    readonly collector: Collector,
    readonly assay: AssayProcess,
  ) {}

  /** @param others issuers beside the one that is there */
  static async start(others: readonly Section[] = []): Promise<TracedProgram> {
    const [issuer, redis, collector] = await Promise.all([FakeIssuer.start(), RedisServer.start(), Collector.start()]);
    const recordKeys = [{ id: 'k1', secret: 'f1c0ffee5ca1ab1e0ddba11ca55e77e5' }];
    const assay = await AssayProcess.start(
      (ports) => ({
        ...configurationOf(ports, [issuerSection('corp', issuer), ...others], { trustedProxies: ['127.0.0.1'] }),
        callers: [callerSection(ordersApi.id, ordersApi.secret)],
        redis: { url: redis.url, region: 'here', recordKeys },
        telemetry: {
          tracing: { endpoint: collector.endpoint, sampleRatio: 0 },
          metrics: { endpoint: collector.endpoint, interval: '1s' },
        },
      }),
      { env: { OTEL_BSP_SCHEDULE_DELAY: '50' } },
    );
    return new TracedProgram(issuer, redis, collector, assay);
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    const code = await this.assay.stop();
    await Promise.all([this.issuer.stop(), this.redis.stop(), this.collector.stop()]);
    return code;
  }

  async ask(token: string, headers: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    this.planted.push(...token.split('.'));
    const credentials = Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64');
    const response = await fetch(`${this.assay.publicUrl}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, ...headers },
      body: new URLSearchParams({ token }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Asks with a trace id of its own, and waits for the server span. */
  async traced(
    n: number,
    token: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<readonly ReceivedSpan[]> {
    await this.ask(token, { traceparent: `00-${traceId(n)}-${parent}-01`, ...more });
    await eventually(() => this.collector.trace(traceId(n)).some(({ name }) => name === spanNames.http));
    return this.collector.trace(traceId(n));
  }

  async scrape(): Promise<Scraped> {
    return new Scraped(await (await fetch(`${this.assay.managementUrl}/metrics`)).text());
  }
}

/** The first of this name. @throws {Error} where there is none */
export function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.find((span) => span.name === name);
  if (found) return found;
  throw new Error(`no ${name} among ${spans.map((span) => span.name).join(', ')}`);
}
