import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../fakes/free-port.js';

/** A real Redis process on a free port, with an empty data folder. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: readonly string[],
    private readonly sentinel: boolean,
  ) {}

  /** @param settings further lines of `redis.conf` */
  static async start(settings: readonly string[] = [], port?: number): Promise<RedisServer> {
    const server = new RedisServer(port ?? (await freePort()), await newFolder(), settings, false);
    await server.restart();
    return server;
  }

  /** @param settings lines of `sentinel.conf` */
  static async startSentinel(settings: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await newFolder(), settings, true);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('this Redis is not running');
    return this.child.pid;
  }

  /** Starts the process (again), empty, and waits until it answers. */
  async restart(): Promise<void> {
    const file = join(this.folder, 'redis.conf');
    const common = [`port ${this.port}`, 'bind 127.0.0.1', `dir ${this.folder}`, 'daemonize no', 'protected-mode no'];
    const data = this.sentinel ? [] : ['save ""', 'appendonly no'];
    await writeFile(file, [...common, ...data, ...this.settings, ''].join('\n'));
    this.child = spawn('redis-server', [file, ...(this.sentinel ? ['--sentinel'] : [])], { stdio: 'ignore' });
    await this.answers();
  }

  /** SIGKILL: what it held in memory is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A plain client with ioredis' patient defaults, for a test's own reading and writing. Close it with `disconnect()`. */
  client(): Redis {
    return new Redis(this.url);
  }

  private async answers(): Promise<void> {
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    client.disconnect();
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'assay-redis-'));
}
