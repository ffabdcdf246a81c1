/** Describes introspection and revocation, as callers use them. */
import { named } from '../shared/openapi/component.js';
import type { Access, Content, Operations } from '../shared/openapi/operation.js';
import { object, openObject, text, type Members } from '../shared/openapi/schema.js';
import { bodyAnswers, callerAnswers, oauthRefusal } from '../transport/http/oauth.openapi.js';
import { signedAnswerType } from './signed/answer-form.js';

/** Every way in which a caller may say who it is. */
export const byCaller: readonly Access[] = ['callerBasic', 'callerForm', 'callerBearer', 'callerCertificate'];

/** Credentials of a caller whose way it is to send them in the form. */
export const credentialMembers: Members = {
  client_id: text('Id of the caller, where its credentials are in the form.'),
  client_secret: text('`client_secret_post` (RFC 6749 §2.3.1).', { format: 'password' }),
  client_assertion: text('`private_key_jwt`: a JWT that the caller has signed (RFC 7523 §2.2).'),
  client_assertion_type: text('`urn:ietf:params:oauth:client-assertion-type:jwt-bearer`'),
};

const token = text('The token as it was received.');
const issuerHint = text(
  'Id of the registration that an opaque token is of. It chooses among those that the caller may see, and opens nothing.',
);
const typeHint = text('Read, and without effect (RFC 7662 §2.1).');

const claim = 'Only where the caller may see it.';

const activeToken = named(
  'schemas',
  'ActiveToken',
  openObject(
    { active: { type: 'boolean', const: true } },
    {
      iss: text('Issuer, as the token names it.'),
      assay_issuer: text('Id of the registration, for callers that tell several of one `iss` apart.'),
      sub: text(`Subject. ${claim}`),
      aud: {
        description: 'Audience: one, or several.',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      exp: { type: 'integer', description: 'When it ends, seconds since the epoch.' },
      iat: { type: 'integer', description: 'When it was issued, seconds since the epoch.' },
      nbf: { type: 'integer', description: 'From when it is good, seconds since the epoch.' },
      jti: text(`Id of the token. ${claim}`),
      client_id: text('Client that it was issued to.'),
      scope: text('Scopes, with spaces between them.'),
      token_type: text('`Bearer`, or `DPoP` for a token that is bound to a key.'),
      username: text(`Name of the user. ${claim}`),
      cnf: {
        type: 'object',
        additionalProperties: true,
        description: 'What the token is bound to (RFC 7800): whoever gets it must have the proof checked.',
      },
    },
    'A good token, and what this caller may see of it: RFC 7662 §2.2, and further claims of the token.',
  ),
);

const inactiveToken = named('schemas', 'InactiveToken', {
  ...object(
    { active: { type: 'boolean', const: false } },
    {},
    'A token that is not good: the same for every reason. An operator reads the reason at `POST /admin/v1/explain`.',
  ),
  additionalProperties: false,
});

const introspection = named('schemas', 'Introspection', { oneOf: [activeToken, inactiveToken] });

const form: Content = {
  schema: named(
    'schemas',
    'IntrospectionForm',
    object(
      { token },
      {
        token_type_hint: typeHint,
        issuer_hint: issuerHint,
        dpop_proof: text(
          'The `DPoP` header that came with the token; with `http_method` and `http_uri` it is checked (RFC 9449).',
        ),
        http_method: text('Method of the request that the token came with.'),
        http_uri: text('URI of that request.'),
        ...credentialMembers,
      },
      'Every parameter once; what is unknown is ignored.',
    ),
  ),
  example: {
    token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUifQ.c2lnbmF0dXJl',
  },
};

const active = {
  active: true,
  iss: 'https://login.corp.example',
  sub: 'anna',
  aud: 'https://api.corp.example',
  exp: 1795262000,
  iat: 1795258400,
  client_id: 'shop',
  scope: 'orders:read',
  token_type: 'Bearer',
};

/** Introspection and revocation by callers. */
export const introspectionOperations: Operations = {
  'POST /introspect': {
    id: 'introspect',
    tag: 'Introspection',
    summary: 'Is this token good, and what does it say?',
    description:
      'RFC 7662. The caller is authenticated first. A token that is not good is an answer (`200`), not an error; `503` means that nothing is known now.',
    access: byCaller,
    body: { 'application/x-www-form-urlencoded': form },
    answers: {
      200: {
        description: 'What is known of the token.',
        content: {
          'application/json': {
            schema: introspection,
            examples: {
              active: { summary: 'a good token', value: active },
              inactive: { summary: 'any other', value: { active: false } },
            },
          },
          [signedAnswerType]: {
            schema: text('The answer as a JWT (RFC 9701), for callers that are registered for it.'),
          },
        },
      },
      ...callerAnswers,
      ...bodyAnswers,
      406: oauthRefusal({
        description: `The caller gets signed answers only, and \`Accept\` leaves out \`${signedAnswerType}\`.`,
        example: { error: 'invalid_request', error_description: 'this caller gets signed answers only' },
      }),
    },
  },
  'POST /revoke': {
    id: 'revoke',
    tag: 'Introspection',
    summary: 'End a token before its time',
    description: 'RFC 7009, for callers with `revoke`. Every replica refuses the token within 7 seconds.',
    access: byCaller,
    body: {
      'application/x-www-form-urlencoded': {
        schema: named(
          'schemas',
          'RevocationForm',
          object({ token }, { token_type_hint: typeHint, issuer_hint: issuerHint, ...credentialMembers }),
        ),
        example: { token: 'eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiI0NzExIn0.c2lnbmF0dXJl' },
      },
    },
    answers: {
      200: { description: 'It is revoked, or there was nothing to revoke: the same answer (RFC 7009 §2.2).' },
      ...callerAnswers,
      ...bodyAnswers,
    },
  },
};
