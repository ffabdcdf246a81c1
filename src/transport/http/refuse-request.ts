import { OAuthError } from '../oauth-error.js';
import { formCharset, formType } from './form-type.js';
import type { HttpRequest } from './http-request.js';

/** Parameters that would be secrets in the log of every proxy on the way (RFC 6749 §2.3.1). */
const notForQueries: ReadonlySet<string> = new Set(['token', 'access_token', 'client_secret', 'client_assertion']);

/**
 * What is wrong with a request to a known resource, before its body is read; `undefined` when nothing is.
 * @param takesForms whether the resource reads a body at all
 */
export function refuseRequest(request: HttpRequest, takesForms: boolean): OAuthError | undefined {
  if (hasSecretInQuery(request.url)) return new OAuthError('invalid_request', 'secrets do not belong in the query');
  return request.method === 'POST' && takesForms ? refuseContent(request) : undefined;
}

/** The body is none that we read: of another type, in another charset, or packed. */
export function unreadableContent(): OAuthError {
  return new OAuthError('invalid_request', `the body must be ${formType}, UTF-8, not encoded`, { status: 415 });
}

/** However the name is spelled: what looks like a secret to a person has been sent as one. */
function hasSecretInQuery(url = ''): boolean {
  const start = url.indexOf('?');
  if (start < 0) return false;
  const names = [...new URLSearchParams(url.slice(start + 1)).keys()];
  return names.some((name) => notForQueries.has(name.trim().toLowerCase()));
}

function refuseContent({ headers, hasBody }: HttpRequest): OAuthError | undefined {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  const isForm = type === undefined ? !hasBody : formCharset(type) !== undefined;
  // Unpacking what a stranger has packed is not worth the risk (R7662-12).
  const isPlain = encoding === undefined || encoding.toLowerCase() === 'identity';
  return isForm && isPlain ? undefined : unreadableContent();
}
