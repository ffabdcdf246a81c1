import type { RecordRefusal } from '../redis/record-mac.js';
import type { Clock } from '../shared/clock.js';
import type { ChangeKind } from './change-store.js';

/** A replica that is refused again and again says so once, and again after it was quiet for this long. In milliseconds. */
const REFUSAL_QUIET_MS = 10 * 60 * 1_000;

/** Tells the first of many refusals from the others: a thousand forged entries are one alarm. */
export class RefusalAlarm {
  private readonly refusedAtMs = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {}

  /** @returns whether this begins something, rather than going on with it */
  isNews(kind: ChangeKind, reason: RecordRefusal): boolean {
    const nowMs = this.clock.monoMs();
    const state = `${kind} ${reason}`;
    const before = this.refusedAtMs.get(state) ?? Number.NEGATIVE_INFINITY;
    this.refusedAtMs.set(state, nowMs);
    return nowMs - before > REFUSAL_QUIET_MS;
  }
}
