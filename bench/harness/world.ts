import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aKey } from '../../test/builders/a-key.ts';
import { freePort } from '../../test/fakes/free-port.ts';
import type { Signer } from '../tokens.ts';
import { commonIssuer, type Assay, type Section } from './assay.ts';
import type { Stage } from './subjects.ts';

/** Issuers that publish their keys over HTTP, and a Redis that remembers them. */
export interface World {
  /** One key of each issuer. */
  readonly signers: readonly Signer[];
  readonly issuers: readonly Section[];
  /** Sections that make Assay share what it knows. */
  readonly shared: Section;
  /** Publishes one more key of the first issuer. @returns it */
  rotate(): Promise<Signer>;
}

/** Starts `count` issuers with so many keys each. */
export async function publish(stage: Stage, count: number, keysEach: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  stage.atTheEnd(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const keys = Array.from({ length: count }, () => Array.from({ length: keysEach }, () => aKey('ES256')));
  const signers = keys.flatMap(([key], i) => (key ? [{ issuer: `${origin}/${i}`, key }] : []));
  await writeFile(join(folder, 'sets'), JSON.stringify(keys.map((set) => ({ keys: set.map(({ jwk }) => jwk) }))));
  await stage.child([join(import.meta.dirname, '..', 'baselines', 'issuers.ts'), String(port), join(folder, 'sets')]);
  const issuers = signers.map(({ issuer }, i) => ({
    ...commonIssuer,
    id: `issuer-${i}`,
    issuer,
    keys: { jwksUri: `${issuer}/jwks` },
    algorithms: ['ES256'],
    freshness: { minSpacing: '1s' },
    criticality: 'critical',
  }));
  const rotate = async (): Promise<Signer> => {
    const key = aKey('ES256');
    await fetch(`${origin}/0`, { method: 'POST', body: JSON.stringify(key.jwk) });
    return { issuer: `${origin}/0`, key };
  };
  return { signers, issuers, shared: { redis: await startRedis(stage) }, rotate };
}

/** Resolves when every critical issuer has keys. @returns milliseconds since `sinceMs` */
export async function untilKeysAreKnown(assay: Assay, sinceMs: number): Promise<number> {
  // Not the status: after ten seconds that does not wait for keys any more.
  for (;;) {
    const { body } = await assay.management('/readyz');
    const [, total, withKeys] = /"total":(\d+),"withKeys":(\d+)/.exec(body) ?? [];
    if (total !== undefined && total === withKeys) return performance.now() - sinceMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts an empty Redis. @returns the section that makes Assay use it */
export async function startRedis(stage: Stage): Promise<Section> {
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  stage.atTheEnd(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    url: `redis://127.0.0.1:${port}`,
    recordKeys: [{ id: 'k1', secret: 'record-key-Zr7Kq2Vn5Xz7Lw4TpB9sYc3Mh8Jd' }],
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
