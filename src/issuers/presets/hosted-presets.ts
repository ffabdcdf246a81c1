import type { Preset } from './preset.js';

/** Auth0, Okta, Cloudflare Access and Salesforce: identity as a service. */
export const hostedPresets: readonly Preset[] = [
  {
    name: 'auth0',
    title: 'Auth0, access tokens for an API',
    issuer: {
      pattern: /^https:\/\/[a-z0-9.-]+\/$/,
      expected: 'the domain of the tenant and a slash',
      example: 'https://corp.eu.auth0.com/',
    },
    defaults: {
      algorithms: ['RS256'],
      tokenTypes: ['JWT', 'at+jwt'],
      clientIdClaims: ['azp', 'client_id'],
      scopeClaims: ['scope', 'permissions'],
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the identifier of your API; a token may name /userinfo beside it',
        example: ['https://orders.corp.example'],
      },
    ],
    hints: [
      { code: 'encrypted', text: 'no API was named when it was asked for: name one by audience' },
      { code: 'malformed', text: 'an opaque token: no API was named when it was asked for; name one by audience' },
      {
        code: 'audience_mismatch',
        text: 'aud is the identifier of the API that the client named by audience; that of an ID token is the client',
      },
      {
        code: 'lifetime_exceeded',
        text: 'an API may be set to issue up to a month: raise maxLifetime to its token expiration',
      },
      { code: 'token_kind', text: 'an ID token: send the access token' },
    ],
    logout: {
      setup:
        'the application that users log in to: *Settings*, *OpenID Connect Back-Channel Logout*; it is part of the Enterprise plan',
      says: '`sub` and `sid`. The session ends where access tokens say which one it is',
      beware: [
        'access tokens have no `sid` by themselves: an Action has to put the id of the session into a claim of its own, such as `https://corp.example/sid`, and `sessionClaim` has to name it',
        'which events send one is a choice (*initiators*): a logout at the application, or also a changed password or a blocked user',
      ],
    },
    sources: [
      'https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles',
      'https://auth0.com/docs/secure/tokens/access-tokens/get-access-tokens',
    ],
  },
  {
    name: 'okta-custom',
    title: 'Okta, a custom authorization server',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/[a-z0-9.-]+\/oauth2\/[A-Za-z0-9]+$/,
      expected: 'an authorization server of your own',
      example: 'https://corp.okta.com/oauth2/default',
    },
    defaults: {
      algorithms: ['RS256'],
      tokenTypes: ['none', 'JWT', 'at+jwt'],
      clientIdClaims: ['cid'],
      scopeClaims: ['scp'],
      subjectClaim: 'uid',
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the audience of the authorization server, as its settings name it',
        example: ['api://default'],
      },
    ],
    hints: [
      {
        code: 'audience_mismatch',
        text: 'aud is one for each authorization server of Okta: see Security, API; that of an ID token is the client',
      },
      {
        code: 'token_type_not_allowed',
        text: 'application/okta-internal-at+jwt is what Okta keeps for itself: ask a custom authorization server',
      },
      { code: 'token_kind', text: 'an ID token: send the access token' },
    ],
    events: [
      'Okta transmits security events in the name of the organization, `https://corp.okta.com`, and signs them with the keys of that. A signal is bound to the issuer of the tokens, so events are refused here (`invalid_issuer`) where tokens come from a custom authorization server: have something that receives them revoke by the admin API',
    ],
    sources: [
      'https://developer.okta.com/docs/concepts/auth-servers/',
      'https://developer.okta.com/docs/guides/validate-access-tokens/dotnet/main/',
    ],
  },
  {
    name: 'okta-org',
    title: "Okta, the organization's own authorization server",
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/[a-z0-9-]+\.(?:okta|oktapreview|okta-emea)\.com$/,
      expected: 'the domain of the organization',
      example: 'https://corp.okta.com',
    },
    defaults: {},
    asks: [],
    hints: [],
    refusal:
      "the access tokens of Okta's own server are opaque by Okta's word and change without notice; register a custom authorization server with preset: okta-custom",
    sources: ['https://developer.okta.com/docs/concepts/auth-servers/'],
  },
  {
    name: 'cloudflare-access',
    title: 'Cloudflare Access, application tokens',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/[a-z0-9-]+\.cloudflareaccess\.com$/,
      expected: 'the domain of the team',
      example: 'https://corp.cloudflareaccess.com',
    },
    defaults: {
      algorithms: ['RS256'],
      tokenTypes: ['JWT', 'none'],
      usernameClaim: 'email',
    },
    derived: (identifier) => ({ keys: { jwksUri: `${identifier}/cdn-cgi/access/certs` } }),
    asks: [
      {
        setting: 'audiences',
        expected: 'the application audience (AUD) tag of the protected application',
        example: ['32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228'],
      },
    ],
    hints: [
      {
        code: 'lifetime_exceeded',
        text: 'a session may last up to a month: raise maxLifetime to what the application is set to',
      },
      { code: 'audience_mismatch', text: 'the token of another application of the same team' },
    ],
    sources: [
      'https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/',
      'https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/',
    ],
  },
  {
    name: 'salesforce',
    title: 'Salesforce, access tokens of an organization',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/[a-z0-9.-]+\.my\.salesforce\.com$/,
      expected: 'the My Domain login URL of the organization',
      example: 'https://corp.my.salesforce.com',
    },
    defaults: {
      algorithms: ['RS256'],
      tokenTypes: ['JWT'],
      // Answers about opaque tokens say scope, JWTs say scp.
      scopeClaims: ['scope', 'scp'],
    },
    asks: [
      {
        setting: 'audiences',
        expected:
          'any, because answers about opaque tokens have no aud; the My Domain login URL where all your clients get JWTs',
        example: 'any',
      },
      {
        rule: ['client_id'],
        expected:
          'the consumer keys of the apps whose tokens are meant for you: what the token of any other app of the organization is good for, it would be good for here',
        example: { claim: 'client_id', oneOf: ['3MVG9lKcPoNINVBIPJjdw1J9LLM82Hn'] },
      },
      {
        setting: 'opaque',
        expected:
          'the app that may introspect all tokens, and the id of your organization with the !, as all its opaque tokens begin',
        example: {
          endpoint: 'https://corp.my.salesforce.com/services/oauth2/introspect',
          credentials: { clientId: '3MVG9pRzvMkjMb6lZlt3YjDQwe', secret: '${file:/run/secrets/idp-client}' },
          match: { prefix: '00D5g000004abcd!' },
        },
      },
    ],
    hints: [
      {
        code: 'opaque_unroutable',
        text: 'match.prefix is the id of another organization: opaque tokens begin with the 15 characters of their own, and a !',
      },
      {
        code: 'opaque_inactive',
        text: 'the session is over; or the app in opaque.credentials may introspect its own tokens only: let it introspect all',
      },
      { code: 'rule_failed', claim: 'client_id', text: 'the token of another app of the organization' },
      { code: 'audience_mismatch', text: 'an answer about an opaque token has no aud: audiences: any' },
    ],
    sources: [
      'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oidc_token_introspection_endpoint.htm&type=5',
      'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_access_tokens.htm&type=5',
      'https://help.salesforce.com/s/articleView?id=xcloud.jwt_access_tokens.htm&type=5',
    ],
  },
];
