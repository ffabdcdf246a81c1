/** An MCP server behind a gateway, as docs/mcp.md has it word for word: its server, its client and the configuration of Assay. */
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/shared/package-root.js';
import { RunningServer } from '../../clients/support/running-server.js';
import { recipe, recipes } from '../../gateway/support/recipe.js';
import type { Ports } from './assay-process.js';
import { shop, type OpenIdProvider } from './openid-provider.js';

const run = promisify(execFile);

/** Where the blocks are. */
export const page = '../mcp.md';

const [serverProgram = '', clientProgram = ''] = recipes(page, 'js');
const modules = join(packageRoot, 'node_modules');

/** The block of the page, with an issuer beside it and the addresses of the test. */
export function configuration(provider: OpenIdProvider, ports: Ports, resource: URL): object {
  const text = recipe(page, 'yaml').replaceAll('https://mcp.corp.example/mcp', resource.href);
  const { server, callers } = parse(text) as { server: object; callers: object[] };
  return {
    server: {
      ...server,
      http: { host: '127.0.0.1', port: ports.http },
      grpc: { host: '127.0.0.1', port: ports.grpc },
      management: { host: '127.0.0.1', port: ports.management },
    },
    issuers: [
      {
        id: 'corp',
        issuer: provider.issuer,
        keys: { discovery: 'oidc' },
        algorithms: ['RS256'],
        audiences: [resource.href],
        tokenTypes: ['at+jwt'],
        network: { allowPrivate: true },
      },
    ],
    callers,
  };
}

/** The server of the page. */
export function toolServer(): Promise<RunningServer> {
  return RunningServer.start(process.execPath, (place) => {
    symlinkSync(modules, join(place.folder, 'node_modules'));
    const file = place.write('orders.mjs', serverProgram);
    return { args: [file], env: { PORT: String(place.port), PUBLIC_HOST: '127.0.0.1' } };
  });
}

/** What the client of the page prints. */
export async function runClient(provider: OpenIdProvider, resource: URL, secret = shop.clientSecret): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-mcp-'));
  await symlink(modules, join(folder, 'node_modules'));
  const file = join(folder, 'shop.mjs');
  await writeFile(file, clientProgram);
  const credentials = { CLIENT_ID: shop.clientId, CLIENT_SECRET: secret };
  const env = { MCP_URL: resource.href, AUTHORIZATION_SERVER: provider.issuer, ...credentials };
  try {
    return (await run(process.execPath, [file], { env })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
