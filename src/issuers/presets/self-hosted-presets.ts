import type { Preset } from './preset.js';

/** Authorization servers that people run themselves. */
export const selfHostedPresets: readonly Preset[] = [
  {
    name: 'keycloak',
    title: 'Keycloak, access tokens of a realm',
    issuer: {
      isTelling: true,
      pattern: /^https?:\/\/[^/]+(?:\/[^/]+)*\/realms\/(?:[^/]+)$/,
      expected: 'a realm',
      example: 'https://login.corp.example/realms/corp',
    },
    defaults: {
      algorithms: ['RS256', 'ES256', 'PS256'],
      tokenTypes: ['JWT', 'at+jwt'],
      clientIdClaims: ['azp', 'client_id'],
      sessionClaim: 'sid',
      usernameClaim: 'preferred_username',
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'what an audience mapper of a client scope adds; without one, aud is "account" at most',
        example: ['orders-api'],
      },
    ],
    hints: [
      {
        code: 'audience_mismatch',
        text: 'Keycloak names your API only with an audience mapper: Client scopes, Add mapper, Audience',
      },
      {
        code: 'claim_missing',
        text: 'a lightweight access token has few claims: turn the switch off, or ask for fewer here',
      },
      {
        code: 'token_kind',
        text: 'an ID token, or a refresh token: send the access token (typ: Bearer in its payload)',
      },
      { code: 'algorithm_unsupported', text: 'a refresh token, which only Keycloak can verify: send the access token' },
      {
        code: 'lifetime_exceeded',
        text: 'the Access Token Lifespan of realm or client is longer: shorten it, or raise maxLifetime',
      },
    ],
    events: [
      'Keycloak 26.7 transmits security events where it is started with `--features=ssf`, which is experimental: of sessions that were ended, among others',
      'it tells nothing until subjects are added to the stream, or the realm says `ALL` for `default_subjects`; and there is one stream for each receiver',
      'it pushes every 30 s, to public https addresses alone, and gives up after 8 attempts. A poll is answered at once, so that `poll.every` is what it costs',
      'its subjects are sessions and users: `opaqueIs: sid` takes an opaque one for a session',
    ],
    logout: {
      setup: 'the client that users log in to: *Settings*, *Logout settings*, *Backchannel logout URL*',
      says: '`sub`, and with *Backchannel logout session required* `sid` as well. Access tokens have `sid`, so that the session ends and no other',
      beware: [
        'older versions write `typ: JWT` into the header instead of `logout+jwt`: they need `legacyTyp: true`',
        'when an administrator logs a user out of all sessions, a client may be told of one of them, and *Sign out all active sessions* of a realm tells nobody. ' +
          'With *Backchannel logout session required* off, every logout ends all that the subject has, by `sub`',
      ],
    },
    sources: ['https://www.keycloak.org/docs/latest/server_admin/index.html'],
  },
  {
    name: 'zitadel',
    title: 'ZITADEL, access tokens of type JWT',
    issuer: {
      pattern: /^https?:\/\/[^/]+$/,
      expected: 'the domain of the instance',
      example: 'https://corp.zitadel.cloud',
    },
    defaults: { algorithms: ['RS256'], tokenTypes: ['JWT', 'at+jwt', 'none'], clientIdClaims: ['client_id', 'azp'] },
    asks: [
      {
        setting: 'audiences',
        expected:
          'the id of your project, which clients ask for by scope; tokens name all client ids of the project beside it',
        example: ['259242039378444290'],
      },
    ],
    hints: [
      {
        code: 'malformed',
        text: 'an opaque token: set the access token type of the application to JWT, or have ZITADEL asked about it (opaque)',
      },
      {
        code: 'opaque_unroutable',
        text: 'its opaque tokens have no prefix: opaque.match.byCaller, a length, or issuer_hint has to say whose they are',
      },
      {
        code: 'opaque_inactive',
        text: 'ZITADEL answers only for tokens whose audience its API application is in: ask for the scope urn:zitadel:iam:org:project:id:<project id>:aud',
      },
      { code: 'token_kind', text: 'an ID token: send the access token' },
      { code: 'audience_mismatch', text: 'ask for the scope urn:zitadel:iam:org:project:id:<project id>:aud' },
    ],
    logout: {
      setup:
        'the application that users log in to: *Back-Channel Logout URI*; where it is still a beta feature, it has to be enabled for the instance',
      says: '`sub` and `sid`. The session ends where access tokens have `sid`',
      beware: [
        'look whether your access tokens have `sid`; where they have not, nothing ends by a logout token that names a session',
      ],
    },
    sources: [
      'https://zitadel.com/docs/apis/openidoauth/claims',
      'https://zitadel.com/docs/guides/integrate/token-introspection',
    ],
  },
  {
    name: 'hydra',
    title: 'Ory Hydra, access tokens of type JWT',
    issuer: {
      pattern: /^https?:\/\/[^/]+/,
      expected: 'urls.self.issuer of its configuration',
      example: 'https://hydra.corp.example/',
    },
    defaults: { algorithms: ['RS256', 'ES256'], tokenTypes: ['JWT', 'at+jwt'], scopeClaims: ['scp', 'scope'] },
    asks: [
      {
        setting: 'audiences',
        expected: 'the audience that clients are allowed, and ask for',
        example: ['https://orders.corp.example'],
      },
    ],
    hints: [
      {
        code: 'malformed',
        text: 'an opaque token (ory_at_…): set strategies.access_token to jwt, for all clients or for this one, or have Hydra asked about it (opaque)',
      },
      { code: 'opaque_unroutable', text: 'opaque.match.prefix is not ory_at_, as its tokens begin' },
      {
        code: 'audience_mismatch',
        text: 'Hydra writes an empty aud unless the client asks for an audience that it is allowed',
      },
    ],
    logout: {
      setup: '`backchannel_logout_uri` of the client that users log in to',
      says: '`sid`, and no `sub`',
      beware: [
        'access tokens have no `sid` by themselves: the consent app has to put it into them (`session.access_token`), and `sessionClaim` has to name it, such as `[ext, sid]`',
      ],
    },
    sources: ['https://www.ory.com/docs/oauth2-oidc/jwt-access-token'],
  },
  {
    name: 'dex',
    title: 'Dex',
    issuer: {
      pattern: /^https?:\/\/[^/]+/,
      expected: 'issuer of its configuration',
      example: 'https://dex.corp.example/dex',
    },
    defaults: {
      algorithms: ['RS256', 'ES256'],
      tokenTypes: ['none', 'JWT'],
      // Its access tokens are its ID tokens: aud is the client.
      allowIdTokens: true,
      usernameClaim: 'email',
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the ids of the clients whose users are meant for you',
        example: ['orders-web'],
      },
    ],
    hints: [
      { code: 'audience_mismatch', text: 'aud is the id of the client; another client needs trustedPeers in Dex' },
      { code: 'lifetime_exceeded', text: 'expiry.idTokens of Dex is longer: shorten it, or raise maxLifetime' },
    ],
    sources: [
      'https://dexidp.io/docs/configuration/custom-scopes-claims-clients/',
      'https://dexidp.io/docs/configuration/tokens/',
    ],
  },
  {
    name: 'spring',
    title: 'Spring Authorization Server',
    issuer: {
      pattern: /^https?:\/\/[^/]+/,
      expected: 'issuer of its AuthorizationServerSettings',
      example: 'https://auth.corp.example',
    },
    defaults: {
      algorithms: ['RS256', 'ES256'],
      tokenTypes: ['none', 'JWT', 'at+jwt'],
      // Its ID tokens have the same audience, and none of this: where no nonce was asked for, nothing else tells them apart.
      requiredClaims: ['nbf'],
    },
    asks: [
      {
        setting: 'audiences',
        expected: 'the ids of the clients whose tokens are meant for you, or what an OAuth2TokenCustomizer writes',
        example: ['orders-web'],
      },
    ],
    hints: [
      {
        code: 'audience_mismatch',
        text: 'aud is the id of the client unless an OAuth2TokenCustomizer writes another one',
      },
      { code: 'token_kind', text: 'an ID token: send the access token' },
      { code: 'claim_missing', claim: 'nbf', text: 'an ID token: send the access token, which has nbf' },
      { code: 'malformed', text: 'an opaque token: set the accessTokenFormat of the client to self-contained' },
    ],
    sources: ['https://docs.spring.io/spring-authorization-server/reference/core-model-components.html'],
  },
  {
    name: 'spiffe',
    title: 'SPIFFE, JWT-SVIDs of a trust domain',
    issuer: { expected: 'nothing, or what the server writes into iss (jwt_issuer of SPIRE)' },
    defaults: { algorithms: ['ES256', 'RS256'] },
    asks: [
      {
        setting: 'spiffe',
        expected: 'the name of the trust domain, and the URL or the file of its bundle',
        example: { trustDomain: 'prod.corp.example', bundle: { url: 'https://spire.corp.example/bundle' } },
      },
      {
        setting: 'audiences',
        expected: 'the audience that workloads ask for, by convention the SPIFFE ID of the service',
        example: ['spiffe://prod.corp.example/orders'],
      },
    ],
    hints: [
      { code: 'issuer_missing', text: 'the SPIFFE ID in sub is of another trust domain' },
      {
        code: 'issuer_unknown',
        text: 'a JWT-SVID with iss needs a registration with that issuer (jwt_issuer of SPIRE)',
      },
      { code: 'audience_mismatch', text: 'a workload asks for a JWT-SVID for each audience by itself' },
    ],
    sources: [
      'https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md',
      'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md',
    ],
  },
];
