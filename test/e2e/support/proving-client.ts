import * as openid from 'openid-client';
import type { TestCertificate } from '../../builders/a-certificate.js';
import type { NginxAnswer, NginxRequest } from '../../gateway/support/nginx.js';
import { certificateHeader, ordersApi, type shop } from './openid-provider.js';

/** What clients see of the API. */
export const origin = 'https://api.example.com';
export const orders = new URL(`${origin}/orders?page=2`);

/** What a client asks the provider for. */
export const wanted = { scope: 'orders:read', resource: ordersApi };

/** How a test sets up a client. */
export interface ClientOptions {
  readonly issuer: string;
  /** Where its requests to the API go. */
  readonly send: (sent: NginxRequest) => Promise<NginxAnswer>;
  /** The certificate that it shows the provider. */
  readonly certificate?: TestCertificate;
  /** How far its clock is ahead. */
  readonly skewSeconds?: number;
}

/** A client library that we did not write, at the provider. */
export async function clientOf(
  { clientId, clientSecret }: typeof shop,
  { issuer, send, certificate, skewSeconds = 0 }: ClientOptions,
): Promise<openid.Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; loopback has no TLS
  const insecure = { execute: [openid.allowInsecureRequests] };
  const metadata = { client_secret: clientSecret, [openid.clockSkew]: skewSeconds };
  const client = await openid.discovery(new URL(issuer), clientId, metadata, undefined, insecure);
  client[openid.customFetch] = async (url, { method, headers, body = null }) => {
    const shown = certificate && { [certificateHeader]: encodeURIComponent(certificate.pem) };
    if (!url.startsWith(origin)) return fetch(url, { method, headers: { ...headers, ...shown }, body });
    const answer = await send({ method, path: new URL(url).pathname + new URL(url).search, headers });
    const received = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(answer.body, { status: answer.status, headers: received });
  };
  return client;
}

/** A client with a key of its own, and a token of the provider that is bound to it. */
export class ProvingClient {
  private held: NginxRequest | undefined;
  private isHolding = false;

  private constructor(
    private readonly shop: Parameters<typeof clientOf>[0],
    private readonly options: ClientOptions,
    readonly keys: openid.CryptoKeyPair,
  ) {}

  client!: openid.Configuration;
  grant!: openid.TokenEndpointResponse;

  static async start(shop: Parameters<typeof clientOf>[0], options: ClientOptions): Promise<ProvingClient> {
    const made = new ProvingClient(shop, options, await openid.randomDPoPKeyPair('ES256'));
    made.client = await made.clientWith(0);
    made.grant = await openid.clientCredentialsGrant(made.client, wanted, { DPoP: made.handle() });
    return made;
  }

  /** Makes proofs: with its own key unless the test has another one. */
  handle(keys = this.keys): openid.DPoPHandle {
    return openid.getDPoPHandle(this.client, keys);
  }

  /** Makes proofs by a clock that is wrong. */
  async skewed(seconds: number): Promise<openid.DPoPHandle> {
    return openid.getDPoPHandle(await this.clientWith(seconds), this.keys);
  }

  ask(method = 'GET', url = orders, DPoP = this.handle()): Promise<Response> {
    const { client, grant } = this;
    return openid.fetchProtectedResource(client, grant.access_token, url, method, undefined, undefined, { DPoP });
  }

  /** A request as the library makes it, which is not sent. */
  async prepare(...asked: Parameters<ProvingClient['ask']>): Promise<NginxRequest> {
    this.isHolding = true;
    await this.ask(...asked);
    this.isHolding = false;
    return { ...this.held, headers: { ...this.held?.headers } };
  }

  private clientWith(skewSeconds: number): Promise<openid.Configuration> {
    const send = (sent: NginxRequest): Promise<NginxAnswer> => {
      this.held = sent;
      return this.isHolding ? Promise.resolve({ status: 200, headers: {}, body: '' }) : this.options.send(sent);
    };
    return clientOf(this.shop, { ...this.options, send, skewSeconds });
  }
}
