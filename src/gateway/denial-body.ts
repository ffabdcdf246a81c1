import { errorBody } from '../transport/http/plain-answer.js';
import type { Deny } from './authorizer.js';

const noToken = errorBody('invalid_token', 'a bearer token is required');
const badToken = errorBody('invalid_token', 'the bearer token is not good');
const lessScope = errorBody('insufficient_scope', 'the bearer token does not have the scope that is needed');

/** What the client of a proxy gets to read: proxies pass it on as it is, so it is one of three constants (K-09, R-TRF-01). */
export function denialBody({ error }: Deny): Buffer {
  if (error === undefined) return noToken;
  return error === 'invalid_token' ? badToken : lessScope;
}
