import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A request that an introspection endpoint has received. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** Says what is answered, or answers by itself. */
export type Behaviour = (received: Received, response: ServerResponse) => object | string | undefined;

/** A real server that keeps all that it is sent, and answers as a test wants it to. */
export class RecordingUpstream {
  readonly received: Received[] = [];
  /** What it says of every token. */
  behave: Behaviour = () => ({ active: false });
  /** Connections that were ever made. */
  connections = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async open(): Promise<RecordingUpstream> {
    const upstream = new RecordingUpstream();
    upstream.server.on('connection', () => upstream.connections++);
    upstream.server.listen(0, '127.0.0.1');
    await once(upstream.server, 'listening');
    return upstream;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get endpoint(): string {
    return `${this.origin}/introspect`;
  }

  /** The tokens that it was asked about. */
  get tokens(): readonly string[] {
    return this.received.map(({ form }) => form.get('token') ?? '');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const received = { method, url, headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) };
    this.received.push(received);
    const said = this.behave(received, response);
    if (said === undefined) return;
    if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  }
}
