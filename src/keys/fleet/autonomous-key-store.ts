import { RedisUnavailable } from '../../redis/redis-link.js';
import type { Host } from '../../telemetry/host.js';
import { autonomousRequest, autonomousTiming } from './autonomous-timing.js';
import { EpochClock } from './store-time.js';
import type { FleetMembers } from './fleet-members.js';
import type { KeyEvents } from '../events/key-events.js';
import { RecordRefused } from '../store/redis-key-store.js';
import {
  KeyStore,
  type AcquireRequest,
  type AcquireVerdict,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
  type FetchPermit,
  type LoadedRecord,
} from '../store/key-store.js';
import { LocalKeyStore } from './local-key-store.js';
import { SAME_FETCH_MS } from '../record/reconcile-records.js';
import { CLOCK_SLACK_MS, shifted, StoreOffset } from './store-time.js';

/** What an {@link AutonomousKeyStore} works with. */
export interface AutonomousParts extends Pick<Host, 'clock'> {
  readonly members: FleetMembers;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A push waits at least this long for a store that does not answer. */
const PUSH_RETRY_MS = 1_000;

/**
 * Uses the shared store while it answers. While it does not, this replica decides alone: from the newest record it knows,
 * with a budget stretched by the number of replicas that now do the same. What it gives and takes is in one time of its
 * own, whatever the shared store's clock does.
 */
export class AutonomousKeyStore extends KeyStore {
  private readonly time: EpochClock;
  private readonly local: LocalKeyStore;
  private readonly offset = new StoreOffset();
  /** Fence of the fetch that this replica has permitted itself, by source. */
  private readonly ownPermits = new Map<string, number>();
  private isAlone = false;

  constructor(
    private readonly shared: KeyStore,
    private readonly parts: AutonomousParts,
  ) {
    super();
    this.time = new EpochClock(parts.clock);
    this.local = new LocalKeyStore(this.time, parts.random);
  }

  /** Whether the shared store did not answer when it was last asked. */
  get isAutonomous(): boolean {
    return this.isAlone;
  }

  /** How far the shared store's clock is ahead of ours, in milliseconds; 0 until it has answered. */
  get clockSkewMs(): number {
    return this.offset.ms;
  }

  override load(source: string, leastFence?: number): Promise<LoadedRecord | undefined> {
    const askedMs = this.time.monoMs();
    return this.either(
      async () => {
        const loaded = await this.shared.load(source, leastFence);
        if (!loaded) return undefined;
        this.compareClocks(askedMs, loaded.storeNowMs);
        const record = shifted(loaded.record, -this.offset.ms, this.time.monoMs());
        this.local.hold(source, record);
        return { record, storeNowMs: askedMs };
      },
      () => this.local.load(source),
    );
  }

  override async acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const askedMs = this.time.monoMs();
    // A store that comes and goes knows nothing of the fetches in between.
    const spacedMs = request.kind === 'push' ? 0 : this.local.spacedForMs(source, request.timing, askedMs);
    if (spacedMs > 0) return { verdict: 'SPACED', retryInMs: spacedMs };
    return this.either(
      async () => {
        const verdict = await this.shared.acquire(source, this.toStore(request));
        if (verdict.verdict !== 'GRANT') return verdict;
        this.compareClocks(askedMs, verdict.atMs);
        const permit = { ...verdict, atMs: askedMs };
        if (request.kind !== 'push') this.remember(source, permit);
        return permit;
      },
      () => this.acquireAlone(source, request),
    );
  }

  override commit(source: string, request: CommitRequest): Promise<CommitVerdict> {
    const { fence, draft } = request;
    if (this.ownPermits.get(source) === fence) return this.local.commit(source, request);
    const hold = (): void => {
      this.local.hold(source, { ...draft, fence });
    };
    return this.either(
      async () => {
        const inStoreTime = shifted(draft, this.offset.ms, Number.POSITIVE_INFINITY);
        const verdict = await this.shared.commit(source, { ...request, draft: inStoreTime });
        if (verdict === 'OK') hold();
        return verdict;
      },
      () => {
        // Whether it was stored is unknown; that it was seen is not.
        hold();
        return Promise.resolve('OK');
      },
    );
  }

  override async fail(source: string, request: FailRequest): Promise<number> {
    const alone = { ...request, timing: autonomousTiming(request.timing, this.parts.members.size) };
    // Counted here as well, so that the pauses of a failing issuer do not start anew when the store fails, too.
    const pauseMs = await this.local.fail(source, alone);
    if (this.ownPermits.get(source) === request.fence) return pauseMs;
    return this.either(
      () => this.shared.fail(source, request),
      () => Promise.resolve(pauseMs),
    );
  }

  private async acquireAlone(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    if (request.kind === 'push') return { verdict: 'BUSY', retryInMs: PUSH_RETRY_MS };
    const verdict = await this.local.acquire(source, autonomousRequest(request, this.parts.members.size));
    if (verdict.verdict !== 'GRANT') return verdict;
    this.ownPermits.set(source, verdict.fence);
    return { ...verdict, isOwn: true };
  }

  private remember(source: string, permit: FetchPermit): void {
    this.ownPermits.delete(source);
    this.local.remember(source, permit);
  }

  private toStore(request: AcquireRequest): AcquireRequest {
    if (request.kind !== 'push') return request;
    // Only what is younger beyond doubt is pushed, or every replica would bring back the same fetch.
    return { ...request, validatedAtMs: request.validatedAtMs + this.offset.ms - SAME_FETCH_MS };
  }

  private compareClocks(askedMs: number, storeMs: number): void {
    const skewMs = this.offset.observe(askedMs, storeMs, this.time.monoMs());
    if (Math.abs(skewMs) > CLOCK_SLACK_MS) this.parts.events.report({ event: 'clocks_apart', skewMs });
  }

  /** Asks the shared store, or what this replica has of it. Anything but its absence is an error like any other. */
  private async either<T>(ask: () => Promise<T>, alone: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.setAlone(false);
      return answer;
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      // The store answers; only what it has of this source cannot be believed.
      if (!(error instanceof RecordRefused)) this.setAlone(true);
      return alone();
    }
  }

  private setAlone(isAlone: boolean): void {
    if (this.isAlone === isAlone) return;
    this.isAlone = isAlone;
    this.parts.events.report({ event: 'autonomous', entered: isAlone, replicas: this.parts.members.size });
  }
}
