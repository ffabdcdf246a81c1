import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { AssayProcess } from './assay-process.js';
import { ordersApi } from './configuration.js';

/** An introspection request whose body arrives in two parts, with as much time in between as a test likes. */
export class SlowRequest {
  private received = '';

  private constructor(
    private readonly socket: Socket,
    private readonly rest: string,
  ) {
    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString()));
    socket.on('error', () => undefined);
  }

  /** Connects and sends all but the end of the body. */
  static async begin(assay: AssayProcess, token: string): Promise<SlowRequest> {
    const socket = connect(assay.ports.http, '127.0.0.1');
    await once(socket, 'connect');
    const body = `token=${token}`;
    const head = [
      'POST /introspect HTTP/1.1',
      'Host: assay',
      `Authorization: Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
    ];
    await new Promise<void>((resolve) => {
      socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`, () => {
        resolve();
      });
    });
    // What was sent before this is in the hands of the program once this has been answered.
    await fetch(`${assay.publicUrl}/.well-known/oauth-authorization-server`);
    return new SlowRequest(socket, body.slice(10));
  }

  /** Sends the rest. @returns all that came back until the connection was closed */
  async finish(): Promise<string> {
    this.socket.write(this.rest);
    return this.closed();
  }

  /** Waits until the other side closes. @returns all that came back */
  async closed(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.received;
  }
}
