import type { Clock, Timer } from '../../shared/clock.js';
import { NoTracing, type Tracing } from '../../telemetry/tracing/tracing.js';
import type { KeyRefresher } from './key-refresher.js';

/** What has to be refreshed again and again, and knows when. */
export type Refreshable = Pick<KeyRefresher, 'issuerId' | 'refresh' | 'nextRefreshInMs' | 'onRefreshed'>;

/** Does something again and again with the keys of every issuer that are fetched. */
export interface KeyFollower {
  start(): void;

  stop(): void;

  add(refresher: KeyRefresher): void;

  remove(refresher: KeyRefresher): void;
}

/** Timers may fire a moment early; a fetch that is asked for too early is denied and has to be asked for again. */
const TIMER_SLACK_MS = 1;

/** Refreshes the keys of each issuer when they are due. Each has a timer of its own: none can delay another (defect D11). */
export class RefreshScheduler implements KeyFollower {
  private readonly timers = new Map<Refreshable, Timer | undefined>();
  private isRunning = false;

  constructor(
    private readonly clock: Clock,
    private readonly tracing: Tracing = new NoTracing(),
  ) {}

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

  /** No request has asked for it: it has a trace of its own. */
  private refresh(subject: Refreshable): Promise<void> {
    return this.tracing.inBackground('refresh keys', { 'assay.issuer': subject.issuerId }, () => subject.refresh());
  }

  private arm(subject: Refreshable): void {
    if (!this.isRunning || !this.timers.has(subject)) return;
    this.timers.get(subject)?.cancel();
    const timer = this.clock.after(subject.nextRefreshInMs() + TIMER_SLACK_MS, () => void this.refresh(subject));
    this.timers.set(subject, timer);
  }
}
