/** The MCP server of docs/mcp.md behind Envoy and Traefik, with the client of the page and a real authorization server. */
import { discoverOAuthServerInfo, extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../clients/support/running-server.js';
import { AssayProcess } from '../e2e/support/assay-process.js';
import { configuration, page, runClient, toolServer } from '../e2e/support/mcp-world.js';
import { OpenIdProvider } from '../e2e/support/openid-provider.js';
import { eventually } from '../fakes/eventually.js';
import { freePort } from '../fakes/free-port.js';
import { recipes } from '../gateway/support/recipe.js';
import { proxies, type Change } from './support/proxies.js';

/** What the page says to change in each recipe. */
const changes: Readonly<Record<keyof typeof proxies, Change>> = {
  Envoy: (text) => {
    const route = / +- match: \{ prefix: \/orders \}\n(?:.*\n)*? +context_extensions: .*\n/;
    return text.replace(route, recipes(page, 'yaml')[1]!);
  },
  Traefik: (text) => text.replace('PathPrefix(`/orders`)', 'PathPrefix(`/mcp`)'),
};

let provider: OpenIdProvider;

beforeAll(async () => {
  provider = await OpenIdProvider.start('first');
});

afterAll(() => provider.stop());

describe.each(['Envoy', 'Traefik'] as const)('an MCP server behind %s, as docs/mcp.md says', (name) => {
  let tools: RunningServer;
  let assay: AssayProcess;
  let gateway: RunningServer;
  let resource: URL;

  beforeAll(async () => {
    const proxy = await freePort();
    resource = new URL(`http://127.0.0.1:${proxy}/mcp`);
    tools = await toolServer();
    assay = await AssayProcess.start((ports) => configuration(provider, ports, resource));
    const { http, grpc } = assay.ports;
    const ports = { http, grpc, upstream: Number(new URL(tools.url).port), proxy };
    gateway = await proxies[name](ports, 'orders-edge', changes[name]);
    // Traefik listens before it has read its routes.
    await eventually(async () => (await fetch(resource, { method: 'POST' })).status === 401);
  });

  afterAll(async () => {
    await gateway.stop();
    await assay.stop();
    await tools.stop();
  });

  it('R9728-01 the 401 leads the client of the SDK to the document, and that to the authorization server', async () => {
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(await fetch(resource, { method: 'POST' }));
    expect(scope).toBe('orders:read');
    const found = await discoverOAuthServerInfo(resource, { resourceMetadataUrl: resourceMetadataUrl! });
    expect([found.authorizationServerUrl, found.resourceMetadata?.resource]).toEqual([provider.issuer, resource.href]);
  });

  it('the client of the page gets a token for this server alone, and calls a tool', async () => {
    expect(await runClient(provider, resource)).toBe('shop\n');
    await expect(runClient(provider, resource, 'wrong')).rejects.toThrow();
  });
});
