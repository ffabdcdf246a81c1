import type { Server } from '@grpc/grpc-js';
import { once } from 'node:events';
import { constants, type ServerHttp2Session, type Http2Server } from 'node:http2';
import type { Clock } from '../../shared/clock.js';

/** What a gRPC server stands on. There is no public way to them; a test holds the library to this one. */
export function http2ServersOf(server: Server): readonly Http2Server[] {
  const { http2Servers } = server as unknown as { http2Servers?: ReadonlyMap<Http2Server, unknown> };
  const found = [...(http2Servers?.keys() ?? [])];
  if (found.length === 0) throw new TypeError('the gRPC library does not show its HTTP/2 server any more');
  return found;
}

/** How long calls that were on their way may arrive, in milliseconds. A round trip is enough, but for a busy machine. */
const PARTING_MS = 1_000;

/** The highest identifier that a stream can have: none is refused yet. */
const ANY_STREAM = 2 ** 31 - 1;

/** Who is connected to a gRPC server. */
export class Peers {
  private readonly sessions = new Set<ServerHttp2Session>();

  constructor(server: Server) {
    for (const http2Server of http2ServersOf(server)) {
      http2Server.on('session', (session) => {
        this.sessions.add(session);
        session.once('close', () => this.sessions.delete(session));
      });
    }
  }

  /**
   * Asks everybody to begin no more calls, and answers those that come all the same: they were on their way (RFC 9113 §6.8). The
   * library's own farewell refuses them, and not every client, nor any nginx, asks again. Resolves when all are gone, or
   * after that moment.
   */
  async part(clock: Clock): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    const gone = [...this.sessions].map((session) => {
      if (!session.destroyed) session.goaway(constants.NGHTTP2_NO_ERROR, ANY_STREAM);
      return once(session, 'close', { signal }).catch(() => undefined);
    });
    await Promise.race([Promise.all(gone), clock.sleep(PARTING_MS, signal)]);
    patience.abort();
  }
}
