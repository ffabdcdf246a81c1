/** Auth0, Okta and Cloudflare Access, by their pages about access tokens and application tokens. */
import type { ProviderRow } from './support/provider-row.js';

const auth0 = 'https://corp.eu.auth0.com/';
const okta = 'https://corp.okta.com/oauth2/default';
const cloudflare = 'https://corp.cloudflareaccess.com';
const api = 'https://orders.corp.example';
const application = '32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228';
const sub = 'auth0|123456';
const client = 'my-client-id';
const month = 30 * 86_400;

/** Identity as a service. */
export const hosted: readonly ProviderRow[] = [
  {
    preset: 'auth0',
    iss: auth0,
    registration: { audiences: [api] },
    place: 'discoveryUrl',
    alg: 'RS256',
    published: { certificate: true, x5t: 'signs' },
    headers: { 'cache-control': 'public, max-age=15, stale-while-revalidate=15' },
    accepted: [
      {
        what: 'of a user, in the profile of Auth0',
        header: { typ: 'JWT' },
        claims: { sub, aud: [api, `${auth0}userinfo`], azp: client, scope: 'openid profile read:orders' },
        lives: 86_400,
        answer: { sub, aud: [api, `${auth0}userinfo`], client_id: client, scope: 'openid profile read:orders' },
      },
      {
        what: 'of a machine, in the profile of RFC 9068, with permissions',
        header: { typ: 'at+jwt' },
        claims: {
          sub: `${client}@clients`,
          aud: api,
          client_id: client,
          jti: 'hEs',
          scope: 'read:orders',
          permissions: ['read:orders', 'write:orders'],
          gty: 'client-credentials',
        },
        answer: {
          sub: `${client}@clients`,
          aud: api,
          client_id: client,
          jti: 'hEs',
          scope: 'read:orders write:orders',
        },
      },
    ],
    refused: [
      {
        what: 'an ID token',
        whole: { sub, aud: client, nickname: 'a', nonce: 'n' },
        code: 'audience_mismatch',
        hint: 'an ID token',
      },
      {
        what: 'one for another API',
        claims: { aud: `${auth0}api/v2/` },
        code: 'audience_mismatch',
        hint: 'named by audience',
      },
      {
        what: 'one that was asked for without an API',
        text: '5Zo0hvFwkYoUXfb9Mt2P0Q',
        code: 'malformed',
        hint: 'no API was named',
      },
      { what: 'an encrypted one', text: encrypted(), code: 'encrypted', hint: 'no API was named' },
      { what: 'one that lives for a month', lives: month, code: 'lifetime_exceeded', hint: 'raise maxLifetime' },
    ],
  },
  {
    preset: 'okta-custom',
    iss: okta,
    registration: { audiences: ['api://default'] },
    place: 'discoveryUrl',
    alg: 'RS256',
    published: { status: 'ACTIVE' },
    headers: { 'cache-control': 'max-age=3283200, must-revalidate' },
    accepted: [
      {
        what: 'of a user',
        claims: {
          ver: 1,
          jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
          aud: 'api://default',
          sub: 'abeli@corp.example',
          cid: client,
          uid: '00uid4BxXw6I6TV4m0g3',
          scp: ['openid', 'orders:read'],
        },
        lives: 3_600,
        answer: {
          jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
          aud: 'api://default',
          sub: 'abeli@corp.example',
          client_id: client,
          scope: 'openid orders:read',
        },
      },
      {
        what: 'of a service',
        claims: { ver: 1, jti: 'AT.1', aud: 'api://default', sub: client, cid: client, scp: ['orders:read'] },
        answer: { jti: 'AT.1', aud: 'api://default', sub: client, client_id: client, scope: 'orders:read' },
      },
    ],
    refused: [
      {
        what: 'an ID token',
        whole: { ver: 1, sub: '00u', aud: client, amr: ['pwd'], at_hash: 'x' },
        code: 'audience_mismatch',
        hint: 'an ID token',
      },
      {
        what: "one of the organization's own server",
        claims: { iss: 'https://corp.okta.com', aud: 'https://corp.okta.com' },
        code: 'issuer_unknown',
        hint: 'opaque by Okta',
      },
      {
        what: 'one of another server',
        claims: { iss: 'https://corp.okta.com/oauth2/aus9' },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      {
        what: 'one of the type that only Okta reads',
        header: { typ: 'application/okta-internal-at+jwt' },
        code: 'token_type_not_allowed',
        hint: 'Okta keeps for itself',
      },
    ],
  },
  {
    preset: 'cloudflare-access',
    iss: cloudflare,
    registration: { audiences: [application] },
    place: 'jwksUri',
    alg: 'RS256',
    published: {},
    document: { public_cert: { kid: 'signs', cert: '-----BEGIN CERTIFICATE-----' }, public_certs: [{ kid: 'signs' }] },
    headers: {},
    accepted: [
      {
        what: 'of a user',
        claims: {
          aud: [application],
          email: 'abeli@corp.example',
          type: 'app',
          identity_nonce: '6ei69kawdKzMIAPF',
          sub: '7335d417-61da-459d-899c-0a01c76a2f94',
          country: 'US',
        },
        lives: 86_400,
        answer: { aud: [application], sub: '7335d417-61da-459d-899c-0a01c76a2f94', username: 'abeli@corp.example' },
      },
      {
        what: 'of a service, whose sub is empty',
        claims: { aud: application, type: 'app', common_name: 'e367826f.access', sub: '' },
        answer: { aud: application, sub: '' },
      },
    ],
    refused: [
      {
        what: 'one for another application',
        claims: { aud: ['another'] },
        code: 'audience_mismatch',
        hint: 'another application',
      },
      {
        what: 'the session of the whole team',
        claims: { aud: ['team'], type: 'org' },
        code: 'audience_mismatch',
        hint: 'another application',
      },
      {
        what: 'one of another team',
        claims: { iss: 'https://evil.cloudflareaccess.com' },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      { what: 'a session of a month', lives: month, code: 'lifetime_exceeded', hint: 'raise maxLifetime' },
    ],
  },
];

/** What Auth0 gives to a client that names no API. */
function encrypted(): string {
  const header = Buffer.from(`{"alg":"dir","enc":"A256GCM","iss":"${auth0}"}`).toString('base64url');
  return [header, '', 'AAAA', 'AAAA', 'AAAA'].join('.');
}
