import type { Socket } from 'node:net';
import type { Clock } from '../../shared/clock.js';
import { Turns } from '../../shared/turns.js';
import { networkOf } from '../network-of.js';

/** A connection that has been accepted, as far as its turn depends on it. */
type Newcomer = Pick<Socket, 'remoteAddress'>;

/**
 * Begins the sessions of new connections, in each turn of the event loop for as long as all else took in it. A session of HTTP/2
 * takes as long as several calls, and after a restart all clients connect at once: so the calls of those that are there are
 * answered in between, and however many those are, they do not keep others out. The networks take turns, and who comes anew
 * is next, before the crowd that waits; also within one network, because most are served at once that way, and a few late, instead of
 * all late. Nobody is refused: what may wait is bounded by what may be connected.
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
