import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const key = Symbol('conversation');

interface Carrier {
  [key]?: Conversation;
}

/** Knows for one connection whether there may be another request: behind a refusal, or a last one, nothing is run (RFC 9112 §9.6). */
export class Conversation {
  /** The answer, given or not, to the latest request. */
  latest: ServerResponse | undefined = undefined;
  private hasEnded = false;

  /** Of the connection itself: found again for each of its requests. */
  static on(socket: Duplex): Conversation {
    const carrier: Carrier = socket as Carrier;
    const known = carrier[key];
    if (known) return known;
    return (carrier[key] = new Conversation());
  }

  /** Whatever else comes is not looked at. */
  end(): void {
    this.hasEnded = true;
  }

  /** Something on it has been refused. */
  get isEnded(): boolean {
    return this.hasEnded;
  }

  /** No further request is run: something was refused, or the latest one is the last. */
  get isOver(): boolean {
    return this.hasEnded || this.latest?.shouldKeepAlive === false;
  }
}
