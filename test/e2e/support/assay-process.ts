import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFlags } from '../../../tools/node-flags.mjs';
import { eventually } from '../../fakes/eventually.js';
import { freePort } from '../../fakes/free-port.js';
import { leaksIn, secretsOf } from './leaks.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** Where a program listens. */
export interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly management: number;
}

/** How a process is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory; default: an empty one. */
  readonly directory?: string;
  /** Path of the program; default: the built one. */
  readonly program?: string;
}

/** The built program as a process of its own, with all that it wrote. */
export class AssayProcess {
  /** Standard output and standard error, in the order in which they arrived. */
  output = '';
  /** Standard error alone. */
  errors = '';
  /** What no output may contain; {@link stop} looks. */
  private readonly secrets: string[] = [];
  private readonly exit: Promise<number>;

  private constructor(
    private readonly child: ChildProcess,
    readonly directory: string,
    readonly ports: Ports,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
      this.errors += chunk.toString();
    });
    this.exit = once(child, 'close').then(([code, signal]) => (signal === null ? Number(code) : -1));
  }

  /** Starts the program with a configuration on free ports, and waits until it says that it is ready. */
  static async start(configure: (ports: Ports) => object, options: RunOptions = {}): Promise<AssayProcess> {
    const assay = await AssayProcess.launch(configure, options);
    await assay.ready();
    return assay;
  }

  /** The same without waiting. */
  static async launch(configure: (ports: Ports) => object, options: RunOptions = {}): Promise<AssayProcess> {
    const ports = await freePorts();
    const directory = options.directory ?? (await emptyDirectory());
    const file = join(directory, 'assay.yaml');
    const configuration = configure(ports);
    await writeFile(file, JSON.stringify(configuration));
    const assay = await AssayProcess.run({ ...options, directory, env: { ASSAY_CONFIG: file, ...options.env } }, ports);
    assay.secrets.push(...secretsOf(configuration));
    return assay;
  }

  /** Starts the program without a configuration of ours. */
  static async run(
    options: RunOptions = {},
    ports: Ports = { http: 8080, grpc: 9090, management: 8081 },
  ): Promise<AssayProcess> {
    const directory = options.directory ?? (await emptyDirectory());
    const { program = join(root, 'dist', 'main.js') } = options;
    const child = spawn(join(root, 'node_modules', '.bin', 'node'), [...nodeFlags, program], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...options.env },
    });
    return new AssayProcess(child, directory, ports);
  }

  get publicUrl(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get managementUrl(): string {
    return `http://127.0.0.1:${this.ports.management}`;
  }

  /** Log lines so far. */
  get log(): readonly Record<string, unknown>[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async ready(): Promise<void> {
    await this.says('"msg":"ready"');
  }

  /** Waits until the program has written `text`. */
  async says(text: string): Promise<void> {
    await eventually(
      () => this.output.includes(text) || this.hasExited,
      () => `no ${text} in:\n${this.output}`,
    );
    if (!this.output.includes(text)) throw new Error(`ended without ${text}:\n${this.output}`);
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the program could not be run');
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit code; -1 when a signal ended the process. */
  async exited(): Promise<number> {
    return this.exit;
  }

  /**
   * Ends the program as an orchestrator would, and removes its directory. Whatever the test was about, the program must
   * not have said a token or a secret meanwhile.
   * @returns the exit code
   */
  async stop(): Promise<number> {
    if (!this.hasExited) this.child.kill('SIGTERM');
    const code = await this.exit;
    await rm(this.directory, { recursive: true, force: true });
    const leaks = leaksIn(this.output, this.secrets);
    if (leaks.length > 0) throw new Error(`the program leaked ${leaks.join(', ')}`);
    return code;
  }
}

/** Ports of 127.0.0.1 that this test process has for as long as it runs, also while nobody listens on them. */
export async function freePorts(): Promise<Ports> {
  return { http: await freePort(), grpc: await freePort(), management: await freePort() };
}

export function emptyDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'assay-'));
}
