/** Amazon Cognito: the access token, the ID token and the refresh token of a user pool. */
import type { ProviderRow } from './support/provider-row.js';

const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI';
const app = '1h57kf5cpq17m0eml12EXAMPLE';
const sub = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

const user = {
  sub,
  'cognito:groups': ['ops'],
  event_id: 'b9f2',
  auth_time: 1_676_312_777,
  origin_jti: 'o-1',
  jti: 'j-1',
};

/** The one preset for Cognito. */
export const amazon: readonly ProviderRow[] = [
  {
    preset: 'cognito',
    iss,
    registration: { rules: [{ claim: 'client_id', oneOf: [app] }] },
    place: 'jwksUri',
    alg: 'RS256',
    published: {},
    headers: { 'cache-control': 'public, max-age=86400' },
    accepted: [
      {
        what: 'of a user, for a day',
        claims: {
          ...user,
          client_id: app,
          token_use: 'access',
          scope: 'openid orders/read',
          username: 'abeli',
          version: 2,
        },
        lives: 86_400,
        answer: { sub, client_id: app, scope: 'openid orders/read', username: 'abeli', jti: 'j-1' },
      },
      {
        what: 'of an app by itself, of a pool without token revocation',
        claims: { sub: app, client_id: app, token_use: 'access', scope: 'orders/read', version: 2 },
        answer: { sub: app, client_id: app, scope: 'orders/read' },
      },
    ],
    refused: [
      {
        what: 'an ID token',
        whole: { ...user, aud: app, token_use: 'id', 'cognito:username': 'abeli' },
        code: 'token_kind',
        hint: 'token_use: access',
      },
      { what: 'one of another app', claims: { client_id: 'another' }, code: 'rule_failed', hint: 'an app client' },
      {
        what: 'one of another pool',
        claims: { iss: `${iss}x` },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      { what: 'one that lives for two days', lives: 172_800, code: 'lifetime_exceeded', hint: 'at most a day' },
      {
        what: 'what a load balancer signs itself',
        text: `${paddedText('{"typ":"JWT","kid":"1","alg":"ES256"}')}.${paddedText('{"sub":"u-1"}')}.AAAA`,
        code: 'malformed',
        hint: 'x-amzn-oidc-accesstoken',
      },
      { what: 'a refresh token', text: refreshToken(), code: 'encrypted', hint: 'a refresh token' },
    ],
  },
];

/** Cognito encrypts them for itself. */
function refreshToken(): string {
  const header = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url');
  return [header, 'AAAA', 'AAAA', 'AAAA', 'AAAA'].join('.');
}

/** base64url with the padding that JWS leaves out (RFC 7515 §2). */
function paddedText(text: string): string {
  return Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
