import type { IncomingMessage } from 'node:http';
import { OAuthError } from '../oauth-error.js';

/** The only type of a body that is read. */
export const formType = 'application/x-www-form-urlencoded';

/** The form type with the one charset that we read (R7662-10); nothing else may follow (H-04). */
const utf8FormType = /^application\/x-www-form-urlencoded[ \t]*;[ \t]*charset=(?:utf-8|"utf-8")$/i;

/** Parameters that would be secrets in the log of every proxy on the way (RFC 6749 §2.3.1). */
const notForQueries: ReadonlySet<string> = new Set(['token', 'access_token', 'client_secret', 'client_assertion']);

/**
 * What is wrong with a request to a known resource, before its body is read; `undefined` when nothing is.
 * @param takesForms whether the resource reads a body at all
 */
export function refuseRequest(
  { method, url = '', headers }: IncomingMessage,
  takesForms: boolean,
): OAuthError | undefined {
  if (hasSecretInQuery(url)) return new OAuthError('invalid_request', 'secrets do not belong in the query');
  return method === 'POST' && takesForms ? refuseContent(headers) : undefined;
}

/** Whether a request comes with a body, of whatever length. */
export function hasBody(headers: IncomingMessage['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** However the name is spelled: what looks like a secret to a person has been sent as one. */
function hasSecretInQuery(url: string): boolean {
  const start = url.indexOf('?');
  if (start < 0) return false;
  const names = [...new URLSearchParams(url.slice(start + 1)).keys()];
  return names.some((name) => notForQueries.has(name.trim().toLowerCase()));
}

function refuseContent(headers: IncomingMessage['headers']): OAuthError | undefined {
  const type = headers['content-type'];
  const isForm = type === undefined ? !hasBody(headers) : isUtf8Form(type);
  // Unpacking what a stranger has packed is not worth the risk (R7662-12).
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (isForm && isPlain) return undefined;
  return new OAuthError('invalid_request', `the body must be ${formType}, UTF-8, not encoded`, { status: 415 });
}

function isUtf8Form(type: string): boolean {
  return type === formType || type.toLowerCase() === formType || utf8FormType.test(type);
}
