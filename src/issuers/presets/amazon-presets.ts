import type { Preset } from './preset.js';

/** Amazon Cognito user pools, and the header by which a load balancer says who has logged in. */
export const amazonPresets: readonly Preset[] = [
  {
    name: 'cognito',
    title: 'Amazon Cognito user pools, access tokens',
    issuer: {
      isTelling: true,
      pattern: /^https:\/\/cognito-idp(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[A-Za-z0-9_-]+$/,
      expected: 'a user pool',
      example: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
    },
    defaults: {
      algorithms: ['RS256'],
      tokenTypes: ['none', 'JWT'],
      // Its access tokens name no audience: the client takes that place.
      audiences: 'any',
      rules: [{ claim: 'token_use', equals: 'access' }],
      clientIdClaims: ['client_id'],
      sessionClaim: 'origin_jti',
      usernameClaim: 'username',
    },
    derived: (identifier) => ({ keys: { jwksUri: `${identifier}/.well-known/jwks.json` } }),
    asks: [
      {
        rule: ['client_id'],
        expected:
          'the app clients whose tokens are meant for you: an access token of Cognito has no aud that would say so',
        example: { claim: 'client_id', oneOf: ['1h57kf5cpq17m0eml12EXAMPLE'] },
      },
    ],
    hints: [
      { code: 'token_kind', text: 'an ID token of Cognito: send the access token (token_use: access)' },
      { code: 'encrypted', text: 'a refresh token: send the access token' },
      {
        code: 'malformed',
        text: 'x-amzn-oidc-data of a load balancer pads what it signs, which no JWT may: send its x-amzn-oidc-accesstoken',
      },
      { code: 'lifetime_exceeded', text: 'Cognito issues at most a day: this is not one of its access tokens' },
      {
        code: 'rule_failed',
        claim: 'client_id',
        text: 'the token of an app client that no rule of the registration names',
      },
    ],
    sources: [
      'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html',
      'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html',
    ],
  },
  {
    name: 'aws-alb',
    title: 'AWS Application Load Balancer, x-amzn-oidc-data',
    issuer: { expected: 'the identity provider behind the load balancer' },
    defaults: {},
    asks: [],
    hints: [],
    refusal:
      'the load balancer publishes each key under a URL that the token chooses, and pads what it signs, which no JWT may do; register the identity provider behind it, whose access token it passes on in x-amzn-oidc-accesstoken',
    sources: ['https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html'],
  },
];
