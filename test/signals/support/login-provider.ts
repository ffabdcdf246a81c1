import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type JWK } from 'oidc-provider';
import { client } from './logout-world.js';

/** The resource for which the provider issues access tokens that are JWTs. */
export const resource = 'https://api.example/orders';

const redirectUri = 'https://shop.example/callback';
const clientSecret = 'shop-secret-dJ2kq9Zr5mXw8Tn4';
const authorization = `Basic ${Buffer.from(`${client}:${clientSecret}`).toString('base64')}`;

/** A real OpenID provider with users who log in and out, and that tells so by back-channel logout. */
export class LoginProvider {
  /** Where logout tokens are sent in the place of the registered URL, as a load balancer does. */
  target = '';
  /** Status that the endpoint has answered, in order. */
  readonly answered: number[] = [];
  /** Logout tokens that were sent, in order. */
  readonly sent: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LoginProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new LoginProvider(server);
    server.on('request', started.provider());
    return started;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private provider(): RequestListener {
    const provider = new Provider(this.issuer, {
      jwks: { keys: [signingKey()] },
      clients: [
        {
          client_id: client,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          backchannel_logout_uri: 'https://assay.example/signals/corp-logout/logout',
          backchannel_logout_session_required: true,
        },
      ],
      cookies: { keys: ['only for this test'] },
      features: {
        backchannelLogout: { enabled: true },
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({
            scope: 'orders:read',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      // As Keycloak does by itself: the access token says of which session it is.
      extraTokenClaims: (ctx) => ({ sid: ctx.oidc.entities.AuthorizationCode?.sid }),
      // What the provider itself would connect with refuses loopback.
      fetch: async (url: string | URL | Request, { body }: { readonly body?: unknown } = {}) => {
        const form = body as URLSearchParams;
        this.sent.push(form.get('logout_token')!);
        const answer = await fetch(new URL(new URL(url).pathname, this.target), {
          method: 'POST',
          body: form,
        });
        this.answered.push(answer.status);
        return answer;
      },
    });
    const answer = provider.callback();
    return (request, response) => void answer(request, response);
  }
}

/** A user with a browser at the provider. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  private idToken = '';

  constructor(
    private readonly provider: LoginProvider,
    private readonly name: string,
  ) {}

  /** Logs in, unless the session is still there, and has a client get an access token. */
  async login(): Promise<string> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: client,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid orders:read',
      resource,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    let at = await this.follow(`${this.provider.issuer}/auth?${query.toString()}`);
    for (const prompt of ['login', 'consent']) {
      if (at.startsWith(redirectUri)) break;
      at = await this.follow(at, { prompt, login: this.name, password: 'any' });
    }
    const code = new URL(at).searchParams.get('code') ?? '';
    const body = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      resource,
    };
    const answer = await fetch(`${this.provider.issuer}/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(body),
    });
    const tokens = (await answer.json()) as { readonly access_token: string; readonly id_token: string };
    this.idToken = tokens.id_token;
    return tokens.access_token;
  }

  /** Logs out; the provider has sent its logout tokens when this resolves. */
  async logout(): Promise<void> {
    const page = await this.ask(`${this.provider.issuer}/session/end?id_token_hint=${this.idToken}`);
    const xsrf = /name="xsrf" value="([\w-]+)"/.exec(await page.text())?.[1] ?? '';
    await this.follow(`${this.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
  }

  /** @returns where the redirects end: a page, or the URL of the client */
  private async follow(url: string, form?: Record<string, string>): Promise<string> {
    let at = url;
    let sent = form;
    for (;;) {
      const answer = await this.ask(at, sent);
      const location = answer.headers.get('location');
      if (location === null) return at;
      at = new URL(location, at).href;
      sent = undefined;
      if (at.startsWith(redirectUri)) return at;
    }
  }

  private async ask(url: string, form?: Record<string, string>): Promise<Response> {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const body = form && new URLSearchParams(form);
    const answer = await fetch(url, { redirect: 'manual', headers, ...(body && { method: 'POST', body }) });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

function signingKey(): JWK {
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: 'first', alg: 'RS256', use: 'sig' };
}
