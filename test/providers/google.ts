/** Google's ID tokens, of users and of service accounts, and the assertion of its Identity-Aware Proxy. */
import type { ProviderRow } from './support/provider-row.js';

const web = '1234567890-abc.apps.googleusercontent.com';
const backend = '/projects/1234567890/global/backendServices/9876543210';
const sub = '10769150350006150715113082367';

const user = {
  sub,
  aud: web,
  azp: web,
  email: 'abeli@corp.example',
  email_verified: true,
  hd: 'corp.example',
  at_hash: 'HK6E',
};

const id = {
  preset: 'google-id',
  registration: { audiences: [web], rules: [{ claim: 'hd', equals: 'corp.example' }] },
  alg: 'RS256',
  published: {},
  headers: { 'cache-control': 'public, max-age=19961, must-revalidate, no-transform' },
} as const;

/** Google names itself with and without https. */
export const google: readonly ProviderRow[] = [
  {
    ...id,
    iss: 'https://accounts.google.com',
    place: 'discoveryUrl',
    accepted: [
      {
        what: 'of a user of the domain',
        header: { typ: 'JWT' },
        claims: user,
        lives: 3_600,
        answer: { sub, aud: web, client_id: web, username: 'abeli@corp.example' },
      },
    ],
    refused: [
      {
        what: 'that of a service account of anybody',
        claims: { azp: '1138', email: 'x@evil.iam.gserviceaccount.com', hd: undefined, at_hash: undefined },
        code: 'rule_failed',
        hint: 'outside of your domain',
      },
      { what: 'an access token', text: 'ya29.a0AfH6SMBx', code: 'malformed', hint: 'send the ID token' },
      {
        what: 'one for another application',
        claims: { aud: 'another.apps.googleusercontent.com' },
        code: 'audience_mismatch',
        hint: 'OAuth client id',
      },
      { what: 'one that lives for a day', lives: 86_400, code: 'lifetime_exceeded', hint: 'an hour' },
      {
        what: 'one with the name without https',
        claims: { iss: 'accounts.google.com' },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
    ],
  },
  {
    ...id,
    iss: 'accounts.google.com',
    place: 'jwksUri',
    accepted: [
      {
        what: 'with the name without https',
        header: { typ: 'JWT' },
        claims: user,
        answer: { sub, aud: web, client_id: web, username: 'abeli@corp.example' },
      },
    ],
    refused: [],
  },
  {
    preset: 'google-iap',
    iss: 'https://cloud.google.com/iap',
    registration: { audiences: [backend] },
    place: 'jwksUri',
    alg: 'ES256',
    published: {},
    headers: { 'cache-control': 'private, max-age=0' },
    accepted: [
      {
        what: 'of a user',
        header: { typ: 'JWT' },
        claims: {
          aud: backend,
          sub: `accounts.google.com:${sub}`,
          email: 'abeli@corp.example',
          azp: backend,
          google: { access_levels: [] },
        },
        lives: 600,
        answer: { aud: backend, sub: `accounts.google.com:${sub}`, username: 'abeli@corp.example', client_id: backend },
      },
    ],
    refused: [
      {
        what: 'one for another backend',
        claims: { aud: `${backend}1` },
        code: 'audience_mismatch',
        hint: 'another backend service',
      },
      {
        what: 'one that was kept',
        claims: { iat: 1_750_000_000, exp: 1_750_000_600 },
        code: 'expired',
        hint: 'sent anew',
      },
      { what: 'one that lives for an hour', lives: 3_600, code: 'lifetime_exceeded', hint: 'ten minutes' },
      {
        what: 'an ID token of Google',
        claims: { iss: 'https://accounts.google.com', aud: web },
        code: 'issuer_unknown',
        hint: 'google-id',
      },
    ],
  },
];
