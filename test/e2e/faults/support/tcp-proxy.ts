import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the proxy does with the bytes that come back; `refuse` ends each new connection. */
export type ProxyMode = 'pass' | 'stall' | 'cut' | 'refuse';

/** A proxy between a program and a server, whose link can be stalled or cut in the middle of a reply. */
export class TcpProxy {
  mode: ProxyMode = 'pass';
  private readonly sockets = new Set<Socket>();
  /** Sockets of clients whose bytes lead nowhere any more. */
  private readonly forgotten = new WeakSet<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (client: Socket) => {
      if (proxy.mode === 'refuse') client.resetAndDestroy();
      else proxy.relay(client, connect(targetPort, '127.0.0.1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As a firewall does that has lost its table: connections of now swallow every byte and never end; new ones pass. */
  forgetConnections(): void {
    for (const socket of this.sockets) this.forgotten.add(socket);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(client: Socket, server: Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (!this.forgotten.has(client)) server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!this.forgotten.has(client)) this.reply(client, bytes);
    });
  }

  private reply(client: Socket, bytes: Buffer): void {
    if (this.mode === 'pass') client.write(bytes);
    if (this.mode !== 'cut') return;
    client.end(bytes.subarray(0, Math.ceil(bytes.length / 2)));
  }
}
