import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { parseAnswer, type Said } from './read-answer.js';
import { UpstreamFailure } from './upstream-failure.js';

/** What questions and answers call themselves. */
export const REVIEW_KIND = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' } as const;

/** What an answer has to fit. */
export interface ReviewedToken {
  /** Those that were asked for. */
  readonly audiences: ReadonlySet<string>;
  /** What the token says. */
  readonly claims: JsonObject;
}

/**
 * Reads what an API server says of a token, strictly: what is not exactly a TokenReview is an outage, not a verdict. It says no claims: where it
 * calls the token good, those of the token are.
 * @returns a rejection where the answer does not fit the token, or not us
 * @throws {UpstreamFailure}
 */
export function readTokenReview(body: Uint8Array, { audiences, claims }: ReviewedToken): Said {
  const status = statusOf(parseAnswer(body));
  const { authenticated = false, error = '', user } = status;
  if (typeof authenticated !== 'boolean') throw broken('status.authenticated is neither true nor false');
  if (typeof error !== 'string') throw broken('status.error is not a text');
  // A pod that is gone is an `error`, too: "not authenticated", with or without one, is what the API server says of such tokens.
  if (!authenticated) return { active: false };
  if (error !== '') throw broken('authenticated, and an error beside it');
  if (!audiencesIn(status).some((audience) => audiences.has(audience))) {
    // The API server authenticated it without a check of its audience: the token may be for anybody, the API server included.
    return new Rejection(
      'audience_mismatch',
      'the API server does not say that it is for one of tokenReview.audiences',
    );
  }
  const username = isJsonObject(user) ? user['username'] : undefined;
  if (typeof username !== 'string' || username === '') throw broken('status.user.username is not a text');
  if (username !== claims['sub']) return new Rejection('opaque_foreign', 'the API server names another user than sub');
  return { active: true, claims, bytes: body.length };
}

function statusOf(document: JsonValue): JsonObject {
  const isReview =
    isJsonObject(document) &&
    document['apiVersion'] === REVIEW_KIND.apiVersion &&
    document['kind'] === REVIEW_KIND.kind;
  if (!isReview) throw broken('not a TokenReview of authentication.k8s.io/v1');
  const { status } = document;
  if (!isJsonObject(status)) throw broken('a TokenReview without status');
  return status;
}

/** Absent and `null` are the same to Kubernetes: an empty list. */
function audiencesIn({ audiences }: JsonObject): readonly string[] {
  const list = audiences ?? [];
  if (!isJsonArray(list) || !list.every((each) => typeof each === 'string')) {
    throw broken('status.audiences is not a list of texts');
  }
  return list;
}

function broken(detail: string): UpstreamFailure {
  return new UpstreamFailure('answer', detail);
}
