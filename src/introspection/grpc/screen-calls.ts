import type { Server } from '@grpc/grpc-js';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/**
 * Stands before the library and mends what it would get wrong, or say:
 *
 * - Node keeps the first of several `authorization` fields and drops the others in silence. Two stay two, so that the
 *   call is refused (RFC 6750 §2). What they say does not matter any more.
 * - The library repeats an unknown path in its answer, whatever it is. It gets to see `/` instead.
 *
 * @param known paths of all methods
 */
export function screenCalls(server: Server, known: ReadonlySet<string>): void {
  for (const http2Server of http2ServersOf(server)) {
    http2Server.prependListener('stream', (_stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more) => {
      const rawHeaders = more[1] as readonly string[];
      if (!known.has(headers[':path'] ?? '')) headers[':path'] = '/';
      if (count(rawHeaders, 'authorization') > 1) Object.assign(headers, { authorization: ['several', 'several'] });
    });
  }
}

/** There is no public way to them; a test holds the library to this one. */
function http2ServersOf(server: Server): readonly Http2Server[] {
  const { http2Servers } = server as unknown as { http2Servers?: ReadonlyMap<Http2Server, unknown> };
  const found = [...(http2Servers?.keys() ?? [])];
  if (found.length === 0) throw new TypeError('the gRPC library does not show its HTTP/2 server any more');
  return found;
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i] === name) found++;
  return found;
}
