/** Listens at one address with several sockets, so that many clients that come at once are accepted in few turns of the event loop. */
import { once } from 'node:events';
import { Server, type AddressInfo, type ListenOptions, type Socket } from 'node:net';

/**
 * Sockets that listen at one address. Node accepts one connection from each of them in a turn of its event loop, and a turn is
 * long while the process is busy: with a single one, a thousand clients that connect again after a restart would be accepted
 * over a thousand such turns (docs/adr/0026-several-listening-sockets.md).
 */
const SOCKETS = 16;

/** Where to listen; port 0 is any free one. */
export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

/** How a server takes connections. */
export interface ConnectionTerms {
  /** Connections at a time, over all sockets. One more is closed as soon as it is accepted. */
  readonly most: number;
  /** Whether a peer that has ended its side may still get an answer. */
  readonly allowHalfOpen?: boolean;
  /** Whether nothing is read from a connection before somebody resumes it. */
  readonly pauseOnConnect?: boolean;
}

/** All sockets of one server. The first is its own; what the others accept is given to it as if it had accepted it. */
export class ListeningSockets {
  private readonly further: Server[] = [];
  private readonly connections = new Set<Socket>();

  constructor(
    private readonly server: Server,
    private readonly terms: ConnectionTerms,
  ) {
    this.limit(server);
    server.on('connection', (socket) => {
      // Whoever gives a connection back to its server, such as after an upgrade that is ignored, has not accepted another one.
      if (this.connections.has(socket)) return;
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** The server that was given, and the further ones. */
  get all(): readonly Server[] {
    return [this.server, ...this.further];
  }

  /**
   * Opens the first address.
   * @returns the port: the system's choice where 0 was asked for
   * @throws {Error} of the system, when the address cannot be had
   */
  async open({ host, port: wanted }: ListenerAddress): Promise<number> {
    // Sockets that share a port may share it with those of another process, too. One that does not share would be refused then.
    if (wanted !== 0) await probe({ host, port: wanted });
    const shares = await listen(this.server, { host, port: wanted });
    const { port } = this.server.address() as AddressInfo;
    if (shares) await this.add({ host, port }, SOCKETS - 1);
    return port;
  }

  /** Opens one more address. One that cannot be had, such as that of a protocol which is switched off, no client can use either. */
  async openFurther(address: ListenerAddress): Promise<void> {
    await this.add(address, SOCKETS).catch(() => undefined);
  }

  private async add(address: ListenerAddress, times: number): Promise<void> {
    const { allowHalfOpen = false, pauseOnConnect = false } = this.terms;
    for (let i = 0; i < times; i++) {
      const server = new Server(
        { allowHalfOpen, pauseOnConnect, noDelay: true },
        (socket) => void this.server.emit('connection', socket),
      );
      this.limit(server);
      const shares = await listen(server, address);
      this.further.push(server);
      if (!shares) return;
    }
  }

  /** Node reads the property at each connection, and closes one that is too many; by itself it would count each socket alone. */
  private limit(server: Server): void {
    const get = (): number => (this.connections.size < this.terms.most ? Infinity : 0);
    Object.defineProperty(server, 'maxConnections', { get });
  }
}

async function probe(address: ListenerAddress): Promise<void> {
  const server = new Server((socket) => socket.destroy());
  await listening(server, address);
  const closed = once(server, 'close');
  server.close();
  await closed;
}

/** @returns whether further sockets can share the port: not every system lets them */
async function listen(server: Server, address: ListenerAddress): Promise<boolean> {
  try {
    await listening(server, { ...address, reusePort: true });
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTSUP', 'ENOPROTOOPT', 'EINVAL'].includes(code)) throw error;
    await listening(server, address);
    return false;
  }
}

async function listening(server: Server, options: ListenOptions): Promise<void> {
  const opened = once(server, 'listening');
  server.listen(options);
  await opened;
}
