import type { Clock, Timer } from '../shared/clock.js';
import { addCounts, type CountsByCaller } from './caller-counts.js';
import type { CallerCounter } from './caller-counter.js';

/** How far back it is shown what callers asked, in minutes. */
export const RECENT_MINUTES = 15;

/** How often what was counted is taken, and shared, in milliseconds. */
const EVERY_MS = 10_000;

const MINUTE_MS = 60_000;

/** Shares between replicas what callers asked each of them lately. */
export abstract class SharedCounts {
  /** Replaces what this replica has written before. @throws {RedisUnavailable} */
  abstract write(replica: string, counts: CountsByCaller): Promise<void>;

  /**
   * What these replicas have written within the last minute, in their order; `undefined` where there is nothing that can be believed.
   * @throws {RedisUnavailable}
   */
  abstract read(replicas: readonly string[]): Promise<readonly (CountsByCaller | undefined)[]>;
}

/** What {@link CallerActivity} works with. */
export interface CallerActivityParts {
  readonly counter: CallerCounter;
  /** How many requests were too many since the last time, by caller. */
  readonly takeLimited: () => ReadonlyMap<string, number>;
  /** Absent: what is known is of this process alone. */
  readonly shared?: SharedCounts | undefined;
  readonly clock: Clock;
  readonly replica: string;
}

/** What callers asked in the last minutes. */
export interface RecentActivity {
  readonly counts: CountsByCaller;
  /** Replicas whose counts are not in the sums, because they are not known. */
  readonly missing: readonly string[];
}

/** Knows what each caller asked in the last {@link RECENT_MINUTES}, and what became of it: here, and at the other replicas. */
export class CallerActivity {
  /** By the minute, on the monotonic clock. */
  private readonly minutes = new Map<number, CountsByCaller>();
  private timer: Timer | undefined;

  constructor(private readonly parts: CallerActivityParts) {}

  start(): void {
    this.timer = this.parts.clock.after(EVERY_MS, () => {
      this.start();
      this.take();
      const { shared, replica } = this.parts;
      // What is not written now is written at the next turn.
      void shared?.write(replica, this.own()).catch(() => undefined);
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** The sums of all of these replicas. @param replicas this one may be among them */
  async recent(replicas: readonly string[]): Promise<RecentActivity> {
    this.take();
    const others = replicas.filter((each) => each !== this.parts.replica);
    const { shared } = this.parts;
    const read = shared && others.length > 0 ? await shared.read(others).catch(() => []) : [];
    const counted = others.map((_each, i) => read[i]);
    return {
      counts: addCounts([this.own(), ...counted.filter((each) => each !== undefined)]),
      missing: others.filter((_each, i) => counted[i] === undefined),
    };
  }

  /** Puts what was counted since the last time into the minute of now, and forgets minutes that are too long ago. */
  private take(): void {
    const { counter, takeLimited, clock } = this.parts;
    const minute = Math.floor(clock.monoMs() / MINUTE_MS);
    const known = this.minutes.get(minute) ?? new Map();
    this.minutes.set(minute, addCounts([known, counter.take(takeLimited())]));
    for (const each of this.minutes.keys()) if (each <= minute - RECENT_MINUTES) this.minutes.delete(each);
  }

  private own(): CountsByCaller {
    return addCounts(this.minutes.values());
  }
}
