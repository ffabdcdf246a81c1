/** Knows since when, and until when, issuers, keys, callers, rights and admin tokens were used, over all replicas. */
import type { Clock, Timer } from '../shared/clock.js';
import type { AdminUses } from './admin-uses.js';
import { countedRecords } from './counted-records.js';
import { nameOf, type SharedUses, type StoredUse, type Subject } from './shared-uses.js';
import type { UseCounter } from './use-counter.js';
import { currentUses, isNews, mergeUses, type UseRecord } from './use-record.js';

/** How often what was counted is taken, and shared, in milliseconds. */
export const WATCH_EVERY_MS = 10_000;

/** Most records that are read at a time: of the most that are watched, each has its turn within a minute. */
const PAGE = 400;

/** Most records that are written at a time. The others wait for their next turn. */
const MOST_WRITES = 200;

/** Most issuers, admins and callers that are watched, the callers last. */
const MOST_WATCHED = 2_000;

/** What there is to be watched, by the configuration of now. */
export interface Watchable {
  readonly subjects: () => readonly Subject[];
  /**
   * The keys of an issuer, or the issuers that a caller was granted, each with the time since when it is known; `undefined` where
   * they are not known now.
   */
  readonly partsOf: (subject: Subject, nowMs: number) => ReadonlyMap<string, number> | undefined;
}

/** What {@link UseWatch} works with. */
export interface UseWatchParts {
  readonly counter: UseCounter;
  /** Ids of the callers that have asked since the last time. */
  readonly takeCallers: () => Iterable<string>;
  /** Those that use the admin API. */
  readonly admins: Pick<AdminUses, 'take'>;
  readonly watchable: Watchable;
  /** Absent: what is known is of this process alone. */
  readonly shared?: SharedUses | undefined;
  readonly clock: Clock;
}

/** Knows how issuers, keys, callers and rights are used: what was counted here, merged with what other replicas and former ones saw. */
export class UseWatch {
  private readonly known = new Map<string, UseRecord>();
  private next = 0;
  private timer: Timer | undefined;
  private turn: Promise<void> = Promise.resolve();
  private hasFailed = false;

  constructor(private readonly parts: UseWatchParts) {}

  start(): void {
    this.arm(0);
  }

  /** Takes what was counted last, and shares it. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.turn;
    let left = this.subjects().length;
    do {
      await this.take();
      left -= PAGE;
    } while (left > 0 && this.parts.shared && !this.hasFailed);
  }

  /** Whether what other replicas see can be read; `undefined` where nothing is shared. */
  get isShared(): boolean | undefined {
    return this.parts.shared ? !this.hasFailed : undefined;
  }

  /** Those that are watched. */
  subjects(): readonly Subject[] {
    return this.parts.watchable.subjects().slice(0, MOST_WATCHED);
  }

  /** How many there are beyond those. */
  get notWatched(): number {
    return Math.max(0, this.parts.watchable.subjects().length - MOST_WATCHED);
  }

  /** What is known of a subject that is configured now. What was counted in the last seconds is not yet among it. */
  recordOf(subject: Subject): UseRecord {
    const { clock, watchable } = this.parts;
    const nowMs = clock.wallMs();
    return currentUses(this.knownOf(nameOf(subject), nowMs), watchable.partsOf(subject, nowMs), nowMs);
  }

  private arm(delayMs: number): void {
    this.timer = this.parts.clock.after(delayMs, () => {
      this.arm(WATCH_EVERY_MS);
      this.turn = this.turn.then(() => this.take());
    });
  }

  /** Takes what was counted, and merges one page of what is known with what is shared. Never throws. */
  private async take(): Promise<void> {
    const subjects = this.subjects();
    this.forgetOthers(subjects);
    this.absorb(subjects);
    const page = this.pageOf(subjects);
    const stored = await this.read(page);
    const news = page.flatMap((subject, i) => this.merge(subject, stored?.[i]));
    if (stored) await this.write(news.slice(0, MOST_WRITES));
  }

  /** @returns undefined where nothing is shared, or not now */
  private async read(page: readonly Subject[]): Promise<readonly (StoredUse | undefined)[] | undefined> {
    const { shared } = this.parts;
    if (!shared || page.length === 0) return undefined;
    try {
      const stored = await shared.read(page);
      this.hasFailed = false;
      return stored;
    } catch {
      this.hasFailed = true;
      return undefined;
    }
  }

  /** What cannot be shared now is kept here, and shared at a later turn. */
  private async write(news: readonly (readonly [Subject, UseRecord])[]): Promise<void> {
    if (news.length === 0) return;
    try {
      await this.parts.shared?.write(news);
    } catch {
      this.hasFailed = true;
    }
  }

  private forgetOthers(subjects: readonly Subject[]): void {
    if (this.known.size <= subjects.length) return;
    const names = new Set(subjects.map(nameOf));
    for (const name of this.known.keys()) if (!names.has(name)) this.known.delete(name);
  }

  private absorb(subjects: readonly Subject[]): void {
    const { counter, takeCallers, admins, clock } = this.parts;
    const nowMs = clock.wallMs();
    const [issuers, rights] = [counter.take(), counter.rights.take()];
    const counted = countedRecords({ issuers, rights, callers: takeCallers(), admins: admins.take() }, nowMs);
    for (const name of subjects.map(nameOf)) {
      const known = this.knownOf(name, nowMs);
      const news = counted.get(name);
      this.known.set(name, news ? mergeUses(known, news) : known);
    }
  }

  /** What is not known yet is watched from now on. */
  private knownOf(name: string, nowMs: number): UseRecord {
    return this.known.get(name) ?? { sinceMs: nowMs, parts: new Map() };
  }

  /** The next ones, in turn. */
  private pageOf(subjects: readonly Subject[]): readonly Subject[] {
    if (subjects.length <= PAGE) return subjects;
    const start = this.next % subjects.length;
    this.next = start + PAGE;
    return [...subjects, ...subjects].slice(start, start + PAGE);
  }

  /** @returns what is to be written */
  private merge(subject: Subject, stored: StoredUse | undefined): readonly (readonly [Subject, UseRecord])[] {
    const { watchable, clock } = this.parts;
    const name = nameOf(subject);
    const nowMs = clock.wallMs();
    const own = this.knownOf(name, nowMs);
    const merged = stored ? mergeUses(own, stored.record) : own;
    const current = currentUses(merged, watchable.partsOf(subject, nowMs), nowMs);
    this.known.set(name, current);
    return isNews(current, stored?.record) || stored?.isSealedByOlderKey === true ? [[subject, current]] : [];
  }
}
