import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../shared/clock.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';
import { RedisUnavailable } from './redis-unavailable.js';

/** A client of any topology: the commands that we use are the same. */
export type RedisClient = Redis | Cluster;

/** A connection behind a breaker: it answers within the command timeout, fails within it, or fails at once. */
export class RedisLink {
  private readonly breaker: CircuitBreaker;

  constructor(
    readonly client: RedisClient,
    clock: Clock,
    onBreaker: (open: boolean) => void = () => undefined,
  ) {
    this.breaker = new CircuitBreaker(clock, onBreaker);
  }

  get breakerState(): BreakerState {
    return this.breaker.state;
  }

  /**
   * Runs one command.
   * @param operation a name from a fixed set, for errors and metrics
   * @throws {RedisUnavailable} whatever went wrong
   */
  async run<T>(operation: string, command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.breaker.admit()) throw new RedisUnavailable(operation);
    try {
      const reply = await command(this.client);
      this.breaker.succeeded();
      return reply;
    } catch (cause) {
      // An error reply is an answer: one poisoned key must not cut every issuer off.
      if (cause instanceof Error && cause.name === 'ReplyError') this.breaker.succeeded();
      else this.breaker.failed();
      throw new RedisUnavailable(operation, { cause });
    }
  }

  /** Says goodbye; at the latest after the command timeout the socket is closed anyway. */
  async close(): Promise<void> {
    await this.client.quit().catch(() => undefined);
    this.client.disconnect();
  }
}
