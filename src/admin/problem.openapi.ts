// What the admin API answers when it cannot grant what was asked for, as its endpoints document it.
import { named } from '../shared/openapi/component.js';
import { challengeHeader, retryAfter } from '../shared/openapi/headers.js';
import type { Answer, Answers } from '../shared/openapi/operation.js';
import { count, explainedWord, list, object, text } from '../shared/openapi/schema.js';
import type { ProblemCode } from './admin-problem.js';
import { problemMeanings } from './problem-meanings.js';

const problem = named(
  'schemas',
  'Problem',
  object(
    {
      type: text('`about:blank`: the status says what kind of problem it is.'),
      title: text('The words of the status.'),
      status: count('HTTP status.'),
      detail: text('For the operator: a constant sentence, without anything of the request.'),
      code: explainedWord(problemMeanings, 'For programs.'),
    },
    {
      errors: list(
        object({
          field: text('Name of the field, or `(unknown)` for one that there is not.'),
          detail: text('What was expected.'),
        }),
        'Every field that is wrong.',
      ),
    },
    'A problem document (RFC 9457).',
  ),
);

/** What {@link problemAnswer} says. */
interface ProblemAnswer {
  readonly description: string;
  readonly status: number;
  readonly title: string;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly headers?: NonNullable<Answer['headers']>;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

/** An answer with a problem document in it. */
export function problemAnswer({ description, headers, ...document }: ProblemAnswer): Answer {
  const content = { 'application/problem+json': { schema: problem, example: { type: 'about:blank', ...document } } };
  return { description, ...(headers && { headers }), content };
}

const notAuthenticated = problemAnswer({
  description: 'No admin token, or a wrong one. Credentials of callers are wrong ones here.',
  status: 401,
  title: 'Unauthorized',
  code: 'credentials_missing',
  detail: 'an admin token is needed: Authorization: Bearer',
  headers: challengeHeader('The one challenge there is.'),
});

const notPermitted = problemAnswer({
  description: 'It takes an operator; or there is no `admin` section, and only this machine may read.',
  status: 403,
  title: 'Forbidden',
  code: 'role_insufficient',
  detail: 'this takes an operator',
});

const wrongHost = problemAnswer({
  description: 'There is no `admin` section, and the `Host` is not a name of this machine.',
  status: 421,
  title: 'Misdirected Request',
  code: 'host_not_local',
  detail: 'without admin.tokens the Host has to be localhost or a loopback address',
});

const tooMany = problemAnswer({
  description: 'A wrong token, after too many wrong ones; for a weak token also those of others.',
  status: 429,
  title: 'Too Many Requests',
  code: 'too_many_attempts',
  detail: 'too many wrong tokens',
  headers: { 'Retry-After': retryAfter },
});

const anyOther = problemAnswer({
  description:
    'The request cannot be read: framing, sizes and times of HTTP itself, a path with an escape that is none. 500 would be our own fault.',
  status: 400,
  title: 'Bad Request',
  code: 'request_refused',
  detail: 'the request cannot be read',
});

const badBody = problemAnswer({
  description: 'The body is not one JSON object with each member once.',
  status: 400,
  title: 'Bad Request',
  code: 'body_invalid',
  detail: 'the body must be one JSON object, each member once',
});

const tooLarge = problemAnswer({
  description: 'The body is too long.',
  status: 413,
  title: 'Payload Too Large',
  code: 'request_refused',
  detail: 'the request cannot be read',
});

const notJson = problemAnswer({
  description: 'The body is not `application/json`, UTF-8, without an encoding.',
  status: 415,
  title: 'Unsupported Media Type',
  code: 'media_type_unsupported',
  detail: 'the body must be application/json, UTF-8, not encoded',
});

const wrongFields = problemAnswer({
  description: 'Some fields are not as expected; `errors` names each of them.',
  status: 422,
  title: 'Unprocessable Entity',
  code: 'fields_invalid',
  detail: 'some fields are not as expected',
  errors: [{ field: 'reason', detail: 'a text of 1 to 200 characters without control characters' }],
});

const storeAway = problemAnswer({
  description: 'Redis does not answer, and nothing was changed.',
  status: 503,
  title: 'Service Unavailable',
  code: 'store_unavailable',
  detail: 'the shared store does not answer; nothing was changed',
  headers: { 'Retry-After': retryAfter },
});

const name = (each: string, answer: Answer): Answer => named('responses', each, answer);

/** What every endpoint of the admin API may answer. */
export const adminAnswers: Answers = {
  401: name('AdminUnknown', notAuthenticated),
  403: name('AdminNotPermitted', notPermitted),
  421: name('HostNotLocal', wrongHost),
  429: name('TooManyAttempts', tooMany),
  default: name('OtherProblem', anyOther),
};

/** Further answers of endpoints that read a body. */
export const jsonBodyAnswers: Answers = {
  400: name('BodyInvalid', badBody),
  413: name('BodyTooLong', tooLarge),
  415: name('NotJson', notJson),
};

/** Further answers of endpoints that read fields of the body, the path or the query. */
export const fieldAnswers: Answers = { 422: name('FieldsInvalid', wrongFields) };

/** Further answers of endpoints that change what replicas share. */
export const storeAnswers: Answers = { 503: name('StoreAway', storeAway) };

/** Where there is nothing. */
export function absent(description: string, code: ProblemCode, detail: string): Answers {
  return { 404: problemAnswer({ description, status: 404, title: 'Not Found', code, detail }) };
}

/** Of every path with an issuer in it. */
export const issuerAbsent = absent('No issuer has this id.', 'issuer_unknown', 'there is no issuer with this id');
