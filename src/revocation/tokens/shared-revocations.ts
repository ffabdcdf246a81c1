import type { Arrival, ArrivalOutcome } from '../../changes/arrival.js';
import { MemoryArrivals } from '../../changes/memory-arrivals.js';
import type { Clock, Timer } from '../../shared/clock.js';
import type { KnownRevocations } from './known-revocations.js';
import type { Revocation } from './revocation.js';

/** How often a part of what has ended is forgotten. In milliseconds. */
const SWEEP_MS = 2_000;

/** Where replicas share what was revoked. */
export abstract class SharedRevocations {
  /** Whether everything was read once, from beginning to end: before that, a revoked token may pass. */
  abstract get isRead(): boolean;

  /** The place of the log up to which every decision is known here; `undefined` where that is not so, or there is no log. */
  abstract get knownTo(): number | undefined;

  /** The place of the log up to which a replica has to have read to know this one; `undefined`: nobody can be known to have read it. */
  abstract placeOf(decision: Revocation): number | undefined;

  /** Brings a decision to the others; where that fails now, as soon as it can. @returns whether they can read it now */
  abstract share(decision: Revocation): Promise<boolean>;

  /** Brings a decision to the others now. @throws {RedisUnavailable} */
  abstract insist(decision: Revocation): Promise<void>;

  /**
   * Remembers that something has arrived, and brings what was decided because of it to the others, in one step and only once.
   * Never rejects.
   * @returns undefined where the others cannot be reached now; both may have been done
   */
  abstract admit(arrival: Arrival, decisions: readonly Revocation[]): Promise<ArrivalOutcome | undefined>;

  abstract start(): void;

  abstract stop(): void;
}

/** What {@link UnsharedRevocations} works with. */
export interface UnsharedRevocationsParts {
  readonly known: KnownRevocations;
  readonly clock: Clock;
  /** Is told of each decision: there is no log to read it back from. */
  readonly onDecision?: (decision: Revocation) => void;
}

/** There are no other replicas. What is revoked ends with the process. */
export class UnsharedRevocations extends SharedRevocations {
  override readonly isRead = true;
  override readonly knownTo = undefined;
  private readonly arrivals = new MemoryArrivals();
  private timer: Timer | undefined;

  constructor(private readonly parts: UnsharedRevocationsParts) {
    super();
  }

  override placeOf(): undefined {
    return undefined;
  }

  override share(decision: Revocation): Promise<boolean> {
    this.parts.onDecision?.(decision);
    return Promise.resolve(true);
  }

  override insist(decision: Revocation): Promise<void> {
    this.parts.onDecision?.(decision);
    return Promise.resolve();
  }

  override admit(arrival: Arrival, decisions: readonly Revocation[]): Promise<ArrivalOutcome> {
    const outcome = this.arrivals.admit(arrival, decisions.length > 0, this.parts.clock.wallMs());
    if (outcome === 'first') for (const decision of decisions) this.parts.onDecision?.(decision);
    return Promise.resolve(outcome);
  }

  override start(): void {
    const { known, clock } = this.parts;
    this.timer = clock.after(SWEEP_MS, () => {
      known.sweep(Math.floor(clock.wallMs() / 1_000));
      this.start();
    });
  }

  override stop(): void {
    this.timer?.cancel();
  }
}
