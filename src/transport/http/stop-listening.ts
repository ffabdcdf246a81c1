import { once } from 'node:events';
import { Server as SocketServer } from 'node:net';
import type { Clock } from '../../shared/clock.js';

/** How long a connection without a request in flight may stay after the last one could be made, in milliseconds. */
const PARTING_MS = 1_000;

/**
 * Takes no new connections, and leaves those that rest a moment: the next request of a client may be on its way already,
 * and is to be answered (X19), not to be met by a reset. Node's own `close` cuts them at once. Resolves when all are
 * gone, or after that moment.
 */
export async function stopListening(server: SocketServer, clock: Clock): Promise<void> {
  const patience = new AbortController();
  const gone = once(server, 'close', { signal: patience.signal }).catch(() => undefined);
  SocketServer.prototype.close.call(server);
  await Promise.race([gone, clock.sleep(PARTING_MS, patience.signal)]);
  patience.abort();
}
