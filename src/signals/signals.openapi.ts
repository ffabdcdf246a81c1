/** Describes the endpoints to which providers send signals. */
import { named } from '../shared/openapi/component.js';
import { challengeHeader } from '../shared/openapi/headers.js';
import type { Answer, Operations, Parameter } from '../shared/openapi/operation.js';
import { explainedWord, object, text } from '../shared/openapi/schema.js';
import { bodyAnswers, limitedAnswers, notFound, oauthRefusal, publicAnswers } from '../transport/http/oauth.openapi.js';
import type { SetErrorCode } from './events/set-error.js';

/** What each code means. Total: a new code has to be explained. */
const meanings: Readonly<Record<SetErrorCode, string>> = {
  invalid_request: 'it cannot be read as an event token, or says what none may say',
  invalid_key: 'no key of the issuer that is accepted has signed it',
  invalid_issuer: 'it is of another issuer',
  invalid_audience: 'it is for somebody else',
  authentication_failed: 'whoever delivers it did not show the secret of this stream',
  access_denied: 'it may not be delivered here',
  invalid_state: 'it answers a question that was not asked',
};

const setError = named(
  'schemas',
  'SetError',
  object(
    { err: explainedWord(meanings, 'For programs.'), description: text('For people.') },
    {},
    'Why an event token was not taken (RFC 8935 §2.4).',
  ),
);

function refused(description: string, err: SetErrorCode, sentence: string): Answer {
  return {
    description,
    content: { 'application/json': { schema: setError, example: { err, description: sentence } } },
  };
}

const path: Readonly<Record<string, Parameter>> = {
  id: {
    description: 'Id of the signal in the configuration.',
    schema: { type: 'string', minLength: 1 },
    example: 'corp',
  },
};

const unknown = notFound('There is no such signal.', 'there is no such resource');

/** What providers send. */
export const signalOperations: Operations = {
  'POST /signals/:id/logout': {
    id: 'receiveLogout',
    tag: 'Providers',
    summary: 'A user has logged out',
    description:
      'OpenID Connect Back-Channel Logout 1.0: the `backchannel_logout_uri` of a client. The token vouches for its sender; the tokens of the session are refused at every replica within 7 seconds.',
    access: [],
    path,
    body: {
      'application/x-www-form-urlencoded': {
        schema: object({ logout_token: text('The logout token (§2.4).') }),
        example: { logout_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImxvZ291dCtqd3QifQ.eyJzaWQiOiIwOGE1In0.c2lnbmF0dXJl' },
      },
    },
    answers: {
      200: { description: 'It is in force, or was before.' },
      ...publicAnswers,
      ...bodyAnswers,
      ...limitedAnswers,
      400: oauthRefusal({
        description: 'The logout token is not good: the same for every reason.',
        example: { error: 'invalid_request', error_description: 'the logout token is not valid' },
      }),
      404: unknown,
    },
  },
  'POST /signals/:id/events': {
    id: 'receiveEvent',
    tag: 'Providers',
    summary: 'A security event has happened',
    description: 'Push delivery of security event tokens (RFC 8935), by transmitters of Shared Signals 1.0.',
    access: ['transmitterSecret'],
    path,
    body: {
      'application/secevent+jwt': {
        schema: text('A security event token (RFC 8417).'),
        example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InNlY2V2ZW50K2p3dCJ9.eyJqdGkiOiI0NzExIn0.c2lnbmF0dXJl',
      },
    },
    answers: {
      202: { description: 'What it tells cannot be lost any more.' },
      ...publicAnswers,
      ...bodyAnswers,
      ...limitedAnswers,
      400: refused('It is not taken.', 'invalid_request', 'the body must be application/secevent+jwt'),
      401: {
        ...refused(
          'The secret of the stream is missing, or wrong.',
          'authentication_failed',
          'the transmitter did not show the secret of this stream',
        ),
        headers: challengeHeader('`Bearer`'),
      },
      404: unknown,
    },
  },
};
