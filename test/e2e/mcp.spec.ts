import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import {
  discoverOAuthServerInfo,
  extractWWWAuthenticateParams,
  UnauthorizedError,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { Nginx } from '../gateway/support/nginx.js';
import { recipe } from '../gateway/support/recipe.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { OpenIdProvider, shop } from './support/openid-provider.js';

let provider: OpenIdProvider;
let tools: Server;
let assay: AssayProcess;
let nginx: Nginx;
/** What clients know the MCP server by. */
let resource: URL;
/** Authorization headers that reached the MCP server. */
const leaked: string[] = [];

function configuration(ports: Ports): object {
  return {
    server: {
      http: { host: '127.0.0.1', port: ports.http },
      grpc: { enabled: false },
      management: { host: '127.0.0.1', port: ports.management },
      trustedProxies: ['127.0.0.1/32'],
    },
    issuers: [
      {
        id: 'provider',
        issuer: provider.issuer,
        keys: { discovery: 'oidc' },
        algorithms: ['RS256'],
        audiences: [resource.href],
        tokenTypes: ['at+jwt'],
        network: { allowPrivate: true },
      },
    ],
    callers: [
      {
        id: 'orders-edge',
        proxy: true,
        issuers: ['provider'],
        audiences: [resource.href],
        claims: ['sub', 'scope'],
        resource: resource.href,
      },
    ],
  };
}

/** A real MCP server, which knows whose token it was from the headers of the proxy alone. */
function toolServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const { authorization, 'x-auth-subject': subject = '' } = request.headers;
    if (authorization !== undefined) leaked.push(authorization);
    const mcp = new McpServer({ name: 'orders', version: '1.0.0' });
    mcp.registerTool('whoami', { description: 'Says whose token it is' }, () => ({
      content: [{ type: 'text', text: String(subject) }],
    }));
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void mcp.close());
    void mcp.connect(transport as never).then(() => transport.handleRequest(request, response));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  const port = await freePort();
  resource = new URL(`http://127.0.0.1:${port}/mcp`);
  [provider, tools] = await Promise.all([OpenIdProvider.start('first'), toolServer()]);
  assay = await AssayProcess.start(configuration);
  const site = recipe('nginx.md', 'nginx')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${assay.ports.http}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${(tools.address() as AddressInfo).port}`)
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`);
  nginx = await Nginx.start(site);
});

afterAll(async () => {
  await nginx.stop();
  await assay.stop();
  tools.closeAllConnections();
  tools.close();
  await provider.stop();
});

const initialize = {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'shop', version: '1' } },
  }),
};

function signedUp(more: { scope?: string } = {}): ClientCredentialsProvider {
  const { clientId, clientSecret } = shop;
  return new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer: provider.issuer, ...more });
}

describe('an MCP server behind nginx with the recipe, and the client of the MCP SDK', () => {
  it('MCP 2026-07-28 R9728-01 the 401 leads the client to the document, and that to the authorization server', async () => {
    const challenge = extractWWWAuthenticateParams(await fetch(resource, initialize));
    expect(challenge.scope).toBe('orders:read');
    expect(challenge.resourceMetadataUrl?.href).toBe(`${resource.origin}/.well-known/oauth-protected-resource/mcp`);
    const found = await discoverOAuthServerInfo(resource, { resourceMetadataUrl: challenge.resourceMetadataUrl! });
    expect(found.authorizationServerUrl).toBe(provider.issuer);
    expect(found.resourceMetadata).toMatchObject({ resource: resource.href });
    expect(found.authorizationServerMetadata?.token_endpoint).toBe(`${provider.issuer}/token`);
  });

  it('MCP 2026-07-28 R9728-02 a client that knows the URL alone finds the same by the well-known path', async () => {
    const found = await discoverOAuthServerInfo(resource);
    expect([found.authorizationServerUrl, found.resourceMetadata?.resource]).toEqual([provider.issuer, resource.href]);
  });

  it('MCP 2026-07-28 a client that knows nothing but the URL and its own secret gets a token for this resource, and calls a tool', async () => {
    const authProvider = signedUp();
    const client = new Client({ name: 'shop', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(resource, { authProvider }) as never);
    const said = await client.callTool({ name: 'whoami', arguments: {} });
    await client.close();
    expect(said.content).toEqual([{ type: 'text', text: shop.clientId }]);
    const { access_token: token = '' } = authProvider.tokens() ?? {};
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({ aud: resource.href, scope: 'orders:read' });
    // RMCP-03: what the client was given for this server goes no further.
    expect(leaked).toEqual([]);
  });

  it('RMCP-01 a token of the same server for another resource opens nothing', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'orders:read',
      resource: 'https://other.example/mcp',
    });
    const authorization = `Basic ${Buffer.from(`${shop.clientId}:${shop.clientSecret}`).toString('base64')}`;
    const granted = await fetch(`${provider.issuer}/token`, { method: 'POST', headers: { authorization }, body: form });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    expect(token.split('.')).toHaveLength(3);
    const headers = { ...initialize.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(resource, { ...initialize, headers });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="assay", error="invalid_token", resource_metadata="${resource.origin}/.well-known/oauth-protected-resource/mcp"`,
    ]);
  });

  it('without credentials at the authorization server the client stays outside', async () => {
    const authProvider = signedUp();
    authProvider.prepareTokenRequest = () => {
      throw new UnauthorizedError('nobody to ask');
    };
    const client = new Client({ name: 'stranger', version: '1' });
    const transport = new StreamableHTTPClientTransport(resource, { authProvider });
    await expect(client.connect(transport as never)).rejects.toThrow(UnauthorizedError);
  });
});
