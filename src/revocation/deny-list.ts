import type { Issuer } from '../issuers/issuer.js';
import type { Host } from '../telemetry/host.js';
import type { LogFields } from '../telemetry/logger.js';
import type { DeniedKeys } from './denied-keys.js';
import { ListKnowledge, type ReadLog } from './list-knowledge.js';
import { ALLOWANCE_MS, isOver, subjectOf, supersedes, type KeyDecision, type KeyName } from './key-decision.js';
import { DenialsUnknown, KeyDenials } from './key-denials.js';
import { UnsharedDenials } from './unshared-denials.js';

/** How often a denial is written again because another replica has decided about the same key in the same moment. */
const ATTEMPTS = 4;

/** What an operator wants about one key. */
export type Denial = Pick<KeyDecision, 'issuerId' | 'thumbprint' | 'reason' | 'by' | 'untilMs'>;

/** What {@link DenyList} works with. */
export interface DenyListParts extends Pick<Host, 'clock' | 'audit'> {
  readonly store: DeniedKeys;
  readonly log?: ReadLog | undefined;
  /** Called for each token that is judged while it is not known which keys are denied. */
  readonly onBlindVerdict?: () => void;
}

type DecisionsByIssuer = ReadonlyMap<string, ReadonlyMap<string, KeyDecision>>;

/**
 * This replica's copy of all decisions. What was denied stays denied while the store is away, and is brought back to a
 * store that has lost it: only a decision to allow, or its own end, takes a denial away.
 */
export class DenyList extends KeyDenials {
  /** By issuer, then by thumbprint. Replaced as a whole, never changed: requests read it at any moment. */
  private decisions: DecisionsByIssuer = new Map();
  /** Whether it is known which keys are denied, and what to do while it is not. */
  readonly knowledge: ListKnowledge;
  /** What is known of the reach of a denial that comes into force here, for its record in the audit trail. */
  reachOf: (denial: KeyDecision) => LogFields = () => ({});
  private isRunning = false;
  private isSettling = false;
  /** Whether the store was read since the last comparison with it began. */
  private isReadAnew = false;
  private readonly listeners: (() => void)[] = [];
  private readonly unshared = new UnsharedDenials();

  constructor(private readonly parts: DenyListParts) {
    super();
    this.knowledge = new ListKnowledge({ ...parts, list: parts.store });
  }

  /** @throws {DenialsUnknown} where nobody is to be answered without knowing */
  override isDenied({ id, deniedKeys, revocation }: Issuer, thumbprint: string): boolean {
    if (!this.knowledge.mayJudge(revocation.onUnknown)) throw new DenialsUnknown(id);
    return deniedKeys.has(thumbprint) || this.denialOf(id, thumbprint) !== undefined;
  }

  /** The denial of this key by an operator that is in force. */
  denialOf(issuerId: string, thumbprint: string): KeyDecision | undefined {
    const decision = this.decisions.get(issuerId)?.get(thumbprint);
    const isInForce = decision?.verdict === 'denied' && !isOver(decision, this.parts.clock.wallMs());
    return isInForce ? decision : undefined;
  }

  /** Every denial by an operator that is in force for this issuer. */
  denialsOf(issuerId: string): readonly KeyDecision[] {
    const thumbprints = [...(this.decisions.get(issuerId)?.keys() ?? [])];
    return thumbprints.flatMap((thumbprint) => this.denialOf(issuerId, thumbprint) ?? []);
  }

  /** Every denial by an operator that is in force, of all issuers. */
  inForce(): readonly KeyDecision[] {
    return [...this.decisions.keys()].flatMap((issuerId) => this.denialsOf(issuerId));
  }

  /** Calls `listener` whenever a decision came into force here. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * Refuses a key from now on: here at once, at other replicas with their next poll. No earlier allowance takes it back, whatever
   * the clock says that timed it.
   * @returns whether it was shared
   */
  async deny(denial: Denial): Promise<boolean> {
    const decision: KeyDecision = { ...denial, verdict: 'denied', atMs: this.nextMs(denial) };
    this.unshared.keep(decision);
    this.adopt([decision]);
    // Where this fails it is refused here all the same, and brought to the store when it is back.
    return this.share(decision).then(
      () => true,
      () => false,
    );
  }

  /**
   * Takes a denial back, everywhere or not at all.
   * @returns false where there is none
   * @throws what the store throws
   */
  async allow(wish: Omit<Denial, 'untilMs'>): Promise<boolean> {
    await this.parts.store.readLatest(wish);
    await this.settle();
    if (!this.denialOf(wish.issuerId, wish.thumbprint)) return false;
    const atMs = this.nextMs(wish);
    const decision: KeyDecision = { ...wish, verdict: 'allowed', atMs, untilMs: atMs + ALLOWANCE_MS };
    this.unshared.forget(wish);
    await this.parts.store.record(decision);
    this.adopt([decision]);
    return true;
  }

  /** Whether the store was ever read as a whole. Before that, a key may pass that others refuse. */
  get isKnown(): boolean {
    return this.knowledge.isKnown;
  }

  /** Begins to follow the store. Resolves after one attempt to read it, whatever came of that. */
  async start(): Promise<void> {
    this.isRunning = true;
    this.parts.store.onRead(() => {
      if (this.isRunning) void this.settle().catch(() => undefined);
    });
    await this.parts.store
      .read()
      .then(() => this.settle())
      .catch(() => undefined);
  }

  stop(): void {
    this.isRunning = false;
  }

  /**
   * Brings a denial to the store with a time later than that of every decision about its key there, and reads again whether it
   * holds: what is decided elsewhere in between is seen.
   * @throws what the store throws
   */
  private async share(denial: KeyDecision): Promise<void> {
    const { store } = this.parts;
    for (let written: KeyDecision | undefined, attempt = 0; attempt < ATTEMPTS; attempt++) {
      await store.readLatest(denial);
      this.adopt(store.list());
      if (written && this.holds(written)) {
        this.unshared.forget(written);
        return;
      }
      written = this.latest(denial);
      await store.record(written);
    }
    throw new Error('others decide about this key again and again');
  }

  /** Whether the key is denied by what was written, or by a denial that was read since. */
  private holds(written: KeyDecision): boolean {
    const mine = this.unshared.of(written);
    return (!mine || mine === written) && this.current(written)?.verdict === 'denied';
  }

  /** This denial, made later than every other decision about its key that is known here. */
  private latest(denial: KeyDecision): KeyDecision {
    const mine = this.unshared.of(denial);
    if (mine && mine === this.current(denial)) return mine;
    const later = { ...denial, atMs: this.nextMs(denial) };
    this.unshared.keep(later);
    this.adopt([later]);
    return later;
  }

  private current({ issuerId, thumbprint }: KeyName): KeyDecision | undefined {
    return this.decisions.get(issuerId)?.get(thumbprint);
  }

  /**
   * Takes over what was younger in the store when it was last read, and brings there what is younger here. What is read while
   * that is under way is compared as well: one reading may report first what is new, and then that something is missing.
   */
  private async settle(): Promise<void> {
    this.adopt(this.parts.store.list());
    this.unshared.settle(this.parts.store.list(), this.parts.clock.wallMs());
    this.isReadAnew = true;
    if (!this.parts.store.isRead || this.isSettling) return;
    this.isSettling = true;
    try {
      while (this.isReadAnew) {
        this.isReadAnew = false;
        await this.bringBack();
      }
    } finally {
      this.isSettling = false;
    }
  }

  private async bringBack(): Promise<void> {
    const stored = new Map(this.parts.store.list().map((decision) => [subjectOf(decision), decision]));
    const nowMs = this.parts.clock.wallMs();
    const missing = this.all().filter((mine) => !isOver(mine, nowMs) && supersedes(mine, stored.get(subjectOf(mine))));
    for (const decision of missing) await this.parts.store.record(decision);
  }

  /** Later than what is known about the key, whatever the clocks of replicas say. */
  private nextMs(key: KeyName): number {
    return Math.max(this.parts.clock.wallMs(), (this.current(key)?.atMs ?? 0) + 1);
  }

  private adopt(found: readonly KeyDecision[]): void {
    const nowMs = this.parts.clock.wallMs();
    const known = new Map(this.all().map((decision) => [subjectOf(decision), decision]));
    const raised = new Map(this.unshared.raiseAbove(found).map((decision) => [subjectOf(decision), decision]));
    const latest = found.map((each) => raised.get(subjectOf(each)) ?? each);
    const news = latest.filter((each) => supersedes(each, known.get(subjectOf(each))));
    // A denial that this replica never knew, and that is taken back, changes nothing here; nor does a later time.
    const isWorthARecord = (each: KeyDecision): boolean =>
      each.verdict === 'denied' ? !raised.has(subjectOf(each)) : known.has(subjectOf(each));
    const toRecord = news.filter(isWorthARecord);
    for (const each of news) known.set(subjectOf(each), each);
    const inForce = [...known.values()].filter((each) => !isOver(each, nowMs));
    this.decisions = new Map(
      [...Map.groupBy(inForce, ({ issuerId }) => issuerId)].map(([issuerId, decisions]) => [
        issuerId,
        new Map(decisions.map((decision) => [decision.thumbprint, decision])),
      ]),
    );
    for (const each of toRecord) this.record(each);
    if (news.length > 0) for (const listener of this.listeners) listener();
  }

  private record(decision: KeyDecision): void {
    const { issuerId: issuer, thumbprint, verdict, reason, by, untilMs } = decision;
    const until = untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() };
    const more = verdict === 'denied' ? { ...until, ...this.reachOf(decision) } : {};
    this.parts.audit.record(`key_${verdict}`, { issuer, thumbprint, by, reason, ...more });
  }

  private all(): readonly KeyDecision[] {
    return [...this.decisions.values()].flatMap((decisions) => [...decisions.values()]);
  }
}
