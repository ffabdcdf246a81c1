import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as SocketServer, type AddressInfo, type Socket } from 'node:net';
import type { Clock } from '../../shared/clock.js';

/** How long a connection without a request in flight may stay after the last one could be made, in milliseconds. */
const PARTING_MS = 1_000;

/** Where to listen; port 0 is any free one. */
export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

/** The sockets of one HTTP server: `localhost` is two addresses on most machines, and clients take either. */
export class ServerSockets {
  /** The server itself, and one for each further address, whose connections are given to the first. */
  private readonly servers: [Server, ...SocketServer[]];

  constructor(private readonly server: Server) {
    this.servers = [server];
  }

  /**
   * @returns the port: the system's choice where 0 was asked for
   * @throws {Error} of the system, when the first address cannot be had
   */
  async open({ host, port: wanted }: ListenerAddress): Promise<number> {
    const [first = host, ...further] = await addressesOf(host);
    await listen(this.server, first, wanted);
    const { port } = this.server.address() as AddressInfo;
    for (const address of further) await this.openFurther(address, port);
    return port;
  }

  /**
   * Takes no new connections, and leaves those that rest a moment: the next request of a client may be on its way already,
   * and is to be answered, not to be met by a reset. Node's own `close` cuts them at once. Resolves when all are
   * gone, or after that moment.
   */
  async stop(clock: Clock): Promise<void> {
    const patience = new AbortController();
    const gone = this.servers.map((server) =>
      once(server, 'close', { signal: patience.signal }).catch(() => undefined),
    );
    for (const server of this.servers) SocketServer.prototype.close.call(server);
    await Promise.race([Promise.all(gone), clock.sleep(PARTING_MS, patience.signal)]);
    patience.abort();
  }

  /** Cuts connections that rest. Resolves when all others have ended, too. */
  async close(): Promise<void> {
    // `close` also reports that a server was not listening (any more), which is as good.
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** An address that cannot be had, such as that of a protocol which is switched off, is one that no client can use either. */
  private async openFurther(address: string, port: number): Promise<void> {
    const give = (socket: Socket): void => void this.server.emit('connection', socket);
    const further = new SocketServer({ allowHalfOpen: true, noDelay: true }, give);
    further.maxConnections = this.server.maxConnections;
    const isListening = await listen(further, address, port).then(
      () => true,
      () => false,
    );
    if (isListening) this.servers.push(further);
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [];
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function listen(server: SocketServer, host: string, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(port, host);
  await listening;
}
