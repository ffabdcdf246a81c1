import { connect, type Socket } from 'node:net';

/** What an answer said; `answered` where it was good and about no token. */
export type Verdict = 'active' | 'inactive' | 'answered' | 'failed' | `failed with ${string}`;

/** A connection with one request at a time. It costs as little as possible: what it costs is not there for the server. */
export abstract class Connection {
  /** Hears of each answer. */
  onVerdict: (verdict: Verdict) => void = () => undefined;
  protected readonly socket: Socket;

  /** @param localAddress from which to connect; any address of 127.0.0.0/8 */
  constructor(port: number, localAddress = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
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

  /** Whether something can still be sent. */
  get isOpen(): boolean {
    return this.socket.writable;
  }

  abstract send(request: Buffer): void;

  close(): void {
    this.onVerdict = () => undefined;
    this.socket.destroy();
  }

  protected abstract receive(bytes: Buffer): void;
}
