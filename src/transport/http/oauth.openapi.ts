// What the public listener answers when it cannot give what was asked for, as its endpoints document it.
import { named } from '../../shared/openapi/component.js';
import { challengeHeader, retryAfter } from '../../shared/openapi/headers.js';
import type { Answer, Answers } from '../../shared/openapi/operation.js';
import { explainedWord, object, text } from '../../shared/openapi/schema.js';
import type { OAuthErrorCode } from '../oauth-error.js';

/** What each code means. Total: a new code has to be explained. */
const meanings: Readonly<Record<OAuthErrorCode, string>> = {
  invalid_request: 'the request cannot be read in one way only, or asks for what there is not',
  invalid_client: 'the caller, or the proxy, has not proven who it is',
  invalid_token: 'there is no token, or it is not good',
  unauthorized_client: 'the caller may not do this',
  unsupported_token_type: 'this token can be revoked by its issuer alone',
  insufficient_scope: 'the token is good, and does not have the scope that is needed',
  invalid_dpop_proof: 'the DPoP proof is not good for this request',
  use_dpop_nonce: 'the DPoP proof needs the nonce that comes with the answer',
  temporarily_unavailable: 'nothing is known now: ask again after `Retry-After` seconds',
  server_error: 'something went wrong here',
};

/** RFC 6749 §5.2. */
const oauthError = named(
  'schemas',
  'OAuthError',
  object(
    { error: explainedWord(meanings, 'For programs.') },
    {
      error_description: text('For the developer of the caller: a constant sentence, without anything of the request.'),
    },
    'Why a request was refused (RFC 6749 §5.2). It never says why a token is not good.',
  ),
);

const challenge = challengeHeader('How to authenticate: one challenge for each way that some caller can use.');

/** What {@link oauthRefusal} says beside the error. */
interface RefusalTexts {
  readonly description: string;
  /** Of the body. */
  readonly example: { readonly error: OAuthErrorCode; readonly error_description?: string };
  readonly headers?: NonNullable<Answer['headers']>;
}

/** An answer with an OAuth error in it. */
export function oauthRefusal({ description, example, headers }: RefusalTexts): Answer {
  const content = { 'application/json': { schema: oauthError, example } };
  return { description, ...(headers && { headers }), content };
}

const invalidRequest = named(
  'responses',
  'InvalidRequest',
  oauthRefusal({
    description:
      'The request cannot be read in one way only: a parameter twice, a secret in the query, two ways to authenticate.',
    example: { error: 'invalid_request', error_description: 'secrets do not belong in the query' },
  }),
);

const notAuthenticated = named(
  'responses',
  'CallerUnknown',
  oauthRefusal({
    description: 'The caller has not proven who it is. This says nothing about the token.',
    example: { error: 'invalid_client', error_description: 'client authentication failed' },
    headers: challenge,
  }),
);

const tooLarge = named(
  'responses',
  'BodyTooLarge',
  oauthRefusal({
    description: 'The body is longer than `server.limits.token` allows for.',
    example: { error: 'invalid_request' },
  }),
);

const wrongType = named(
  'responses',
  'BodyOfWrongType',
  oauthRefusal({
    description: 'The body is of another media type, in another charset than UTF-8, or encoded.',
    example: {
      error: 'invalid_request',
      error_description: 'the body must be application/x-www-form-urlencoded, UTF-8, not encoded',
    },
  }),
);

const tooMany = named(
  'responses',
  'TooManyRequests',
  oauthRefusal({
    description:
      'More requests than `rateLimit` of the caller, or too many wrong secrets. Nothing is known about the token.',
    example: { error: 'temporarily_unavailable', error_description: 'too many requests' },
    headers: { 'Retry-After': retryAfter },
  }),
);

const unavailable = named(
  'responses',
  'NotKnownNow',
  oauthRefusal({
    description:
      'We cannot know: the keys of the issuer are not known now, there is too much to do, or this replica is going away. It never means that a token is not good.',
    example: { error: 'temporarily_unavailable' },
    headers: { 'Retry-After': retryAfter },
  }),
);

const anyOther = named(
  'responses',
  'OtherRefusal',
  oauthRefusal({
    description:
      'Refused before it was known what is asked for: framing, sizes and times of HTTP itself (408, 414, 417, 431, 505). 500 would be our own fault.',
    example: { error: 'invalid_request' },
  }),
);

/** What every endpoint of the public listener may answer. */
export const publicAnswers: Answers = { 400: invalidRequest, 503: unavailable, default: anyOther };

/** Further answers of endpoints that read a body. */
export const bodyAnswers: Answers = { 413: tooLarge, 415: wrongType };

/** Answers of endpoints for which callers authenticate. */
export const callerAnswers: Answers = { ...publicAnswers, 401: notAuthenticated, 429: tooMany };

/** The answer to somebody whose share of requests is used up. */
export const limitedAnswers: Answers = { 429: tooMany };

/** Where there is nothing. @param description when that is so */
export function notFound(description: string, sentence: string): Answer {
  return oauthRefusal({ description, example: { error: 'invalid_request', error_description: sentence } });
}
