import type { ChangeLog } from '../../changes/change-log.js';
import type { DecisionKind } from '../../changes/change-store.js';
import type { Clock } from '../../shared/clock.js';
import { MOST_EVENTS, RecentEvents } from './recent-events.js';

/** A replica that has not read what others decided for this long does not say that nothing was. In milliseconds. */
export const CURRENT_MS = 15_000;

/** Most entries that are appended anew in one reading. */
const MOST_LATE = 500;

/** What was decided, for those who pass it on. */
export abstract class DecisionEvents {
  readonly recent = new RecentEvents();

  /** Whether {@link recent} has what was decided anywhere until a moment ago. */
  abstract get isCurrent(): boolean;
}

/** Decisions of all replicas, by their places in the log of changes. */
export class SharedDecisionEvents extends DecisionEvents {
  private late = 0;

  constructor(private readonly log: ChangeLog) {
    super();
    log.followPlaces({
      found: (kind, entries, later) => {
        // Texts that are forgotten again before the reading is over would outlive many collections of garbage.
        if (later >= MOST_EVENTS && this.recent.passOver(entries.at(-1)?.position ?? 0)) return;
        for (const entry of entries) {
          if (this.recent.isForgotten(entry.position)) continue;
          const kept = this.recent.keep({ seq: entry.position, kind, text: entry.text });
          // Found behind places that callers have read up to: at the end of the log everybody sees it.
          if (kept === 'late' && ++this.late <= MOST_LATE) {
            void log.append(kind, entry.text, [entry]).catch(() => undefined);
          }
        }
      },
      readTo: (position) => {
        this.late = 0;
        this.recent.readTo(position);
      },
      lost: () => {
        this.recent.lose();
      },
    });
  }

  override get isCurrent(): boolean {
    return (this.log.readAgoMs ?? Number.POSITIVE_INFINITY) <= CURRENT_MS;
  }
}

/** Decisions of one process. After a restart no place of before is known. */
export class OwnDecisionEvents extends DecisionEvents {
  override readonly isCurrent = true;

  constructor(private readonly clock: Pick<Clock, 'wallMs'>) {
    super();
    this.begin();
  }

  /** Adds a decision that is in force here. */
  add(kind: DecisionKind, text: string): void {
    const seq = Math.max(this.recent.readUpTo + 1, this.nowMicros());
    this.recent.keep({ seq, kind, text });
    this.recent.readTo(seq);
  }

  /** An entry that says nothing, so that callers begin at a place that no other process has given. */
  private begin(): void {
    this.add('revocations', '');
  }

  private nowMicros(): number {
    return Math.floor(this.clock.wallMs() * 1_000);
  }
}
