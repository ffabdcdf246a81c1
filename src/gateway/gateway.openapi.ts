/** Describes the endpoints for proxies. */
import { named } from '../shared/openapi/component.js';
import { challengeHeader } from '../shared/openapi/headers.js';
import type { Answer, Header, Operation, Operations, Parameter, Route } from '../shared/openapi/operation.js';
import { flag, list, object, text } from '../shared/openapi/schema.js';
import { limitedAnswers, notFound, oauthRefusal, publicAnswers } from '../transport/http/oauth.openapi.js';
import { identityHeaderNames } from './identity-headers.js';
import { resourceRoutes } from './resource-metadata.controller.js';

/** What each header says. Total: a new one has to be explained. */
const identityTexts: Readonly<Record<(typeof identityHeaderNames)[number], string>> = {
  'x-auth-issuer': '`iss` of the token, percent-encoded.',
  'x-auth-subject': '`sub` of the token, percent-encoded.',
  'x-auth-client-id': 'Client that the token was issued to, percent-encoded.',
  'x-auth-scope': 'Scopes, with spaces between them.',
  'x-auth-audience': 'The audience that is meant, percent-encoded.',
  'x-auth-expires': 'Until when it may be remembered that this request passed, seconds since the epoch.',
  'x-auth-claims': 'The answer of introspection: JSON, base64url.',
  'x-auth-jwt': 'The same as a signed JWT (RFC 9701), for profiles with `upstream`.',
};

const identity = Object.fromEntries(
  identityHeaderNames.map((name) => [
    name,
    { description: identityTexts[name], schema: { type: 'string' }, required: true as const },
  ]),
);

const nonce: Readonly<Record<string, Header>> = {
  'DPoP-Nonce': { description: 'For the next proof, where nonces are asked for.', schema: { type: 'string' } },
};

/** A proxy that may not ask gets none. */
const challenge: Readonly<Record<string, Header>> = {
  'WWW-Authenticate': { description: 'The scope that is needed (RFC 6750 §3).', schema: { type: 'string' } },
};

const notGood: Answer = oauthRefusal({
  description: 'The client has no token, or not a good one. The same for every reason that it can do nothing about.',
  example: { error: 'invalid_token', error_description: 'the bearer token is not good' },
  headers: { ...challengeHeader('Of RFC 6750, and of RFC 9449 where proofs are read.'), ...nonce },
});

const notEnough: Answer = oauthRefusal({
  description:
    'The token does not have the scope that is needed (`insufficient_scope`), or this proxy may not ask (`invalid_client`).',
  example: {
    error: 'insufficient_scope',
    error_description: 'the bearer token does not have the scope that is needed',
  },
  headers: challenge,
});

const caller: Parameter = {
  description: 'Id of the profile in whose name the proxy asks.',
  schema: { type: 'string', minLength: 1 },
  example: 'shop',
};

const authorize: Operation = {
  id: 'authorize',
  tag: 'Proxies',
  summary: 'May this request pass?',
  description:
    'For nginx `auth_request`, Traefik ForwardAuth and Caddy `forward_auth`, from `server.trustedProxies` or with a client certificate. Any method has this answer; a body is not read. The token is that of the client of the proxy, in the headers that it sent.',
  access: ['clientToken'],
  query: {
    caller,
    scope: {
      description: 'Scopes that the token must have, with spaces between them.',
      schema: { type: 'string' },
      example: 'orders:read',
    },
  },
  answers: {
    200: {
      description:
        'It may pass. All headers are always there, empty where there is nothing to say: the proxy must set each of them.',
      headers: identity,
    },
    ...publicAnswers,
    ...limitedAnswers,
    401: notGood,
    403: notEnough,
  },
};

const document = named(
  'schemas',
  'ProtectedResource',
  object(
    {
      resource: text('The resource, as it is registered.'),
      bearer_methods_supported: list({ type: 'string' }, 'Where tokens are read.'),
    },
    {
      authorization_servers: list({ type: 'string' }, 'Who issues tokens for it.'),
      scopes_supported: list({ type: 'string' }, 'Scopes that it knows.'),
      dpop_signing_alg_values_supported: list({ type: 'string' }, 'What DPoP proofs may be signed with.'),
      tls_client_certificate_bound_access_tokens: flag('Whether tokens that are bound to certificates are checked.'),
    },
    'Protected resource metadata (RFC 9728).',
  ),
);

/** A path of a template has a fixed number of segments, so that there is one for each number. */
function resourceOperation(route: string): readonly [Route, Operation] {
  const names = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const segment: Parameter = {
    description: 'Segment of the path of the resource.',
    schema: { type: 'string', minLength: 1 },
    example: 'orders',
  };
  const operation: Operation = {
    id: names.length === 0 ? 'readResource' : `readResource${names.length}`,
    tag: 'Metadata',
    summary: `Who issues tokens for a resource behind a proxy${names.length === 0 ? '' : `, ${names.length} below its origin`}`,
    access: [],
    ...(names.length > 0 && { path: Object.fromEntries(names.map((name) => [name, segment])) }),
    query: {
      caller: { schema: caller.schema, description: 'Id of the profile, where several have resources of one path.' },
    },
    answers: {
      200: {
        description: 'The document (RFC 9728 §3).',
        content: {
          'application/json': {
            schema: document,
            example: {
              resource: 'https://api.corp.example/orders',
              authorization_servers: ['https://login.corp.example'],
              bearer_methods_supported: ['header'],
            },
          },
        },
      },
      ...publicAnswers,
      404: notFound('There is no such resource, or several.', 'there is no such resource'),
    },
  };
  return [`GET /${route.replace(/^\//, '')}`, operation];
}

/** What proxies ask, and the metadata of the resources behind them. */
export const gatewayOperations: Operations = {
  'ANY /authorize': authorize,
  ...Object.fromEntries(resourceRoutes.map(resourceOperation)),
};
