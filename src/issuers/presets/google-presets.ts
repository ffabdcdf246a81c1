import type { Preset } from './preset.js';

/** Google's ID tokens, and the header by which its Identity-Aware Proxy says who has logged in. */
export const googlePresets: readonly Preset[] = [
  {
    name: 'google-id',
    title: 'Google, ID tokens',
    issuer: {
      isTelling: true,
      pattern: /^(?:https:\/\/)?accounts\.google\.com$/,
      expected: 'https://accounts.google.com',
      default: 'https://accounts.google.com',
    },
    defaults: {
      keys: { discovery: 'oidc', jwksHosts: ['www.googleapis.com'] },
      algorithms: ['RS256'],
      tokenTypes: ['JWT'],
      // Google's access tokens are opaque; what can be verified by others is the ID token.
      allowIdTokens: true,
      clientIdClaims: ['azp'],
      usernameClaim: 'email',
      maxLifetime: '2h',
    },
    // Some of its libraries ask for the name without https, which nothing can be found under.
    derived: (identifier) =>
      identifier === 'accounts.google.com' ? { keys: { jwksUri: 'https://www.googleapis.com/oauth2/v3/certs' } } : {},
    asks: [
      {
        setting: 'audiences',
        expected:
          'the OAuth client ids whose users are meant for you, or the audience that a service account was asked to name',
        example: ['1234567890-abc.apps.googleusercontent.com'],
      },
      {
        rule: ['hd', 'azp', 'email', 'sub'],
        isAdvice: true,
        expected:
          'whose tokens are meant, such as those of one Workspace domain: a service account of anybody gets a token for the audience that it names',
        example: { claim: 'hd', equals: 'corp.example' },
      },
    ],
    hints: [
      {
        code: 'rule_failed',
        claim: 'hd',
        text: 'an account outside of your domain, or a service account: anybody can have one that names your audience',
      },
      { code: 'lifetime_exceeded', text: 'Google issues an hour: this is not one of its ID tokens' },
      { code: 'malformed', text: 'an access token of Google (ya29.…) is opaque: send the ID token' },
      {
        code: 'audience_mismatch',
        text: 'aud is the OAuth client id of the application, or what the service account asked for',
      },
    ],
    sources: [
      'https://developers.google.com/identity/openid-connect/openid-connect',
      'https://docs.cloud.google.com/docs/authentication/token-types',
    ],
  },
  {
    name: 'google-iap',
    title: 'Google Cloud Identity-Aware Proxy',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/cloud\.google\.com\/iap$/,
      expected: 'https://cloud.google.com/iap',
      default: 'https://cloud.google.com/iap',
    },
    defaults: {
      keys: { jwksUri: 'https://www.gstatic.com/iap/verify/public_key-jwk' },
      algorithms: ['ES256'],
      tokenTypes: ['JWT', 'none'],
      usernameClaim: 'email',
      // Ten minutes, and 30 seconds on both sides.
      maxLifetime: '11m',
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the backend service that is protected',
        example: ['/projects/1234567890/global/backendServices/9876543210'],
      },
    ],
    hints: [
      {
        code: 'audience_mismatch',
        text: 'the assertion was made for another backend service: see its id in the page of IAP',
      },
      {
        code: 'expired',
        text: 'an assertion lives ten minutes, and is sent anew with each request: it cannot be kept',
      },
      { code: 'lifetime_exceeded', text: 'IAP issues ten minutes: this is not one of its assertions' },
    ],
    sources: ['https://docs.cloud.google.com/iap/docs/signed-headers-howto'],
  },
];
