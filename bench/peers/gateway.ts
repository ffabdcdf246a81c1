// What peers have in common that let requests pass by JWTs of somebody else, as `/authorize` does.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/fakes/free-port.ts';
import type { Stage } from '../harness/subjects.ts';
import type { Signer } from '../tokens.ts';
import { TOKENS } from './own-tokens.ts';
import { signTokens } from '../tokens.ts';

/** Where the keys of the signer can be fetched until the scenario is over. */
export async function publish(stage: Stage, { key }: Signer): Promise<string> {
  const port = await freePort();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=3600' });
    response.end(JSON.stringify({ keys: [key.jwk] }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  stage.atTheEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${port}/jwks`;
}

/** Writes a file of the peer's configuration, as JSON, which is YAML, too. @returns its path */
export async function written(stage: Stage, content: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  stage.atTheEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'peer.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** Requests as a proxy asks about them, each with a token of the signer. */
export function decisionRequests(signer: Signer, path: string): readonly Buffer[] {
  return signTokens(signer, TOKENS).map((token) => {
    const head = [`Authorization: Bearer ${token}`, 'Accept: application/json', 'User-Agent: bench'];
    return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: shop\r\n${head.join('\r\n')}\r\n\r\n`);
  });
}
