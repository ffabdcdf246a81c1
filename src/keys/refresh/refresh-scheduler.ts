import type { Clock, Timer } from '../../shared/clock.js';

/** Something that wants to be refreshed again and again, and says when. */
export interface Refreshable {
  /** Refreshes once. Never rejects. */
  refresh(): Promise<void>;

  /** Milliseconds until the next refresh makes sense, at least 0. Asked after each fetch. */
  nextRefreshInMs(): number;

  /** Calls `listener` after each fetch, whoever asked for it. */
  onRefreshed(listener: () => void): void;
}

/** Timers may fire a moment early; a fetch that is asked for too early is refused and has to be asked for again. */
const TIMER_SLACK_MS = 1;

/** Refreshes each subject when its time comes. Subjects have timers of their own: none can delay another (defect D11). */
export class RefreshScheduler {
  private readonly timers = new Map<Refreshable, Timer | undefined>();
  private isRunning = false;

  constructor(private readonly clock: Clock) {}

  start(): void {
    this.isRunning = true;
    for (const subject of this.timers.keys()) this.arm(subject);
  }

  stop(): void {
    this.isRunning = false;
    for (const timer of this.timers.values()) timer?.cancel();
  }

  add(subject: Refreshable): void {
    this.timers.set(subject, undefined);
    subject.onRefreshed(() => {
      this.arm(subject);
    });
    this.arm(subject);
  }

  remove(subject: Refreshable): void {
    this.timers.get(subject)?.cancel();
    this.timers.delete(subject);
  }

  private arm(subject: Refreshable): void {
    if (!this.isRunning || !this.timers.has(subject)) return;
    this.timers.get(subject)?.cancel();
    const timer = this.clock.after(subject.nextRefreshInMs() + TIMER_SLACK_MS, () => void subject.refresh());
    this.timers.set(subject, timer);
  }
}
