import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import type { Signer } from '../tokens.ts';
import type { Listening } from './subjects.ts';
import { CONNECTIONS } from './subjects.ts';
import { pin } from './processors.ts';

/** What the process that signs and asks is told to do. */
export interface StreamJob {
  readonly port: number;
  readonly connections: number;
  readonly signers: readonly {
    readonly issuer: string;
    readonly alg: Algorithm;
    readonly kid: string;
    readonly pem: string;
  }[];
  /** Number of the first token, and how many there are. */
  readonly from: number;
  readonly count: number;
  readonly isForged: boolean;
}

/** Tokens that nobody has asked about before. */
export interface NewTokens {
  readonly signers: readonly Signer[];
  readonly count: number;
  readonly from?: number;
  readonly isForged?: boolean;
}

/** Asks about each of these tokens once. @returns how long that took, in milliseconds. @throws {Error} when an answer was wrong */
export async function askAboutNew({ port }: Listening, tokens: NewTokens): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-stream-'));
  const signers = tokens.signers.map(({ issuer, key: { alg, kid, privateKey } }) => {
    return { issuer, alg, kid, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  });
  const { count, from = 0, isForged = false } = tokens;
  const job: StreamJob = { port, connections: CONNECTIONS, signers, from, count, isForged };
  await writeFile(join(folder, 'job'), JSON.stringify(job));
  const worker = fork(join(import.meta.dirname, '..', 'load', 'stream-worker.ts'), [join(folder, 'job')]);
  pin(worker.pid, 'load');
  const exited = once(worker, 'exit');
  const said = once(worker, 'message') as Promise<[{ readonly elapsedMs: number }]>;
  const result = await Promise.race([said, exited.then(() => undefined)]);
  await exited;
  await rm(folder, { recursive: true, force: true });
  if (!result) throw new Error('the load process failed');
  return result[0].elapsedMs;
}
