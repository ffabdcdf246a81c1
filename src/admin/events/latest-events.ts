/** Keeps what happened lately, here and at the other replicas, in bounded memory. */
import type { Clock, Timer } from '../../shared/clock.js';
import type { LogFields } from '../../telemetry/logger.js';
import { type EventKind, isEventKind } from './event-kinds.js';
import { type FleetEvent, shownFields } from './fleet-event.js';
import { type MergedEvent, mergeEvents } from './merge-events.js';
import type { ReadEvents, SharedEvents } from './shared-events.js';

/** Most events of this replica that are kept here. */
export const MOST_OWN = 300;

/** Most of one kind that are kept of one minute: a thousand issuers that are seen for the first time must not push out all else. */
export const MOST_OF_A_KIND = 30;

const MINUTE_MS = 60_000;

/** How long events wait for others, so that many are shared with one command, in milliseconds. */
const SHARE_AFTER_MS = 500;

/** When it is tried again where the store did not answer, in milliseconds. */
const RETRY_MS = 5_000;

/** What {@link LatestEvents} works with. */
export interface LatestEventsParts {
  readonly clock: Clock;
  /** Name of this replica. */
  readonly replica: string;
  readonly version: string;
  /** Absent: there are no other replicas. */
  readonly shared: SharedEvents | undefined;
}

/** The latest events, and which ones there are. */
export interface KnownEvents {
  /** The latest first. */
  readonly events: readonly MergedEvent[];
  /** Whose events they are: `unknown`, where those of the others cannot be read now. */
  readonly others: 'none' | 'read' | 'unknown';
  /** From when on none is missing that was shared, or was seen here. Wall time. */
  readonly sinceMs: number;
}

/** What happened lately. A copy for people: what must not be lost is in the audit trail. */
export class LatestEvents {
  private own: FleetEvent[] = [];
  private unshared: FleetEvent[] = [];
  private ownSinceMs: number;
  private number = 0;
  private minute = 0;
  private readonly ofMinute = new Map<EventKind, number>();
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: LatestEventsParts) {
    this.ownSinceMs = parts.clock.wallMs();
  }

  start(): void {
    this.isRunning = true;
    this.keep('replica_started', { version: this.parts.version });
  }

  /** Shares what is left. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    await this.share();
  }

  /** Takes a record of the audit trail; what is no event is left there. */
  keep(action: string, fields: LogFields): void {
    if (!isEventKind(action)) return;
    const count = this.countOf(action);
    if (count > MOST_OF_A_KIND + 1) return;
    if (count <= MOST_OF_A_KIND) this.add(action, fields);
    else this.add('more_left_out', { what: action });
  }

  /** Everything that is known now. */
  async known(): Promise<KnownEvents> {
    const { shared } = this.parts;
    const read = await shared?.read().catch((): ReadEvents | undefined => undefined);
    if (!read) {
      const others = shared ? 'unknown' : 'none';
      return { events: mergeEvents(this.own), others, sinceMs: this.ownSinceMs };
    }
    const sinceMs = read.sinceMs ?? this.ownSinceMs;
    return { events: mergeEvents([...read.events, ...this.unshared]), others: 'read', sinceMs };
  }

  private add(kind: EventKind, fields: LogFields): void {
    const { clock, replica, shared } = this.parts;
    const event = { kind, atMs: clock.wallMs(), replica, number: this.number++, fields: shownFields(kind, fields) };
    this.own = [...this.own, event];
    if (this.own.length > MOST_OWN) {
      this.own = this.own.slice(-MOST_OWN);
      this.ownSinceMs = this.own[0]?.atMs ?? this.ownSinceMs;
    }
    if (!shared) return;
    this.unshared = [...this.unshared, event].slice(-MOST_OWN);
    if (!this.timer) this.arm(SHARE_AFTER_MS);
  }

  /** How many of this kind there were in this minute, this one included. */
  private countOf(kind: EventKind): number {
    const minute = Math.floor(this.parts.clock.monoMs() / MINUTE_MS);
    if (minute !== this.minute) this.ofMinute.clear();
    this.minute = minute;
    const count = (this.ofMinute.get(kind) ?? 0) + 1;
    this.ofMinute.set(kind, count);
    return count;
  }

  private arm(delayMs: number): void {
    if (!this.isRunning) return;
    this.timer = this.parts.clock.after(delayMs, () => {
      void this.share().then((isDone) => {
        this.timer = undefined;
        if (this.unshared.length > 0) this.arm(isDone ? SHARE_AFTER_MS : RETRY_MS);
      });
    });
  }

  /** Never rejects. @returns whether the store took them */
  private async share(): Promise<boolean> {
    const { shared } = this.parts;
    const events = this.unshared;
    if (!shared || events.length === 0) return true;
    try {
      await shared.add(events);
    } catch {
      return false;
    }
    const taken = new Set(events);
    this.unshared = this.unshared.filter((each) => !taken.has(each));
    return true;
  }
}
