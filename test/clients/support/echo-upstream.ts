// The service behind a proxy: answers with the subject that the proxy told it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a port of its own. */
export class EchoUpstream {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<EchoUpstream> {
    const server = createServer((request, response) => {
      const { 'x-auth-subject': subject, authorization } = request.headers;
      response.end(`for ${String(subject)}${authorization === undefined ? '' : ', with the token'}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EchoUpstream(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
