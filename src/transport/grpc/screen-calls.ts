/** Gives each call to who answers it, us or the library, and mends what the library would get wrong. */
import type { Server } from '@grpc/grpc-js';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Endpoint } from '../request-report.js';
import type { CallContext } from './call-terms.js';
import { timeoutMsOf } from './call-timeout.js';
import type { EarlyEnd } from './early-end.js';
import { http2ServersOf } from './peers.js';
import { UnaryCall } from './unary-call.js';
import type { UnaryMethod } from './unary-method.js';

/** What the library does with a stream. */
type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more: unknown[]) => void;

/** The library's count of open calls, by which it knows idle connections. No public way leads to it; a test holds the library to it. */
interface CountsCalls {
  onStreamOpened(stream: ServerHttp2Stream): void;
}

/** What is behind the screen. */
export interface KnownCalls extends CallContext {
  /** By path: those that are answered here, and not by the library. */
  readonly unary: ReadonlyMap<string, UnaryMethod>;
  /** Hears of calls that no method gets. */
  readonly endedEarly: (endpoint: Endpoint, reason: EarlyEnd) => void;
}

/**
 * Stands before the library, answers unary calls in its place (docs/adr/0031-grpc-stays-on-its-library.md), and mends what it would get wrong, or say:
 *
 * - Node keeps the first of several `authorization` fields and drops the others in silence. Two stay two, so that the
 *   call is refused (RFC 6750 §2). What they say does not matter any more.
 * - The library repeats an unknown path and an unreadable deadline in its answer, whatever they are, and takes a deadline
 *   for readable that only contains one. It gets to see constants instead.
 * - A deadline of 25 days is none.
 */
export function screenCalls(server: Server, known: KnownCalls): void {
  const calls = server as unknown as CountsCalls;
  for (const http2Server of http2ServersOf(server)) {
    const [ofLibrary, another] = http2Server.listeners('stream') as StreamListener[];
    if (!ofLibrary || another || !(calls.onStreamOpened as unknown))
      throw new TypeError('the gRPC library is not as it was');
    http2Server.off('stream', ofLibrary);
    http2Server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more: unknown[]) => {
      const isGrpc = headers['content-type']?.startsWith('application/grpc') === true;
      if (count(more[1] as readonly string[], 'authorization') > 1)
        Object.assign(headers, { authorization: ['several', 'several'] });
      const unary = isGrpc ? known.unary.get(headers[':path'] ?? '') : undefined;
      if (unary) {
        calls.onStreamOpened(stream);
        new UnaryCall(stream, headers, unary, known).begin();
        return;
      }
      screen(headers, isGrpc, known);
      ofLibrary(stream, headers, ...more);
    });
  }
}

function screen(headers: IncomingHttpHeaders, isGrpc: boolean, { terms: allTerms, endedEarly }: KnownCalls): void {
  const terms = allTerms.get(headers[':path'] ?? '');
  // The library looks at the content type first, and says no more than an HTTP status.
  if (!isGrpc) (terms?.endedEarly ?? endedEarly.bind(undefined, 'other'))('malformed');
  else if (!terms) endedEarly('other', 'unimplemented');
  if (!terms) headers[':path'] = '/';
  const timeout = headers['grpc-timeout'];
  const timeoutMs = timeoutMsOf(timeout);
  if (timeoutMs === undefined) headers['grpc-timeout'] = '?';
  else if (timeoutMs === Infinity) delete headers['grpc-timeout'];
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i] === name) found++;
  return found;
}
