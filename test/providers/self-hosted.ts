/** Keycloak, ZITADEL, Hydra, Dex and Spring Authorization Server: what people run themselves. */
import type { ProviderRow } from './support/provider-row.js';

const orders = 'https://orders.corp.example';
const keycloak = 'https://login.corp.example/realms/corp';
const zitadel = 'https://corp.zitadel.cloud';
const spring = 'https://auth.corp.example';
const project = '259242039378444290';
const person = { sub: '248289761001', email: 'abeli@corp.example' };

const common = { place: 'discoveryUrl', alg: 'RS256', published: {}, headers: {} } as const;

/** Their defaults, with the one thing that their pages tell to change. */
export const selfHosted: readonly ProviderRow[] = [
  {
    ...common,
    preset: 'keycloak',
    iss: keycloak,
    registration: { audiences: ['orders-api'] },
    published: { certificate: true, x5t: 'signs' },
    headers: { 'cache-control': 'no-cache' },
    accepted: [
      {
        what: 'of a user, with an audience mapper',
        header: { typ: 'JWT' },
        claims: {
          jti: 'onrtac:1',
          aud: ['orders-api', 'account'],
          sub: person.sub,
          typ: 'Bearer',
          azp: 'web',
          sid: 's-1',
          acr: '1',
          realm_access: { roles: ['ops'] },
          scope: 'openid email',
          preferred_username: 'abeli',
        },
        answer: {
          jti: 'onrtac:1',
          aud: ['orders-api', 'account'],
          sub: person.sub,
          client_id: 'web',
          scope: 'openid email',
          username: 'abeli',
        },
      },
      {
        what: 'a lightweight one, bound to a key by its client',
        header: { typ: 'JWT' },
        claims: { jti: 'trrtcc:1', aud: 'orders-api', typ: 'Bearer', azp: 'worker', scope: 'email' },
        answer: { jti: 'trrtcc:1', aud: 'orders-api', client_id: 'worker', scope: 'email' },
      },
    ],
    refused: [
      {
        what: 'an ID token for the same audience',
        claims: { typ: 'ID', scope: undefined },
        code: 'token_kind',
        hint: 'typ: Bearer',
      },
      {
        what: 'one without an audience mapper',
        claims: { aud: 'account' },
        code: 'audience_mismatch',
        hint: 'audience mapper',
      },
      {
        what: 'one of another realm',
        claims: { iss: `${keycloak}2` },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      {
        what: 'a refresh token',
        header: { alg: 'HS512' },
        claims: { aud: keycloak, typ: 'Refresh' },
        code: 'algorithm_unsupported',
        hint: 'a refresh token',
      },
      {
        what: 'an offline token that the realm signs',
        claims: { typ: 'Offline' },
        code: 'token_kind',
        hint: 'a refresh token',
      },
      { what: 'one that lives for two days', lives: 172_800, code: 'lifetime_exceeded', hint: 'Access Token Lifespan' },
    ],
  },
  {
    ...common,
    preset: 'zitadel',
    iss: zitadel,
    registration: { audiences: [project] },
    headers: { 'cache-control': 'max-age=300, must-revalidate' },
    accepted: [
      {
        what: 'of a user',
        claims: {
          ...person,
          aud: ['259242039378444291@orders', project],
          client_id: '259242039378444291@orders',
          jti: 'V2_1',
          'urn:zitadel:iam:org:project:roles': { ops: {} },
        },
        lives: 43_200,
        answer: {
          sub: person.sub,
          aud: ['259242039378444291@orders', project],
          client_id: '259242039378444291@orders',
          jti: 'V2_1',
        },
      },
    ],
    refused: [
      {
        what: 'an ID token, which has the same audience',
        claims: { client_id: undefined, azp: 'x', at_hash: 'x', jti: undefined },
        code: 'token_kind',
        hint: 'an ID token',
      },
      { what: 'one for another project', claims: { aud: ['2'] }, code: 'audience_mismatch', hint: 'ask for the scope' },
      { what: 'an opaque one', text: 'dEnR4o7wXxkLqzD2', code: 'malformed', hint: 'opaque' },
    ],
  },
  {
    ...common,
    preset: 'hydra',
    iss: 'https://hydra.corp.example/',
    registration: { audiences: [orders] },
    accepted: [
      {
        what: 'with both forms of the scope',
        header: { typ: 'JWT' },
        claims: {
          aud: [orders],
          client_id: 'web',
          ext: { tenant: 'acme' },
          jti: 'j',
          scp: ['offline', 'orders'],
          scope: 'offline orders',
          sub: person.sub,
        },
        lives: 3_600,
        answer: { aud: [orders], client_id: 'web', jti: 'j', scope: 'offline orders', sub: person.sub },
      },
    ],
    refused: [
      {
        what: 'an ID token',
        whole: { aud: ['web'], at_hash: 'x', sid: 's', sub: person.sub },
        code: 'audience_mismatch',
        hint: 'asks for an audience',
      },
      { what: 'one without an audience', claims: { aud: [] }, code: 'audience_mismatch', hint: 'empty aud' },
      { what: 'an opaque one', text: 'ory_at_8jZ.Kd', code: 'malformed', hint: 'strategies.access_token' },
    ],
  },
  {
    ...common,
    preset: 'dex',
    iss: 'https://dex.corp.example/dex',
    registration: { audiences: ['orders-web'] },
    headers: { 'cache-control': 'max-age=21600, must-revalidate' },
    accepted: [
      {
        what: 'of a user, for a day',
        claims: { ...person, aud: 'orders-web', at_hash: 'x', email_verified: true, groups: ['ops'] },
        lives: 86_400,
        answer: { sub: person.sub, aud: 'orders-web', username: person.email },
      },
      {
        what: 'that another client asked for',
        claims: { ...person, aud: ['orders-web', 'cli'], azp: 'cli' },
        answer: { sub: person.sub, aud: ['orders-web', 'cli'], client_id: 'cli', username: person.email },
      },
    ],
    refused: [
      { what: 'of another client', claims: { aud: 'cli' }, code: 'audience_mismatch', hint: 'trustedPeers' },
      { what: 'one that lives for two days', lives: 172_800, code: 'lifetime_exceeded', hint: 'expiry.idTokens' },
    ],
  },
  {
    ...common,
    preset: 'spring',
    iss: spring,
    registration: { audiences: ['orders-web'] },
    accepted: [
      {
        what: 'of a user: nothing names the client but aud',
        claims: { sub: 'abeli', aud: 'orders-web', nbf: 1_750_000_000, scope: ['openid', 'orders.read'], jti: 'j' },
        answer: { sub: 'abeli', aud: 'orders-web', nbf: 1_750_000_000, scope: 'openid orders.read', jti: 'j' },
      },
      {
        what: 'of a client without a scope',
        claims: { sub: 'orders-web', aud: 'orders-web', nbf: 1_750_000_000, jti: 'j' },
        answer: { sub: 'orders-web', aud: 'orders-web', nbf: 1_750_000_000, jti: 'j' },
      },
    ],
    refused: [
      {
        what: 'an ID token without nonce, which has the same audience',
        whole: { sub: 'abeli', aud: 'orders-web', azp: 'orders-web', auth_time: 1, sid: 's', jti: 'j' },
        code: 'claim_missing',
        hint: 'an ID token',
      },
      {
        what: 'an ID token with nonce',
        claims: { nbf: undefined, scope: undefined, azp: 'orders-web', nonce: 'n' },
        code: 'token_kind',
        hint: 'an ID token',
      },
      { what: 'of another client', claims: { aud: 'cli' }, code: 'audience_mismatch', hint: 'OAuth2TokenCustomizer' },
      { what: 'an opaque one', text: 'k8YNRKq6', code: 'malformed', hint: 'self-contained' },
    ],
  },
];
