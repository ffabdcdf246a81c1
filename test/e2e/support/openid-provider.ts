import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type JWK } from 'oidc-provider';

/** The client that the provider knows, allowed to take tokens for itself. */
export const shop = { clientId: 'shop', clientSecret: 'shop-secret-dJ2kq9Zr5mXw8Tn4' };

/** A client whose tokens are bound to its certificate (RFC 8705 §3). */
export const till = { clientId: 'till', clientSecret: 'till-secret-pV7wq3Lm9cRx2Yz6' };

/** Where the provider is told which certificate its client has: it stands behind a proxy that ends TLS. */
export const certificateHeader = 'x-client-certificate';

/** The resource for which tokens are issued: the provider makes a JWT access token for it (RFC 9068). */
export const ordersApi = 'https://api.example.com/orders';

/** Takes tokens for itself, and signs nobody in. */
const onlyItself = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };

/** A real OpenID provider on loopback whose signing key can be replaced while it runs. */
export class OpenIdProvider {
  private handler: RequestListener = (_request, response) => response.writeHead(503).end();

  /** Requests for the key set so far. */
  keySetRequests = 0;

  private constructor(private readonly server: Server) {}

  static async start(firstKid: string): Promise<OpenIdProvider> {
    const server = createServer();
    const provider = new OpenIdProvider(server);
    server.on('request', (request, response) => {
      if (request.url === '/jwks') provider.keySetRequests += 1;
      provider.handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    provider.signWith(firstKid);
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Replaces the signing key by a new one, as a provider does that lost its old one: from now on only the new one is published. */
  signWith(kid: string): void {
    const provider = new Provider(this.issuer, {
      jwks: { keys: [signingKey(kid)] },
      clients: [
        { client_id: shop.clientId, client_secret: shop.clientSecret, ...onlyItself },
        {
          client_id: till.clientId,
          client_secret: till.clientSecret,
          tls_client_certificate_bound_access_tokens: true,
          ...onlyItself,
        },
      ],
      ttl: { ClientCredentials: 600 },
      cookies: { keys: ['only for this test'] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        dPoP: { enabled: true },
        mTLS: {
          enabled: true,
          certificateBoundAccessTokens: true,
          getCertificate: (context) => decodeURIComponent(context.get(certificateHeader)),
        },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => ordersApi,
          getResourceServerInfo: () => ({
            scope: 'orders:read orders:write',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
    const answer = provider.callback();
    this.handler = (request, response) => void answer(request, response);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function signingKey(kid: string): JWK {
  const jwk: JsonWebKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { ...jwk, kid, alg: 'RS256', use: 'sig' };
}
