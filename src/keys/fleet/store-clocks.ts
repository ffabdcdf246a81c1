import type { KeyEvents } from '../events/key-events.js';
import { LONGEST_HARD_TTL_MS } from '../../issuers/freshness.config.js';
import type { KeyRecord } from '../record/key-record.js';
import type { KeyRecordDraft } from '../record/merge-key-sets.js';
import type { LoadedRecord } from '../store/key-store.js';
import { CLOCK_SLACK_MS, StoreOffset } from './store-offset.js';
import { aged, shifted, type EpochClock } from './store-time.js';

/**
 * Carries records between a store's time and ours, and compares the store's clock with the wall clock of this host. Who can
 * set the one back must not make a withdrawn key young again, so that of the two ages of a record the greater counts.
 */
export class StoreClocks {
  private readonly offset = new StoreOffset();
  private apart = false;

  constructor(
    private readonly time: EpochClock,
    private readonly events: KeyEvents,
  ) {}

  /** Whether the two clocks certainly differ by more than {@link CLOCK_SLACK_MS}, by the latest comparison. */
  get areApart(): boolean {
    return this.apart;
  }

  /** How far the store's clock is ahead of the wall clock here, at least; in milliseconds, 0 until the store has answered. */
  get skewMs(): number {
    return this.offset.leastFrom(this.time.wallMs() - this.time.monoMs());
  }

  /** The store has answered a question of `askedMs`, and its clock read `storeMs`. */
  compare(askedMs: number, storeMs: number): void {
    this.offset.observe(askedMs, storeMs, this.time.monoMs());
    const { skewMs } = this;
    const areApart = Math.abs(skewMs) > CLOCK_SLACK_MS;
    if (areApart === this.apart) return;
    this.apart = areApart;
    this.events.report({ event: 'clocks_apart', entered: areApart, skewMs });
  }

  /**
   * A shared record in our time, as old as the older of the two ages says. One that is dated ahead of either clock has no age
   * that can be trusted: it counts as older than any key may live, and so says which keys were removed, and nothing else.
   */
  toOurs({ record, storeNowMs }: LoadedRecord): KeyRecord {
    const nowMs = this.time.monoMs();
    const wallMs = this.time.wallMs();
    const ours = shifted(record, -this.offset.ms, nowMs);
    const isAhead = record.validatedAtMs - Math.min(storeNowMs, wallMs) > CLOCK_SLACK_MS;
    if (isAhead) return aged(ours, LONGEST_HARD_TTL_MS);
    // Sound clocks differ by a little; ages that follow each difference would put fetches into another order.
    const olderByMs = wallMs - storeNowMs;
    return olderByMs > CLOCK_SLACK_MS ? aged(ours, olderByMs) : ours;
  }

  /** A record of ours in the time of the store. */
  toStore<T extends KeyRecordDraft>(record: T): T {
    return shifted(record, this.offset.ms, Number.POSITIVE_INFINITY);
  }

  /** A time of ours in that of the store. */
  toStoreMs(ms: number): number {
    return ms + this.offset.ms;
  }
}
