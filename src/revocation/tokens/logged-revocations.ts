/** Shares revocations with all replicas through the log of changes. */
import type { Arrival, ArrivalOutcome } from '../../changes/arrival.js';
import type { DecisionEntry } from '../../changes/sealed-change.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { POLL_MS } from '../../changes/change-store.js';
import type { Clock, Timer } from '../../shared/clock.js';
import { pausesBy } from '../../shared/pause.js';
import { sweepTurns } from './digest-table.js';
import type { KnownRevocations } from './known-revocations.js';
import { RevocationPlaces } from './revocation-places.js';
import { holdsInstead, idOf, type Revocation } from './revocation.js';
import { scanRevocation } from './scanned-revocation.js';
import { SharedRevocations } from './shared-revocations.js';
import { readRevocation, writeRevocation } from './written-revocation.js';

/** A decision of ours that was not read back after this long is appended again: a failover has taken it. In milliseconds. */
const DOUBT_MS = 10_000;

/** Decisions that wait to be read back; more are found by comparison with the whole log. */
const MOST_OWED = 10_000;

/** Entries that are appended, or removed, at once. */
const BATCH = 50;

/** Entries that one reading of the whole log seals again, and removes. */
const MOST_RESEALED = 5_000;
const MOST_REMOVED = 20_000;

/** What {@link LoggedRevocations} works with. */
export interface LoggedRevocationsParts {
  readonly log: ChangeLog;
  readonly known: KnownRevocations;
  readonly clock: Clock;
}

/** A decision that others may not know yet. */
interface Owed {
  readonly decision: Revocation;
  /** When it was last appended; -Infinity: never. */
  readonly appendedAtMs: number;
}

/**
 * Revocations that all replicas share through the log of changes. Which of two about the same holds follows from the decisions, so that no
 * order of writing or reading makes a difference; and what the log loses, any replica that knows it brings back.
 */
export class LoggedRevocations extends SharedRevocations {
  private readonly owed = new Map<string, Owed>();
  private readonly places = new RevocationPlaces();
  private hasForgotten = false;
  private outdated: DecisionEntry[] = [];
  private ended: Buffer[] = [];
  private isReading = false;
  private isMaintaining = false;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: LoggedRevocationsParts) {
    super();
    parts.log.followStream('revocations', {
      began: () => {
        this.outdated = [];
        this.ended = [];
        this.isReading = true;
        parts.known.beginReading();
        this.places.began();
      },
      changed: (entries) => {
        const nowSeconds = this.nowSeconds();
        for (const entry of entries) this.take(entry, nowSeconds);
      },
      ended: () => {
        this.isReading = false;
        this.places.ended();
        void this.maintain().catch(() => undefined);
      },
    });
  }

  override get isRead(): boolean {
    return this.parts.log.isRead('revocations');
  }

  override get knownTo(): number | undefined {
    return this.parts.log.knownTo('revocations');
  }

  /** One of ours has no place before it is read back: what stands there may be an earlier one about the same. */
  override placeOf(decision: Revocation): number | undefined {
    return this.owed.has(idOf(decision)) || this.hasForgotten ? undefined : this.places.of(decision);
  }

  override async share(decision: Revocation): Promise<boolean> {
    this.owe(decision, -Infinity);
    try {
      await this.append(decision);
    } catch {
      return false;
    }
    return true;
  }

  override insist(decision: Revocation): Promise<void> {
    return this.append(decision);
  }

  override async admit(arrival: Arrival, decisions: readonly Revocation[]): Promise<ArrivalOutcome | undefined> {
    const outcome = await this.parts.log.admit(arrival, decisions.map(writeRevocation)).catch(() => undefined);
    // A failover may take away what Redis has acknowledged: it is brought back until it was read.
    if (outcome === 'first') for (const each of decisions) this.owe(each, this.parts.clock.monoMs());
    return outcome;
  }

  override start(): void {
    this.isRunning = true;
    this.arm();
  }

  override stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  private owe(decision: Revocation, appendedAtMs: number): void {
    const id = idOf(decision);
    if (this.owed.size < MOST_OWED || this.owed.has(id)) this.owed.set(id, { decision, appendedAtMs });
    else this.hasForgotten = true;
  }

  private arm(): void {
    if (!this.isRunning) return;
    this.timer = this.parts.clock.after(POLL_MS, () => {
      void this.settle()
        .catch(() => undefined)
        .finally(() => {
          this.arm();
        });
    });
  }

  /** Appends what was not read back, and forgets what has ended. */
  private async settle(): Promise<void> {
    const { known, clock, log } = this.parts;
    known.sweep(this.nowSeconds());
    const due = [...this.owed.values()].filter(({ appendedAtMs }) => clock.monoMs() - appendedAtMs > DOUBT_MS);
    await this.appendAll(due.map(({ decision }) => decision));
    if (!this.hasForgotten) return;
    this.hasForgotten = false;
    log.readAnew('revocations');
  }

  private take(entry: DecisionEntry, nowSeconds: number): void {
    const decision = scanRevocation(entry.sealed, entry.start) ?? readRevocation(entry.text);
    // Text that is no decision is of another version, and says nothing to this one.
    if (!decision) return;
    if (decision.until <= nowSeconds) {
      if (this.ended.length < MOST_REMOVED) this.ended.push(entry.detached().sealed);
      return;
    }
    this.places.found(decision, entry.position);
    this.parts.known.adopt(decision);
    this.settleOwed(decision);
    if (entry.isSealedByOlderKey && this.outdated.length < MOST_RESEALED) this.outdated.push(entry.detached());
  }

  /**
   * Ours was read back, or something that holds in its place. Only nobody can have meant one of ours that was not read yet when allowing
   * again: an allowance that is later all the same was timed by a clock that is ahead, and ours gets a later time still.
   */
  private settleOwed(read: Revocation): void {
    if (this.owed.size === 0) return;
    const id = idOf(read);
    const mine = this.owed.get(id)?.decision;
    if (!mine) return;
    const isOurs = read.verdict === mine.verdict && read.at === mine.at && read.until === mine.until;
    if (!isOurs && !holdsInstead(read, mine)) return;
    this.owed.delete(id);
    if (read.verdict === 'allowed' && mine.verdict === 'revoked') {
      const raised = { ...mine, at: read.at + 1 };
      this.parts.known.adopt(raised);
      this.owed.set(id, { decision: raised, appendedAtMs: -Infinity });
    }
  }

  /** After the whole log was read: brings back what is missing there, seals with the newest key, and clears away what is over. */
  private async maintain(): Promise<void> {
    if (this.isMaintaining) return;
    this.isMaintaining = true;
    try {
      const { outdated, ended } = this;
      const pause = pausesBy(this.parts.clock);
      // While it is read anew, everything looks as if it were missing.
      for (let turn = 0; turn < sweepTurns && !this.isReading; turn++) {
        await this.appendAll(this.parts.known.unread(turn, this.nowSeconds()));
        await pause();
      }
      for (const entry of outdated) await this.parts.log.append('revocations', entry.text, [entry]);
      for (let at = 0; at < ended.length; at += BATCH) {
        await this.parts.log.remove('revocations', ended.slice(at, at + BATCH));
      }
    } finally {
      this.isMaintaining = false;
    }
  }

  private async appendAll(decisions: readonly Revocation[]): Promise<void> {
    for (let at = 0; at < decisions.length; at += BATCH) {
      await Promise.all(decisions.slice(at, at + BATCH).map((decision) => this.append(decision)));
    }
  }

  private async append(decision: Revocation): Promise<void> {
    const id = idOf(decision);
    await this.parts.log.append('revocations', writeRevocation(decision), []);
    if (this.owed.has(id)) this.owed.set(id, { decision, appendedAtMs: this.parts.clock.monoMs() });
  }

  private nowSeconds(): number {
    return Math.floor(this.parts.clock.wallMs() / 1_000);
  }
}
