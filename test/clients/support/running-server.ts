// A server of another project, in a folder and at a port of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../fakes/eventually.js';
import { freePort } from '../../fakes/free-port.js';

/** Where it lies, and where it listens. */
export interface Place {
  readonly folder: string;
  readonly port: number;
  /** @returns the path of what was written */
  write(name: string, text: string): string;
}

/** How it is started. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it listens instead of the port. */
  readonly socket?: string;
}

/** One that runs. */
export class RunningServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    readonly socket: string,
  ) {}

  /** Starts it, and waits until it listens. @param chosen its port, where others must know that before */
  static async start(command: string, prepare: (place: Place) => Start, chosen?: number): Promise<RunningServer> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-client-'));
    chmodSync(folder, 0o755); // Some of them give up being root.
    const port = chosen ?? (await freePort());
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { args, env, socket = '' } = prepare({ folder, port, write });
    const child = spawn(command, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const hear = (chunk: Buffer): void => void (said += chunk.toString());
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const isUp = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
      return socket === '' ? await listens(port) : existsSync(socket);
    };
    await eventually(isUp, () => `${command} does not listen: ${said}`);
    return new RunningServer(child, folder, `http://127.0.0.1:${port}`, socket);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'close');
    if (this.child.kill('SIGTERM')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => {
      resolve(false);
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
