import type { Socket } from 'node:net';
import type { Clock } from '../../shared/clock.js';
import { Turns } from '../../shared/turns.js';
import { networkOf } from '../network-of.js';

/** A connection that has been accepted, as far as its turn depends on it. */
type Newcomer = Pick<Socket, 'remoteAddress'>;

/**
 * Begins the HTTP/2 sessions of new connections. A session takes as long as several calls, and after a restart all clients connect at
 * once. So in each turn of the event loop, sessions get as much time as everything else took in that turn: calls of connected clients are
 * answered in between, and however many those are, they do not keep new clients out. Networks take turns, and the newest network is next.
 * Within a network the newest connection is next: so most are served at once and a few late, instead of all late. Nobody is refused: no
 * more connections can wait than can be open.
 */
export class SessionQueue<Connection extends Newcomer> {
  /** Connections by network, the newest last. */
  private readonly waiting = new Turns<Connection[]>();
  private isPaced = false;

  /** @param begin makes a session of a connection */
  constructor(
    private readonly begin: (connection: Connection) => void,
    private readonly clock: Pick<Clock, 'monoMs'>,
  ) {}

  add(connection: Connection): void {
    this.waiting.getOrAdd(networkOf(connection.remoteAddress ?? ''), () => []).push(connection);
    if (!this.isPaced) this.beginSome(0);
  }

  /** Begins all that wait. */
  flush(): void {
    for (let next = this.take(); next; next = this.take()) this.begin(next);
  }

  private beginSome(forMs: number): void {
    const untilMs = this.clock.monoMs() + forMs;
    let next = this.take();
    this.isPaced = next !== undefined;
    if (!next) return;
    this.begin(next);
    while (this.clock.monoMs() < untilMs && (next = this.take())) this.begin(next);
    const endedMs = this.clock.monoMs();
    setImmediate(() => {
      this.beginSome(this.clock.monoMs() - endedMs);
    });
  }

  private take(): Connection | undefined {
    const { first } = this.waiting;
    const taken = first?.value.pop();
    if (first?.value.length === 0) this.waiting.delete(first.name);
    else if (first) this.waiting.toTheEnd(first.name);
    return taken;
  }
}
