/** Keeps the rate limit of a caller over all replicas, without a request ever waiting for Redis. */
import type { Clock } from '../../shared/clock.js';
import { LocalMeter, type Meter, type RateLimit } from './rate-limit.js';

/** What a replica asks the common budget of a caller for. */
export interface LeaseRequest {
  /** Requests that went ahead of a lease. They are owed. */
  readonly owed: number;
  /** Requests to come. */
  readonly wanted: number;
}

/** What it gets. */
export interface Lease {
  /** Requests that may go ahead, at most what was wanted. */
  readonly granted: number;
  /** Where none may: milliseconds until one may. */
  readonly waitMs: number;
}

/** The budget of one caller that all replicas draw from. */
export interface CommonBudget {
  /** @throws {Error} when it cannot be reached */
  lease(request: LeaseRequest): Promise<Lease>;
}

/** A lease is worth this many milliseconds of the limit: few enough that what one replica hoards is not missed by another. */
const LEASE_MS = 50;

/** So long the common budget is left alone after it could not be reached, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * The limit of a caller over all replicas, without a request ever waiting for another machine. Requests are paid from a
 * lease of the common budget that is renewed in the background; while a lease is on its way they go ahead and are owed.
 * Each replica also holds the whole limit by itself: what goes ahead is bounded, and while the common budget is away that
 * bound is the limit.
 */
export class SharedMeter implements Meter {
  private readonly local: LocalMeter;
  private readonly batch: number;
  private leased = 0;
  private owed = 0;
  private emptyUntilMs = -Infinity;
  private pausedUntilMs = -Infinity;
  private isAsking = false;

  constructor(
    limit: RateLimit,
    private readonly budget: CommonBudget,
    private readonly clock: Clock,
  ) {
    this.local = new LocalMeter(limit, clock);
    this.batch = Math.min(limit.burst, Math.ceil((limit.perSecond * LEASE_MS) / 1000));
  }

  charge(): number {
    const nowMs = this.clock.monoMs();
    if (this.leased === 0 && nowMs < this.emptyUntilMs) return this.emptyUntilMs - nowMs;
    const waitMs = this.local.charge();
    if (waitMs > 0) return waitMs;
    if (this.leased > 0) this.leased--;
    else if (nowMs >= this.pausedUntilMs) this.owed++;
    if (this.leased <= this.batch / 2) void this.renew(nowMs);
    return 0;
  }

  private async renew(nowMs: number): Promise<void> {
    if (this.isAsking || nowMs < this.pausedUntilMs) return;
    this.isAsking = true;
    const { owed } = this;
    this.owed = 0;
    try {
      const { granted, waitMs } = await this.budget.lease({ owed, wanted: this.batch });
      this.leased += granted;
      if (granted === 0) this.emptyUntilMs = this.clock.monoMs() + waitMs;
    } catch {
      // Without the common budget this replica has only its own limit, and owes the others nothing for what that let through.
      this.pausedUntilMs = this.clock.monoMs() + PAUSE_MS;
      this.owed = 0;
    } finally {
      this.isAsking = false;
    }
  }
}
