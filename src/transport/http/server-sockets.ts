import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as SocketServer } from 'node:net';
import type { Clock } from '../../shared/clock.js';
import { ListeningSockets, type ListenerAddress } from '../listening-sockets.js';

/** How long a connection without a request in flight may stay after the last one could be made, in milliseconds. */
const PARTING_MS = 1_000;

/** The sockets of one HTTP server: `localhost` is two addresses on most machines, and clients take either. */
export class ServerSockets {
  private readonly sockets: ListeningSockets;

  /** @param connections how many there may be at a time */
  constructor(server: Server, connections: number) {
    this.sockets = new ListeningSockets(server, { most: connections, allowHalfOpen: true });
  }

  /**
   * @returns the port: the system's choice where 0 was asked for
   * @throws {Error} of the system, when the first address cannot be had
   */
  async open({ host, port: wanted }: ListenerAddress): Promise<number> {
    const [first = host, ...further] = await addressesOf(host);
    const port = await this.sockets.open({ host: first, port: wanted });
    for (const address of further) await this.sockets.openFurther({ host: address, port });
    return port;
  }

  /**
   * Takes no new connections, and leaves those that rest a moment: the next request of a client may be on its way already,
   * and is to be answered, not to be met by a reset. Node's own `close` cuts them at once. Resolves when all are
   * gone, or after that moment.
   */
  async stop(clock: Clock): Promise<void> {
    const patience = new AbortController();
    const gone = this.sockets.all.map((server) =>
      once(server, 'close', { signal: patience.signal }).catch(() => undefined),
    );
    for (const server of this.sockets.all) SocketServer.prototype.close.call(server);
    await Promise.race([Promise.all(gone), clock.sleep(PARTING_MS, patience.signal)]);
    patience.abort();
  }

  /** Cuts connections that rest. Resolves when all others have ended, too. */
  async close(): Promise<void> {
    // `close` also reports that a server was not listening (any more), which is as good.
    await Promise.all(this.sockets.all.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [];
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}
