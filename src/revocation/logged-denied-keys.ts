import type { DecisionEntry } from '../changes/sealed-change.js';
import type { ChangeLog } from '../changes/change-log.js';
import type { Host } from '../telemetry/host.js';
import { DeniedKeys } from './denied-keys.js';
import { isOver, subjectOf, supersedes, type KeyDecision } from './key-decision.js';
import { readDecision, writeDecision } from './written-decision.js';

/** How long an ended decision stays: a replica whose clock is ahead must not end it for all. */
const KEPT_AFTER_END_MS = 24 * 3_600 * 1_000;

/** Most entries that one reading clears away. */
const MOST_REMOVED = 500;

/** What {@link LoggedDeniedKeys} works with. */
export interface LoggedDeniedKeysParts extends Pick<Host, 'clock'> {
  readonly log: ChangeLog;
}

/** A decision with the entries of the log that say it. */
interface Held {
  readonly decision: KeyDecision;
  readonly entry: DecisionEntry;
}

/**
 * Decisions that all replicas share through the log of changes. Two about one key may stand there for a while: which one holds
 * follows from the decisions themselves, so that no order of writing or reading makes a difference.
 */
export class LoggedDeniedKeys extends DeniedKeys {
  private held: ReadonlyMap<string, Held> = new Map();
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly parts: LoggedDeniedKeysParts) {
    super();
    parts.log.followDecisions('denials', {
      changed: (entries) => {
        this.held = merged(this.held, entries);
        this.notifyListeners();
      },
      whole: (entries) => {
        this.held = merged(new Map(), entries);
        this.notifyListeners();
        void this.maintain(entries).catch(() => undefined);
      },
    });
  }

  override list(): readonly KeyDecision[] {
    const nowMs = this.parts.clock.wallMs();
    return [...this.held.values()].map(({ decision }) => decision).filter((decision) => !isOver(decision, nowMs));
  }

  override get isRead(): boolean {
    return this.parts.log.isRead('denials');
  }

  override read(): Promise<void> {
    return this.parts.log.read();
  }

  override readLatest(): Promise<void> {
    return this.parts.log.readLatest('denials');
  }

  override onRead(listener: () => void): void {
    this.listeners.push(listener);
  }

  override async record(decision: KeyDecision): Promise<boolean> {
    const there = this.held.get(subjectOf(decision));
    if (there && !supersedes(decision, there.decision)) return false;
    const entry = await this.append(decision, there?.entry);
    this.held = merged(this.held, [entry]);
    return true;
  }

  private append(decision: KeyDecision, instead: DecisionEntry | undefined): Promise<DecisionEntry> {
    return this.parts.log.append('denials', writeDecision(decision), instead ? [instead] : []);
  }

  /** Seals with the newest key what an older one sealed, and clears away what is over or was replaced. */
  private async maintain(entries: readonly DecisionEntry[]): Promise<void> {
    for (const { decision, entry } of this.held.values()) {
      if (entry.isSealedByOlderKey) await this.append(decision, entry);
    }
    const longAgoMs = this.parts.clock.wallMs() - KEPT_AFTER_END_MS;
    // By what they say: what was read before its turn has come a second time.
    const kept = new Set([...this.held.values()].map(({ entry }) => entry.sealed.toString()));
    const isOld = (entry: DecisionEntry): boolean => {
      const decision = readDecision(entry.text);
      return decision !== undefined && (!kept.has(entry.sealed.toString()) || isOver(decision, longAgoMs));
    };
    const old = entries.filter(isOld).slice(0, MOST_REMOVED);
    await this.parts.log.remove(
      'denials',
      old.map(({ sealed }) => sealed),
    );
  }

  private notifyListeners(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Of each key the decision that holds. Text that is no decision is of another version, and says nothing to this one. */
function merged(before: ReadonlyMap<string, Held>, entries: readonly DecisionEntry[]): ReadonlyMap<string, Held> {
  const held = new Map(before);
  for (const entry of entries) {
    const decision = readDecision(entry.text);
    if (!decision) continue;
    const subject = subjectOf(decision);
    const there = held.get(subject);
    if (!there || supersedes(decision, there.decision)) held.set(subject, { decision, entry });
  }
  return held;
}
