import type { IncomingMessage } from 'node:http';
import type { HttpLimits } from './http-limits.js';

/**
 * What is wrong with the frame of a request that the parser has let through: things that two servers could read in two
 * ways (RFC 9112 §11.2), and things that are too large.
 * @returns the HTTP status to refuse it with, or `undefined`
 */
export function screenRequest(
  { rawHeaders, httpVersion, headers, url = '' }: IncomingMessage,
  limits: HttpLimits,
): number | undefined {
  if (url.length > limits.targetLength) return 414;
  if (rawHeaders.length > 2 * limits.headerCount) return 431;
  // RFC 9112 §6.1: nobody who speaks 1.0 knows chunks, so somebody in between did not understand.
  if (httpVersion !== '1.1' && headers['transfer-encoding'] !== undefined) return 400;
  const hosts = count(rawHeaders, 'host');
  // RFC 9112 §3.2.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return 400;
  // Node would go by the first one (H-04).
  if (count(rawHeaders, 'content-type') > 1) return 415;
  return undefined;
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const candidate = rawHeaders[i];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) found++;
  }
  return found;
}
