import type { Clock } from '../../shared/clock.js';
import type { StreamStatus } from '../events/event-decision.js';

/**
 * What is known of a stream of events, by all replicas together: a replica that gets a push, the one that polls, and the one that an
 * operator asks are seldom the same. Wall times in milliseconds since the epoch.
 */
export interface StreamState {
  /** When an event was last taken. */
  readonly heardAtMs?: number;
  /** When its transmitter was last polled with success. */
  readonly polledAtMs?: number;
  /** When the transmitter was last asked to prove that the stream is alive, and by which word. */
  readonly askedAtMs?: number;
  readonly askedState?: string;
  /** Before this it does not want to be asked again, as it has answered. */
  readonly askAfterMs?: number;
  /** Least time between two such questions, as the configuration of the stream there says; 0: it says none. */
  readonly minVerifyMs?: number;
  /** When it proved it. */
  readonly verifiedAtMs?: number;
  /** What the transmitter says that it does with the stream, and since when. */
  readonly status?: StreamStatus;
  readonly statusAtMs?: number;
  /** Id of the operator who holds it; empty: nobody. */
  readonly heldBy?: string;
}

/** Keeps {@link StreamState}s, and decides which replica asks the transmitter. Every method is one atomic step. */
export abstract class StreamStates {
  /**
   * Makes `holder` the only one who asks the transmitter, for `leaseMs` from now, unless somebody else is.
   * @returns a number that grows whenever the holder changes; `undefined` where somebody else is
   * @throws {RedisUnavailable}
   */
  abstract acquire(stream: string, holder: string, leaseMs: number): Promise<number | undefined>;

  /** Lets others in at once. @throws {RedisUnavailable} */
  abstract release(stream: string, holder: string): Promise<void>;

  /**
   * Keeps what becomes known; what is not said stays as it was.
   * @param fence of {@link acquire}: what somebody says who is not the holder any more is not kept
   * @throws {RedisUnavailable}
   */
  abstract update(stream: string, news: StreamState, fence?: number): Promise<void>;

  /** @throws {RedisUnavailable} */
  abstract read(stream: string): Promise<StreamState>;
}

/** There are no other replicas. What is known ends with the process. */
export class MemoryStreamStates extends StreamStates {
  private readonly states = new Map<string, StreamState>();
  private readonly leases = new Map<string, { holder: string; fence: number; untilMs: number }>();

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {
    super();
  }

  override acquire(stream: string, holder: string, leaseMs: number): Promise<number | undefined> {
    const nowMs = this.clock.monoMs();
    const lease = this.leases.get(stream);
    if (lease && lease.holder !== holder && lease.untilMs > nowMs) return Promise.resolve(undefined);
    const fence = (lease?.fence ?? 0) + (lease?.holder === holder && lease.untilMs > nowMs ? 0 : 1);
    this.leases.set(stream, { holder, fence, untilMs: nowMs + leaseMs });
    return Promise.resolve(fence);
  }

  override release(stream: string, holder: string): Promise<void> {
    const lease = this.leases.get(stream);
    if (lease?.holder === holder) this.leases.set(stream, { ...lease, untilMs: Number.NEGATIVE_INFINITY });
    return Promise.resolve();
  }

  override update(stream: string, news: StreamState, fence?: number): Promise<void> {
    const isLate = fence !== undefined && fence !== this.leases.get(stream)?.fence;
    if (!isLate) this.states.set(stream, { ...this.states.get(stream), ...news });
    return Promise.resolve();
  }

  override read(stream: string): Promise<StreamState> {
    return Promise.resolve(this.states.get(stream) ?? {});
  }
}
