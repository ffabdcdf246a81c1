import { connect, type Socket } from 'node:net';

/** What an answer said. */
export type Verdict = 'active' | 'inactive' | 'failed' | `failed with ${string}`;

/** A connection with one request at a time. It costs as little as possible: what it costs is not there for the server. */
export abstract class Connection {
  /** Hears of each answer. */
  onVerdict: (verdict: Verdict) => void = () => undefined;
  protected readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (bytes: Buffer) => {
      this.receive(bytes);
    });
    this.socket.on('close', () => {
      this.onVerdict('failed');
    });
    this.socket.on('error', () => undefined);
  }

  /** Resolves when requests can be sent. */
  async opened(): Promise<this> {
    await new Promise((resolve) => this.socket.once('connect', resolve));
    return this;
  }

  abstract send(request: Buffer): void;

  close(): void {
    this.onVerdict = () => undefined;
    this.socket.destroy();
  }

  protected abstract receive(bytes: Buffer): void;
}
