import type { Server } from '@grpc/grpc-js';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Endpoint } from '../request-report.js';
import type { EarlyEnd } from './early-end.js';
import type { CallTerms } from './guard-calls.js';
import { http2ServersOf } from './peers.js';

/** Of the gRPC protocol: at most eight digits, and a unit. */
const timeoutValue = /^(\d{1,8})([HMSmun])$/;

const msPerUnit: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The library counts deadlines in 32 bits, and so takes longer ones for the past. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Stands before the library and mends what it would get wrong, or say:
 *
 * - Node keeps the first of several `authorization` fields and drops the others in silence. Two stay two, so that the
 *   call is refused (RFC 6750 §2). What they say does not matter any more.
 * - The library repeats an unknown path and an unreadable deadline in its answer, whatever they are, and takes a deadline
 *   for readable that only contains one. It gets to see constants instead.
 * - A deadline of 25 days is none.
 *
 * @param known methods, by path
 * @param endedEarly hears of calls that no method gets
 */
export function screenCalls(
  server: Server,
  known: ReadonlyMap<string, CallTerms>,
  endedEarly: (endpoint: Endpoint, reason: EarlyEnd) => void,
): void {
  for (const http2Server of http2ServersOf(server)) {
    http2Server.prependListener('stream', (_stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more) => {
      const rawHeaders = more[1] as readonly string[];
      const terms = known.get(headers[':path'] ?? '');
      // The library looks at the content type first, and says no more than an HTTP status.
      const isGrpc = headers['content-type']?.startsWith('application/grpc') === true;
      if (!isGrpc) (terms?.endedEarly ?? endedEarly.bind(undefined, 'other'))('malformed');
      else if (!terms) endedEarly('other', 'unimplemented');
      if (!terms) headers[':path'] = '/';
      if (count(rawHeaders, 'authorization') > 1) Object.assign(headers, { authorization: ['several', 'several'] });
      if (headers['grpc-timeout'] !== undefined) headers['grpc-timeout'] = screenTimeout(headers['grpc-timeout']);
    });
  }
}

/** @returns `undefined` for a deadline that is too far away to matter */
function screenTimeout(value: string | readonly string[]): string | undefined {
  const [text, digits, unit] = timeoutValue.exec(String(value)) ?? [];
  if (text === undefined) return '?';
  return Number(digits) * (msPerUnit[unit ?? ''] ?? 0) > LONGEST_TIMEOUT_MS ? undefined : text;
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i] === name) found++;
  return found;
}
