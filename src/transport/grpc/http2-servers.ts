import type { Server } from '@grpc/grpc-js';
import type { Http2Server } from 'node:http2';

/** What a gRPC server stands on. There is no public way to them; a test holds the library to this one. */
export function http2ServersOf(server: Server): readonly Http2Server[] {
  const { http2Servers } = server as unknown as { http2Servers?: ReadonlyMap<Http2Server, unknown> };
  const found = [...(http2Servers?.keys() ?? [])];
  if (found.length === 0) throw new TypeError('the gRPC library does not show its HTTP/2 server any more');
  return found;
}
