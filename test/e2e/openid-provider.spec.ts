import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssayProcess } from './support/assay-process.js';
import { OpenIdProvider, ordersApi, shop } from './support/openid-provider.js';

const ordersSecret = 'orders-secret-Yb7QxT2mVn5RkW9c';

/** A provider and a client library that we did not write, and the built program between them. */
describe('a real OpenID provider, a real client library', () => {
  let provider: OpenIdProvider;
  let assay: AssayProcess;
  let atProvider: openid.Configuration;
  let atAssay: openid.Configuration;

  beforeAll(async () => {
    provider = await OpenIdProvider.start('first');
    assay = await AssayProcess.start((ports) => ({
      server: {
        identifier: `http://127.0.0.1:${ports.http}`,
        http: { host: '127.0.0.1', port: ports.http },
        grpc: { host: '127.0.0.1', port: ports.grpc },
        management: { host: '127.0.0.1', port: ports.management },
      },
      issuers: [
        {
          id: 'provider',
          issuer: provider.issuer,
          keys: { discovery: 'oidc' },
          algorithms: ['RS256'],
          audiences: [ordersApi],
          tokenTypes: ['at+jwt'],
          network: { allowPrivate: true },
        },
      ],
      callers: [
        {
          id: 'orders-api',
          secrets: [ordersSecret],
          issuers: ['provider'],
          audiences: [ordersApi],
          claims: ['scope', 'sub'],
        },
      ],
    }));
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; loopback has no TLS
    const insecure = { execute: [openid.allowInsecureRequests] };
    atProvider = await openid.discovery(
      new URL(provider.issuer),
      shop.clientId,
      shop.clientSecret,
      undefined,
      insecure,
    );
    atAssay = await openid.discovery(
      new URL(assay.publicUrl),
      'orders-api',
      ordersSecret,
      openid.ClientSecretBasic(ordersSecret),
      { ...insecure, algorithm: 'oauth2' },
    );
  });

  afterAll(async () => {
    await assay.stop();
    await provider.stop();
  });

  async function newToken(): Promise<string> {
    const grant = await openid.clientCredentialsGrant(atProvider, { scope: 'orders:read', resource: ordersApi });
    return grant.access_token;
  }

  it('introspects an access token that the provider issued', async () => {
    const answer = await openid.tokenIntrospection(atAssay, await newToken());

    expect(answer).toMatchObject({
      active: true,
      iss: provider.issuer,
      aud: ordersApi,
      sub: 'shop',
      client_id: 'shop',
      scope: 'orders:read',
      token_type: 'Bearer',
    });
    expect(answer).not.toHaveProperty('jti');
  });

  it('knows the next token at once when the provider has rotated its key, and still asks for the set only once', async () => {
    const before = await newToken();
    expect(await openid.tokenIntrospection(atAssay, before)).toMatchObject({ active: true });
    provider.signWith('second');
    const fetchesBefore = provider.keySetRequests;

    expect(await openid.tokenIntrospection(atAssay, await newToken())).toMatchObject({ active: true });
    expect(await openid.tokenIntrospection(atAssay, await newToken())).toMatchObject({ active: true });
    expect(provider.keySetRequests - fetchesBefore).toBe(1);
  });

  it('answers the same caller inactive for a token with a broken signature', async () => {
    const [header, payload] = (await newToken()).split('.');
    const forged = [header, payload, 'A'.repeat(342)].join('.');

    expect(await openid.tokenIntrospection(atAssay, forged)).toEqual({ active: false });
  });
});
