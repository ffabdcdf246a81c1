import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../fakes/eventually.js';

/** A real Caddy in a folder of its own, without TLS of its own and without its admin endpoint. */
export class Caddy {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param sites what stands in the Caddyfile behind the global options */
  static async start(sites: string): Promise<Caddy> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-caddy-'));
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${sites}`);
    const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const args = ['run', '--config', file, '--adapter', 'caddyfile'];
    const child = spawn('caddy', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(
      () => said.includes('serving initial configuration') || child.exitCode !== null,
      () => said,
    );
    if (child.exitCode !== null) throw new Error(said);
    return new Caddy(child, folder);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    if (this.child.kill('SIGTERM')) await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
