import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The service behind a proxy: remembers the headers that reached it. */
export class Upstream {
  /** Names in lower case, in the order received, of the latest request; empty where none came. */
  seen: readonly (readonly [name: string, value: string])[] = [];
  requests = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Upstream> {
    // As much as a token of full length becomes in `X-Auth-Claims`.
    const server = createServer({ maxHeaderSize: 64 * 1024 });
    const upstream = new Upstream(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      upstream.requests++;
      const { rawHeaders } = request;
      upstream.seen = rawHeaders.flatMap((name, i) =>
        i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? ''] as const] : [],
      );
      // Whole first: a proxy whose body nobody reads may lose the answer to it.
      request.resume().on('end', () => response.end('the upstream'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Every value of a header, however its words are joined. */
  valuesOf(name: string): readonly string[] {
    return this.seen.filter(([seen]) => seen.replaceAll('_', '-') === name).map(([, value]) => value);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
