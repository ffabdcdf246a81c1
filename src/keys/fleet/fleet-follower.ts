import type { Clock, Timer } from '../../shared/clock.js';
import type { KeyRefresher } from '../refresh/key-refresher.js';
import type { KeyFollower } from '../refresh/refresh-scheduler.js';
import type { FleetNews } from './fleet-news.js';

/** How late a replica learns of a record whose hint was lost; part of every published bound (key-lifecycle 5.7). */
export const POLL_MS = 2_000;

/** Keys that no request has asked for since are refreshed on their own schedule, and not polled. */
export const IDLE_AFTER_MS = 10 * 60 * 1_000;

/** Keeps the keys in use in step with the shared store: takes over what is newer there, and brings back what it has lost. */
export class FleetFollower implements KeyFollower {
  private readonly refreshers = new Map<string, KeyRefresher>();
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(
    private readonly news: FleetNews,
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {
    news.onHint((source, fence) => void this.refreshers.get(source)?.sync(fence));
  }

  add(refresher: KeyRefresher): void {
    this.refreshers.set(refresher.source, refresher);
  }

  remove(refresher: KeyRefresher): void {
    this.refreshers.delete(refresher.source);
  }

  start(): void {
    this.isRunning = true;
    this.arm(POLL_MS * this.random());
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  private arm(delayMs: number): void {
    if (!this.isRunning) return;
    this.timer = this.clock.after(delayMs, () => {
      void this.poll().finally(() => {
        this.arm(POLL_MS);
      });
    });
  }

  private async poll(): Promise<void> {
    const usedSinceMs = this.clock.monoMs() - IDLE_AFTER_MS;
    const active = [...this.refreshers.values()].filter(({ usedAtMs }) => usedAtMs >= usedSinceMs);
    if (active.length === 0) return;
    const fences = await this.news.fences(active.map(({ source }) => source)).catch(() => undefined);
    if (!fences) return;
    await Promise.all(active.map((refresher, i) => refresher.sync(fences[i])));
  }
}
