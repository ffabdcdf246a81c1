import type { HintFollower } from '../../changes/change-followers.js';
import type { Clock, Timer } from '../../shared/clock.js';
import type { KeyRefresher } from '../refresh/key-refresher.js';
import type { KeyFollower } from '../refresh/refresh-scheduler.js';
import { readStoredHint, sourceName } from '../store/source-name.js';
import type { FleetNews } from './fleet-news.js';

/** Keys that no request has asked for since are refreshed on their own schedule, and not looked up where hints were missed. */
export const IDLE_AFTER_MS = 10 * 60 * 1_000;

/** Others may be able to publish: no hint makes a replica read the record of one source more often. In milliseconds. */
const HINT_SPACING_MS = 1_000;

/** How many records are looked up at a time where hints were missed, and how often: a store that is just back is not flooded. */
const CATCH_UP = { sources: 100, everyMs: 500 };

/** Keeps the keys in use in step with the shared store: takes over what is newer there, and brings back what it has lost. */
export class FleetFollower implements KeyFollower, HintFollower {
  /** By the name of the source. */
  private readonly refreshers = new Map<string, KeyRefresher>();
  private readonly hintedAtMs = new WeakMap<KeyRefresher, number>();
  private behind: KeyRefresher[] = [];
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(
    news: FleetNews,
    private readonly clock: Clock,
  ) {
    news.onHint((name, fence) => {
      const refresher = this.refreshers.get(name);
      if (refresher && this.isDue(refresher)) void refresher.sync(fence);
    });
  }

  add(refresher: KeyRefresher): void {
    this.refreshers.set(sourceName(refresher.source), refresher);
  }

  remove(refresher: KeyRefresher): void {
    this.refreshers.delete(sourceName(refresher.source));
  }

  start(): void {
    this.isRunning = true;
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  changed(hints: readonly string[]): void {
    for (const text of hints) {
      const hint = readStoredHint(text);
      if (hint) void this.refreshers.get(hint.name)?.sync(hint.fence);
    }
  }

  missed(): void {
    const usedSinceMs = this.clock.monoMs() - IDLE_AFTER_MS;
    this.behind = [...this.refreshers.values()].filter(({ usedAtMs }) => usedAtMs >= usedSinceMs);
    if (this.isRunning) this.catchUp();
  }

  /** The store may have another record of each of these, or none. */
  private catchUp(): void {
    this.timer?.cancel();
    const next = this.behind.splice(0, CATCH_UP.sources);
    for (const refresher of next) void refresher.catchUp();
    if (this.behind.length > 0 && this.isRunning) {
      this.timer = this.clock.after(CATCH_UP.everyMs, () => {
        this.catchUp();
      });
    }
  }

  private isDue(refresher: KeyRefresher): boolean {
    const nowMs = this.clock.monoMs();
    if (nowMs - (this.hintedAtMs.get(refresher) ?? Number.NEGATIVE_INFINITY) < HINT_SPACING_MS) return false;
    this.hintedAtMs.set(refresher, nowMs);
    return true;
  }
}
