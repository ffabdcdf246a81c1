import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../fakes/eventually.js';
import { freePort } from '../../fakes/free-port.js';

/** So often it scrapes, in a test that cannot wait for minutes. */
export const SCRAPE_INTERVAL = '1s';

/** One line that a query gives: its labels, and its value as Prometheus writes it. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus on a free port, which scrapes as the chart says that it is to be scraped. */
export class PrometheusServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** @param targets management listeners, as `host:port` */
  static async start(targets: readonly string[]): Promise<PrometheusServer> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-prometheus-'));
    const file = join(folder, 'prometheus.yaml');
    const job = { job_name: 'assay', static_configs: [{ targets, labels: { namespace: 'auth' } }] };
    const global = { scrape_interval: SCRAPE_INTERVAL, scrape_timeout: SCRAPE_INTERVAL };
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ global, scrape_configs: [job] }));
    const listen = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
    ];
    const child = spawn('prometheus', args, { stdio: 'ignore' });
    const server = new PrometheusServer(child, folder, `http://${listen}`);
    await eventually(async () => (await fetch(`${server.url}/-/ready`).catch(() => undefined))?.ok === true);
    return server;
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    await exited;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What a query gives now. @throws {Error} with what Prometheus says of a query that it does not take */
  async ask(query: string): Promise<readonly Sample[]> {
    const body = new URLSearchParams({ query });
    const response = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body });
    const answer = (await response.json()) as {
      readonly error?: string;
      readonly data?: { readonly result: Sample[] };
    };
    if (!answer.data) throw new Error(`${query}: ${answer.error ?? response.status}`);
    return answer.data.result;
  }
}
