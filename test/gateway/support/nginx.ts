import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a client of nginx gets. */
export interface NginxAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a client of nginx sends. */
export interface NginxRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** A real nginx in a folder of its own. It listens on a socket in that folder. */
export class Nginx {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param site what stands in `conf.d`; it listens on `unix:site.sock` */
  static async start(site: string): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-nginx-'));
    writeFileSync(join(folder, 'site.conf'), site.replaceAll('unix:site.sock', `unix:${join(folder, 'site.sock')}`));
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder));
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const nginx = new Nginx(child, folder);
    await nginx.started();
    return nginx;
  }

  async ask({ method = 'GET', path = '/orders', headers = {}, body }: NginxRequest = {}): Promise<NginxAnswer> {
    const sent = httpRequest({ socketPath: join(this.folder, 'site.sock'), method, path, headers, agent: false });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [
      AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders },
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() };
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    if (this.child.kill('SIGTERM')) await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async started(): Promise<void> {
    let said = '';
    await new Promise<void>((resolve, reject) => {
      this.child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('start worker process')) resolve();
      });
      this.child.once('error', reject);
      this.child.once('exit', () => {
        reject(new Error(said));
      });
    });
  }
}

function mainConfiguration(folder: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return [
    'daemon off;',
    // Its worker keeps long bodies in our folder, which is ours alone.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 1;',
    `pid ${join(folder, 'nginx.pid')};`,
    'error_log stderr notice;',
    'events {}',
    `http { access_log off; ${folders.join(' ')} include ${join(folder, 'site.conf')}; }`,
  ].join('\n');
}
