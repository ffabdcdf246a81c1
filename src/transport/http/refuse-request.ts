import { OAuthError } from '../oauth-error.js';
import { formCharset, formType } from './form-type.js';
import type { HttpRequest } from './http-request.js';
import type { RouteBody } from './route-body.js';

/** What a resource reads as a body. */
type ReadContent = Pick<RouteBody, 'type' | 'takes'>;

const callerForm: ReadContent = { type: formType, takes: (type) => formCharset(type) !== undefined };

/** Parameters that would be secrets in the log of every proxy on the way (RFC 6749 §2.3.1). */
const notForQueries: ReadonlySet<string> = new Set([
  'token',
  'access_token',
  'client_secret',
  'client_assertion',
  'logout_token',
]);

/**
 * What is wrong with a request to a known resource, before its body is read; `undefined` when nothing is.
 * @param takesBody whether the resource reads a body at all
 * @param reads what it reads, where that is not a form for callers
 */
export function refuseRequest(request: HttpRequest, takesBody: boolean, reads = callerForm): OAuthError | undefined {
  if (hasSecretInQuery(request.url)) return new OAuthError('invalid_request', 'secrets do not belong in the query');
  return request.method === 'POST' && takesBody ? refuseContent(request, reads) : undefined;
}

/** The body is none that we read: of another type, in another charset, or packed. */
export function unreadableContent(type = formType): OAuthError {
  return new OAuthError('invalid_request', `the body must be ${type}, UTF-8, not encoded`, { status: 415 });
}

/** However the name is spelled: what looks like a secret to a person has been sent as one. */
function hasSecretInQuery(url = ''): boolean {
  const start = url.indexOf('?');
  if (start < 0) return false;
  const names = [...new URLSearchParams(url.slice(start + 1)).keys()];
  return names.some((name) => notForQueries.has(name.trim().toLowerCase()));
}

function refuseContent({ headers, hasBody }: HttpRequest, reads: ReadContent): OAuthError | undefined {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  const isReadable = type === undefined ? !hasBody : reads.takes(type);
  // Unpacking what a stranger has packed is not worth the risk (R7662-12).
  const isPlain = encoding === undefined || encoding.toLowerCase() === 'identity';
  return isReadable && isPlain ? undefined : unreadableContent(reads.type);
}
