import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestKey } from '../../test/builders/a-key.ts';
import { freePort } from '../../test/fakes/free-port.ts';
import { Assay, type NodeStart, type Section } from './assay.ts';
import { Child, type Command } from './child.ts';
import { Load, type LoadJob, type LoadResult } from './load.ts';
import type { Subject } from './rounds.ts';

const baselines = join(import.meta.dirname, '..', 'baselines');

/** Enough connections to keep a server busy, and few enough to be a load that callers make. */
export const CONNECTIONS = 32;

/** Everything that a scenario started; ends with it (`await using`). */
export class Stage implements AsyncDisposable {
  private readonly ends: (() => Promise<void>)[] = [];

  /** @param checkout whose built program is started; absent: this one's. @param how what Node is told beside that */
  async assay(issuers: readonly Section[], more: Section = {}, checkout?: string, how?: NodeStart): Promise<Assay> {
    const assay = await Assay.start(issuers, more, checkout, how);
    this.ends.push(() => assay.stop());
    return assay;
  }

  /** The bare NestJS application. @param answer what it answers; `headers` what `/authorize` does */
  async bareNest(answer: string, headers: Readonly<Record<string, string>> = {}): Promise<Listening> {
    const port = await freePort();
    const args = [join(baselines, 'bare-nest.ts'), String(port), answer, JSON.stringify(headers)];
    return { port, child: await this.child(args) };
  }

  /** The bare server of `node:http`. @param answer what it answers; `headers` what `/authorize` does */
  async bareHttp(answer: string, headers: Readonly<Record<string, string>> = {}): Promise<Listening> {
    const port = await freePort();
    const args = [join(baselines, 'bare-http.ts'), String(port), answer, JSON.stringify(headers)];
    return { port, child: await this.child(args) };
  }

  /** node-oidc-provider, which introspects the tokens that it issued itself. */
  async oidcProvider(): Promise<Listening> {
    const port = await freePort();
    return { port, child: await this.child([join(baselines, 'oidc-provider.ts'), String(port)]) };
  }

  /** The bare gRPC server. @param answer the message that it answers */
  async bareGrpc(answer: object): Promise<Listening> {
    const port = await freePort();
    return { port, child: await this.child([join(baselines, 'bare-grpc.ts'), String(port), JSON.stringify(answer)]) };
  }

  /** Has this done when the scenario is over. */
  atTheEnd(end: () => Promise<void>): void {
    this.ends.push(end);
  }

  /** Any other program that says that it is ready. */
  async child(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Child> {
    return this.program({ args, env: { NODE_ENV: 'production', ...env }, ready: 'ready\n' });
  }

  /** A program that says otherwise that it is ready, or none of Node's. */
  async program(command: Command): Promise<Child> {
    const child = await Child.start(command);
    this.ends.push(() => child.stop());
    return child;
  }

  /** A subject that is asked these requests as fast as it answers. */
  async underLoad(name: string, { port, child }: Listening, requests: readonly Buffer[], job: Partial<LoadJob> = {}) {
    const load = await Load.of(requests);
    this.ends.push(() => load.dispose());
    const usual = { protocol: 'http', port, connections: CONNECTIONS, expect: 'active' } as const;
    const subject: Subject & { run(more: Partial<LoadJob> & { seconds: number }): Promise<LoadResult> } = {
      name,
      child,
      measure: (seconds) => load.run({ ...usual, ...job, seconds }),
      run: (more) => load.run({ ...usual, ...job, ...more }),
    };
    return subject;
  }

  /** `node:crypto` on one thread. */
  async plainVerification(key: TestKey, tokens: readonly string[]): Promise<Subject> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    await writeFile(join(folder, 'tokens'), tokens.join('\n'));
    const verifier = fork(join(baselines, 'verify.ts'), [join(folder, 'tokens'), JSON.stringify(key.jwk)]);
    this.ends.push(async () => {
      verifier.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await once(verifier, 'message');
    return { name: 'node:crypto', measure: (seconds) => askOnce(verifier, seconds) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.ends.toReversed()) await end();
  }
}

/** A server with its process. */
export interface Listening {
  readonly port: number;
  readonly child: Child;
}

/** The HTTP listener of Assay. */
export function http({ ports, child }: Assay): Listening {
  return { port: ports.http, child };
}

/** The gRPC listener of Assay. */
export function grpc({ ports, child }: Assay): Listening {
  return { port: ports.grpc, child };
}

async function askOnce(worker: ChildProcess, seconds: number): Promise<LoadResult> {
  worker.send(seconds);
  const [result] = (await once(worker, 'message')) as [LoadResult];
  return result;
}
