/** Goes on without the shared store when Redis does not answer, and costs issuers about what the whole fleet would. */
import { RedisUnavailable } from '../../redis/redis-link.js';
import type { Host } from '../../telemetry/host.js';
import type { KeyEvents } from '../events/key-events.js';
import type { KeyRecord } from '../record/key-record.js';
import { SAME_FETCH_MS } from '../record/reconcile-records.js';
import {
  KeyStore,
  type AcquireRequest,
  type AcquireVerdict,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
  type FetchDenied,
  type FetchPermit,
  type FetchRequest,
  type LoadedRecord,
} from '../store/key-store.js';
import { RecordRefused } from '../store/redis-key-store.js';
import { autonomousRequest, autonomousTiming } from './autonomous-timing.js';
import type { FleetMembers } from './fleet-members.js';
import { LocalKeyStore } from './local-key-store.js';
import { StoreClocks } from './store-clocks.js';
import { EpochClock } from './store-time.js';
import { WithheldPermits } from './withheld-permits.js';

/** What an {@link AutonomousKeyStore} works with. */
export interface AutonomousParts extends Pick<Host, 'clock'> {
  readonly members: FleetMembers;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whose keys a source has, for operators. */
  readonly issuerIdOf?: (source: string) => string;
}

/** A push waits at least this long for a store that does not answer. */
const PUSH_RETRY_MS = 1_000;

/** A shared record as it was read, and in our time. */
interface Taken {
  readonly fence: number;
  readonly storedMs: number;
  readonly record: KeyRecord;
}

/**
 * Uses the shared store while it answers. While it does not, while its clock cannot be right, or when it has permitted nothing
 * for longer than it honestly can, this replica decides alone: from the newest record it knows, with a budget stretched by the
 * number of replicas that may do the same. What it gives and takes is in one time of its own, whatever other clocks do.
 */
export class AutonomousKeyStore extends KeyStore {
  private readonly time: EpochClock;
  private readonly local: LocalKeyStore;
  private readonly clocks: StoreClocks;
  private readonly withheld: WithheldPermits;
  /** Fence of the fetch that this replica has permitted itself, by source. */
  private readonly ownPermits = new Map<string, number>();
  /** What was read while the clocks agreed, by source: it ages by our monotonic clock from then on, whatever other clocks do. */
  private readonly taken = new Map<string, Taken>();
  private isAlone = false;

  constructor(
    private readonly shared: KeyStore,
    private readonly parts: AutonomousParts,
  ) {
    super();
    this.time = new EpochClock(parts.clock);
    this.local = new LocalKeyStore(this.time, parts.random);
    this.clocks = new StoreClocks(this.time, parts.events);
    this.withheld = new WithheldPermits(parts.random);
  }

  /** Whether the shared store did not answer when it was last asked. */
  get isAutonomous(): boolean {
    return this.isAlone;
  }

  /** How far the shared store's clock is ahead of the wall clock here, at least; in milliseconds, 0 until it has answered. */
  get clockSkewMs(): number {
    return this.clocks.skewMs;
  }

  override timeMs(): Promise<number> {
    return Promise.resolve(this.time.monoMs());
  }

  override load(source: string, leastFence?: number): Promise<LoadedRecord | undefined> {
    const askedMs = this.time.monoMs();
    return this.either(
      async () => {
        const loaded = await this.shared.load(source, leastFence);
        if (!loaded) return undefined;
        this.clocks.compare(askedMs, loaded.storeNowMs);
        const record = this.take(source, loaded);
        this.hold(source, record);
        return { record, storeNowMs: askedMs };
      },
      () => this.local.load(source),
    );
  }

  override async acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const askedMs = this.time.monoMs();
    // A store that comes and goes, or that others write to, does not know of the fetches in between.
    const denied = request.kind === 'push' ? undefined : this.local.deny(source, request, askedMs);
    if (denied) return denied;
    // What is stored under a wrong date would look young for as long as the date is wrong.
    if (this.clocks.areApart) await this.askTheTime(source);
    if (this.clocks.areApart) return this.acquireAlone(source, request);
    return this.either(
      async () => {
        const verdict = await this.shared.acquire(source, this.toStore(request));
        if (verdict.verdict === 'GRANT') return this.accept(source, request, { ...verdict, askedMs });
        return request.kind !== 'push' && 'retryInMs' in verdict ? this.weigh(source, request, verdict) : verdict;
      },
      () => this.acquireAlone(source, request),
    );
  }

  override async commit(source: string, request: CommitRequest): Promise<CommitVerdict> {
    const { fence, draft } = request;
    if (this.ownPermits.get(source) === fence) {
      const verdict = await this.local.commit(source, request);
      if (verdict === 'OK') this.withheld.ended(source);
      return verdict;
    }
    const hold = (): 'OK' => {
      this.hold(source, { ...draft, fence });
      return 'OK';
    };
    if (this.clocks.areApart) return hold();
    return this.either(
      async () => {
        const inStoreTime = this.clocks.toStore(draft);
        const verdict = await this.shared.commit(source, { ...request, draft: inStoreTime });
        if (verdict !== 'OK') return verdict;
        this.taken.set(source, { fence, storedMs: inStoreTime.validatedAtMs, record: { ...draft, fence } });
        return hold();
      },
      // Whether it was stored is unknown; that it was seen is not.
      () => Promise.resolve(hold()),
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

  /** A permit of the shared store: spent by this replica as well, and of no use where its time proves that the clocks differ. */
  private async accept(
    source: string,
    request: AcquireRequest,
    { askedMs, ...permit }: FetchPermit & { readonly askedMs: number },
  ): Promise<AcquireVerdict> {
    this.clocks.compare(askedMs, permit.atMs);
    if (this.clocks.areApart) return this.acquireAlone(source, request);
    const ours = { ...permit, atMs: askedMs };
    if (request.kind === 'push') return ours;
    this.withheld.ended(source);
    this.ownPermits.delete(source);
    this.local.remember(source, ours, request);
    return ours;
  }

  /** A refusal of the shared store is believed for as long as honest replicas can be its reason. */
  private async weigh(source: string, request: FetchRequest, refusal: FetchDenied): Promise<AcquireVerdict> {
    const nowMs = this.time.monoMs();
    const leftMs = this.withheld.refused(source, refusal.retryInMs, request.timing, nowMs);
    if (leftMs > 0) return { ...refusal, retryInMs: Math.min(refusal.retryInMs, leftMs) };
    const waitedMs = this.withheld.waitedMs(source, nowMs);
    const verdict = await this.acquireAlone(source, request);
    if (verdict.verdict !== 'GRANT') return verdict;
    this.withheld.taken(source, nowMs);
    const issuerId = this.parts.issuerIdOf?.(source) ?? source;
    this.parts.events.report({ event: 'permits_withheld', issuerId, verdict: refusal.verdict, waitedMs });
    return verdict;
  }

  private async acquireAlone(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    if (request.kind === 'push') return { verdict: 'BUSY', retryInMs: PUSH_RETRY_MS };
    const verdict = await this.local.acquire(source, autonomousRequest(request, this.parts.members.size));
    if (verdict.verdict !== 'GRANT') return verdict;
    this.local.charge(source, request, verdict.atMs);
    this.ownPermits.set(source, verdict.fence);
    return { ...verdict, isOwn: true };
  }

  private hold(source: string, record: KeyRecord): void {
    this.local.hold(source, record);
    this.withheld.seen(source, record.validatedAtMs);
  }

  private take(source: string, loaded: LoadedRecord): KeyRecord {
    const { fence, validatedAtMs: storedMs } = loaded.record;
    const before = this.taken.get(source);
    if (before?.fence === fence && before.storedMs === storedMs) return before.record;
    const record = this.clocks.toOurs(loaded);
    if (this.clocks.areApart) this.taken.delete(source);
    else this.taken.set(source, { fence, storedMs, record });
    return record;
  }

  private toStore(request: AcquireRequest): AcquireRequest {
    if (request.kind !== 'push') return request;
    // Only what is younger beyond doubt is pushed, or every replica would bring back the same fetch.
    return { ...request, validatedAtMs: this.clocks.toStoreMs(request.validatedAtMs) - SAME_FETCH_MS };
  }

  private async askTheTime(source: string): Promise<void> {
    const askedMs = this.time.monoMs();
    const storeMs = await this.either(
      () => this.shared.timeMs(source),
      () => Promise.resolve(undefined),
    );
    if (storeMs !== undefined) this.clocks.compare(askedMs, storeMs);
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
