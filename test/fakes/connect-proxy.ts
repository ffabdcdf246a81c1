import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** What the proxy does with a CONNECT; `undefined` = it leads there. */
export type ProxyBehaviour = (socket: Socket, target: string) => void;

/** A real forward proxy that tests can look into: it remembers what it was asked for, and all that went through it. */
export class ConnectProxy {
  /** Targets of every CONNECT, in order. */
  readonly targets: string[] = [];
  /** Headers of the latest CONNECT. */
  lastHeaders: IncomingHttpHeaders = {};
  /** What clients sent through tunnels. */
  carried = '';
  behaviour: ProxyBehaviour | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** Starts on a free port of the loopback interface. */
  static async start(): Promise<ConnectProxy> {
    const server = createServer((_request, response) => response.writeHead(405).end());
    const proxy = new ConnectProxy(server);
    server.on('connection', (socket: Socket) => {
      proxy.track(socket);
    });
    server.on('connect', (request, socket) => {
      proxy.lastHeaders = request.headers;
      proxy.tunnel(socket as Socket, request.url ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** As the configuration of an issuer names it. */
  get terms(): { readonly hostname: string; readonly port: number } {
    return { hostname: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  get url(): string {
    return `http://127.0.0.1:${this.terms.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tunnel(socket: Socket, target: string): void {
    this.targets.push(target);
    if (this.behaviour) {
      this.behaviour(socket, target);
      return;
    }
    const [host = '', port] = target.split(/:(?=\d+$)/);
    const upstream = connect({ host, port: Number(port) });
    this.track(upstream);
    upstream.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.on('data', (chunk: Buffer) => (this.carried += chunk.toString('latin1')));
      socket.pipe(upstream).pipe(socket);
    });
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}
