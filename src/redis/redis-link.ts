/** A connection to Redis that answers or fails within half a second: nothing in this service waits longer for it. */
import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../shared/clock.js';
import { FairQueue } from '../shared/fair-queue.js';
import { inChildSpan } from '../telemetry/tracing/child-span.js';
import type { SpanAttributes } from '../telemetry/tracing/tracing.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';

/** Redis did not do what was asked: away, too slow, refusing, or not asked because the breaker is open. Never a verdict on a token. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';

  /** @param operation which of our operations failed, from a fixed set */
  constructor(
    readonly operation: string,
    options?: ErrorOptions,
  ) {
    super('Redis is not available', options);
  }
}

/** A client of any topology: the commands that we use are the same. */
export type RedisClient = Redis | Cluster;

/** Longest wait for the first connection, in milliseconds: a replica that starts can do without a fetch if it gets one. */
const FIRST_CONNECTION_MS = 1_000;

/**
 * Commands that are under way at a time. A replica that starts with a thousand issuers asks for as many records at once: on the
 * wire together, the last of them would time out before its answer is read.
 */
const limits = { total: 64, perLine: 64, waiting: Number.POSITIVE_INFINITY };

/** Is called when a connection is given up or used again, and after each operation. */
export interface RedisObserver {
  readonly breaker?: (isOpen: boolean) => void;
  /** @param operation a name from a fixed set */
  readonly operation?: (operation: string, tookMs: number, isAnswered: boolean) => void;
  /** @param error what a command that was tried has failed with */
  readonly failed?: (error: unknown) => void;
  /** The server, for traces; absent where there are several. */
  readonly server?: SpanAttributes;
}

/** A connection behind a breaker: it answers within the command timeout, fails within it, or fails at once. */
export class RedisLink {
  private readonly breaker: CircuitBreaker;
  private readonly turns = new FairQueue(limits);
  private opening: Promise<unknown> | undefined;

  constructor(
    readonly client: RedisClient,
    private readonly clock: Clock,
    private readonly observer: RedisObserver = {},
  ) {
    this.breaker = new CircuitBreaker(clock, (isOpen) => this.observer.breaker?.(isOpen));
  }

  get breakerState(): BreakerState {
    return this.breaker.state;
  }

  /** Begins to connect. What is asked before this has ended waits for it, but not long. */
  open(): void {
    const first = this.client.connect().catch(() => undefined);
    this.opening = Promise.race([first, this.clock.sleep(FIRST_CONNECTION_MS)]).finally(() => {
      this.opening = undefined;
    });
  }

  /**
   * Runs one command.
   * @param operation a name from a fixed set, for errors and metrics
   * @throws {RedisUnavailable} whatever went wrong
   */
  async run<T>(operation: string, command: (client: RedisClient) => Promise<T>): Promise<T> {
    await this.opening;
    return this.turns.run(
      '',
      () => this.admit(operation, command),
      () => new RedisUnavailable(operation),
    );
  }

  private async admit<T>(operation: string, command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.breaker.admit()) throw new RedisUnavailable(operation);
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': operation, ...this.observer.server };
    return inChildSpan({ name: operation, kind: 'client', attributes }, () => this.ask(operation, command));
  }

  /** Ends the connection in good order; at the latest after the command timeout the socket is closed anyway. */
  async close(): Promise<void> {
    await this.client.quit().catch(() => undefined);
    this.client.disconnect();
  }

  private async ask<T>(operation: string, command: (client: RedisClient) => Promise<T>): Promise<T> {
    const startedMs = this.clock.monoMs();
    const report = (isAnswered: boolean): void => {
      this.observer.operation?.(operation, this.clock.monoMs() - startedMs, isAnswered);
    };
    try {
      const reply = await command(this.client);
      this.breaker.succeeded();
      report(true);
      return reply;
    } catch (cause) {
      report(false);
      this.observer.failed?.(cause);
      // An error reply is an answer: one poisoned key must not cut every issuer off.
      if (isErrorReply(cause)) this.breaker.succeeded();
      else this.breaker.failed();
      throw new RedisUnavailable(operation, { cause });
    }
  }
}

/** Whether Redis answered, and the answer was an error: wrong type, no permission, no such script. */
export function isErrorReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
