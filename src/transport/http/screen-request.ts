import type { IncomingMessage } from 'node:http';
import type { HttpLimits } from './http-limits.js';

/**
 * What is wrong with the frame of a request that the parser has let through: things that two servers could read in two
 * ways (RFC 9112 §11.2), things that are too large, and what HTTP/1.1 has and we do not.
 * @returns the HTTP status to refuse it with, or `undefined`
 */
export function screenRequest(
  { rawHeaders, httpVersionMajor, httpVersion, headers, url = '' }: IncomingMessage,
  limits: HttpLimits,
): number | undefined {
  // RFC 9110 §15.6.6. The parser takes 0.9 and 2.0 for what they look like.
  if (httpVersionMajor !== 1) return 505;
  if (url.length > limits.targetLength) return 414;
  if (rawHeaders.length > 2 * limits.headerCount) return 431;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    // RFC 9112 §6.1: HTTP/1.0 has no chunks, so a server on the way has misread the request.
    const status = httpVersion === '1.1' ? refuseCoding(coding) : 400;
    if (status !== undefined) return status;
  }
  const hosts = count(rawHeaders, 'host');
  // RFC 9112 §3.2.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return 400;
  // Node would use the first one.
  if (count(rawHeaders, 'content-type') > 1) return 415;
  return undefined;
}

/** RFC 9112 §6.3: without `chunked` at the end it is not known where the body ends; §6.1: other codings before it are not ours. */
function refuseCoding(value: string): number | undefined {
  if (value === 'chunked') return undefined;
  const codings = value
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');
  const last = codings.pop();
  if (last !== 'chunked' || codings.includes('chunked')) return 400;
  return codings.length > 0 ? 501 : undefined;
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const candidate = rawHeaders[i];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) found++;
  }
  return found;
}
