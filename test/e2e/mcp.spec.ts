import { discoverOAuthServerInfo, extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../clients/support/running-server.js';
import { freePort } from '../fakes/free-port.js';
import { Caddy } from '../gateway/support/caddy.js';
import { Nginx } from '../gateway/support/nginx.js';
import { recipe } from '../gateway/support/recipe.js';
import { AssayProcess } from './support/assay-process.js';
import { configuration, page, runClient, toolServer } from './support/mcp-world.js';
import { OpenIdProvider, shop } from './support/openid-provider.js';

/** Where the parts of a test are. */
interface Addresses {
  readonly assay: string;
  readonly upstream: string;
  readonly gateway: string;
}

function placed(text: string, { assay, upstream, gateway }: Addresses): string {
  const ours = text.replaceAll('127.0.0.1:8080', assay).replaceAll('127.0.0.1:3000', upstream);
  return ours.replaceAll('127.0.0.1:8000', gateway).replace('api.corp.example {', `http://${gateway} {`);
}

/** The gateways that this machine has, as the page says. */
const gateways = {
  nginx: (at: Addresses) => {
    const site = recipe('nginx.md', 'nginx').replace(/^ +proxy_pass http:\/\/orders;$/m, `${recipe(page, 'nginx')}$&`);
    return Nginx.start(placed(site, at));
  },
  Caddy: (at: Addresses) => {
    const site = recipe('caddy.md', 'caddyfile').replace('route /orders*', 'route /mcp*');
    return Caddy.start(placed(site, at));
  },
};

let provider: OpenIdProvider;

beforeAll(async () => {
  provider = await OpenIdProvider.start('first');
});

afterAll(() => provider.stop());

/** A token that the provider issues for this resource. */
async function tokenFor(resource: string, scope = 'orders:read'): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope, resource });
  const authorization = `Basic ${Buffer.from(`${shop.clientId}:${shop.clientSecret}`).toString('base64')}`;
  const answer = await fetch(`${provider.issuer}/token`, { method: 'POST', headers: { authorization }, body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  expect(token.split('.')).toHaveLength(3);
  return token;
}

/** Begins to talk to the server without the SDK. */
function initialize(resource: URL, token?: string): Promise<Response> {
  const clientInfo = { name: 'shop', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const headers = { ...types, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  return fetch(resource, { method: 'POST', headers, body });
}

describe.each(Object.entries(gateways))('an MCP server behind %s, as docs/mcp.md says', (_name, start) => {
  let tools: RunningServer;
  let assay: AssayProcess;
  let gateway: Awaited<ReturnType<typeof start>>;
  /** What clients know the server by. */
  let resource: URL;
  let named: string;

  beforeAll(async () => {
    const at = `127.0.0.1:${await freePort()}`;
    resource = new URL(`http://${at}/mcp`);
    named = `resource_metadata="http://${at}/.well-known/oauth-protected-resource/mcp"`;
    tools = await toolServer();
    assay = await AssayProcess.start((ports) => configuration(provider, ports, resource));
    const upstream = new URL(tools.url).host;
    gateway = await start({ assay: `127.0.0.1:${assay.ports.http}`, upstream, gateway: at });
  });

  afterAll(async () => {
    await gateway.stop();
    await assay.stop();
    await tools.stop();
  });

  it('MCP 2026-07-28 R9728-01 the 401 leads the client of the SDK to the document, and that to the authorization server', async () => {
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(await initialize(resource));
    expect(scope).toBe('orders:read');
    const found = await discoverOAuthServerInfo(resource, { resourceMetadataUrl: resourceMetadataUrl! });
    expect([found.authorizationServerUrl, found.resourceMetadata?.resource]).toEqual([provider.issuer, resource.href]);
    expect(found.authorizationServerMetadata?.token_endpoint).toBe(`${provider.issuer}/token`);
  });

  it('MCP 2026-07-28 R9728-02 a client that knows the URL alone finds it by the well-known path', async () => {
    const found = await discoverOAuthServerInfo(resource);
    expect([found.authorizationServerUrl, found.resourceMetadata?.resource]).toEqual([provider.issuer, resource.href]);
  });

  it('MCP 2026-07-28 the client of the page gets a token for this server alone, and calls a tool', async () => {
    expect(await runClient(provider, resource)).toBe('shop\n');
  });

  it('the client of the page stays outside with a wrong secret', async () => {
    await expect(runClient(provider, resource, 'wrong')).rejects.toThrow();
  });

  it('RMCP-01 MCP 2026-07-28 a token of the same authorization server for another resource is refused', async () => {
    expect((await initialize(resource, await tokenFor(resource.href))).status).toBe(200);
    const answer = await initialize(resource, await tokenFor('https://other.example/mcp'));
    const challenge = `Bearer realm="assay", error="invalid_token", ${named}`;
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
  });

  it('KIT-04 MCP 2026-07-28 a token with a scope that the needed one lies within passes', async () => {
    expect((await initialize(resource, await tokenFor(resource.href, 'orders:write'))).status).toBe(200);
  });

  it('RMCP-02 MCP 2026-07-28 a token without the scope: 403 with the scope that is needed', async () => {
    const answer = await initialize(resource, await tokenFor(resource.href, ''));
    const challenge = `Bearer realm="assay", error="insufficient_scope", scope="orders:read", ${named}`;
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([403, challenge]);
  });
});
