/** This replica among the others: what it reports to them, and what they report, for operators. */
import type { ManagedIssuers } from '../keys/key-managers.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { KeyDecision } from '../revocation/key-decision.js';
import type { Timer } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import { DECISION_BOUND_MS, type FleetView, isLive } from './decision-reach.js';
import { denialDigest, type ReachCounts, reachCounts } from './denial-reach.js';
import { issuerStateOf } from './issuer-state.js';
import { LastSeenReplicas } from './last-seen-replicas.js';
import { ProofHistory } from './proof-history.js';
import type { ReplicaAccount } from './replica-account.js';
import {
  MOST_DENIALS,
  REPORT_EVERY_MS,
  type RememberedReplicas,
  type ReplicaState,
  type ReplicaStates,
} from './replica-states.js';

/** What {@link Fleet} works with. */
export interface FleetParts {
  readonly states: ReplicaStates;
  readonly managed: readonly ManagedIssuers[];
  readonly denials: DenyList;
  readonly revocations: { readonly knownTo: number | undefined };
  readonly region: string;
  /** What this replica says about itself now. */
  readonly account: () => ReplicaAccount;
  readonly host: Pick<Host, 'clock' | 'replica' | 'audit'>;
}

/** This replica among the others: reports its state to them, and shows theirs. */
export class Fleet {
  /** How long a silent replica is remembered, in milliseconds. */
  forgetAfterMs = 3_600_000;
  private timer: Timer | undefined;
  private isRunning = false;
  private isReporting = false;
  private isDue = false;
  private readonly lastSeen: LastSeenReplicas;
  private readonly proofs: ProofHistory;

  constructor(private readonly parts: FleetParts) {
    this.lastSeen = new LastSeenReplicas(parts.host.clock);
    this.proofs = new ProofHistory(parts.host.clock);
    parts.denials.reachOf = (denial) => ({ ...this.knownReach(denial) });
    parts.denials.onChange(() => {
      this.report();
    });
  }

  get replica(): string {
    return this.parts.host.replica;
  }

  start(): void {
    this.isRunning = true;
    this.report();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    await this.parts.states.leave(this.replica).catch(() => undefined);
  }

  /**
   * Every replica that is remembered. While the shared store is away: those that were last read, of which nothing is known now.
   * @param part `reach` leaves the states of issuers out
   */
  async view(part: 'whole' | 'reach' = 'whole'): Promise<FleetView> {
    const seen = await this.read(part).catch((): RememberedReplicas | undefined => undefined);
    return this.viewOf(this.own(), seen ?? this.lastSeen.aged(), seen !== undefined);
  }

  /** How far a denial is known to reach, by what was read within the last report or two: nobody waits for the store. */
  private knownReach(denial: KeyDecision): ReachCounts {
    const isKnown = this.lastSeen.ageMs <= 2 * REPORT_EVERY_MS;
    const { parts, replica } = this;
    const own: ReplicaState = {
      replica,
      region: parts.region,
      issuers: new Map(),
      denials: new Set([denialDigest(denial)]),
    };
    const view = this.viewOf(own, this.lastSeen.aged(), isKnown);
    return reachCounts(denial, view, parts.host.clock.wallMs());
  }

  private viewOf(own: ReplicaState, seen: RememberedReplicas | undefined, isKnown: boolean): FleetView {
    const others = (seen?.replicas ?? []).filter(({ replica }) => replica !== this.replica);
    others.sort((one, other) => one.replica.localeCompare(other.replica));
    const more = seen?.more ?? 0;
    return {
      replicas: [{ ...own, seenAgoMs: 0, isKnown: true }, ...others.map((each) => ({ ...each, isKnown }))],
      isKnown,
      isNamed: seen !== undefined,
      more,
      isComplete: isKnown && more === 0 && others.every(isLive),
    };
  }

  /** Forgets a replica that is known to be gone. @returns whether it was remembered */
  async drop(replica: string): Promise<boolean> {
    const wasRemembered = await this.parts.states.leave(replica);
    this.lastSeen.forget(replica);
    return wasRemembered;
  }

  private async read(part: 'whole' | 'reach' | 'names'): Promise<RememberedReplicas> {
    const seen = await this.parts.states.all(part);
    this.lastSeen.keep(seen);
    return seen;
  }

  /** Reports now, and again after a while. */
  private report(): void {
    if (!this.isRunning) return;
    this.isDue = this.isReporting;
    if (this.isReporting) return;
    this.isReporting = true;
    this.timer?.cancel();
    void this.parts.states
      .report(this.own(), this.forgetAfterMs)
      .then((forgotten) => {
        for (const replica of forgotten) this.parts.host.audit.record('replica_forgotten', { about: replica });
        // Who is there can be said while the store is away, too.
        return this.lastSeen.ageMs < REPORT_EVERY_MS ? undefined : this.read('names');
      })
      // Reported again soon; meanwhile the others see this one become silent.
      .catch(() => undefined)
      .finally(() => {
        this.isReporting = false;
        if (this.isDue) this.report();
        else if (this.isRunning) this.arm();
      });
  }

  private arm(): void {
    this.timer = this.parts.host.clock.after(REPORT_EVERY_MS, () => {
      this.report();
    });
  }

  private own(): ReplicaState {
    const { managed, denials, revocations, region } = this.parts;
    const all = managed.flatMap(({ keys }) => keys.freshness());
    this.proofs.note(all);
    const inForce = denials.inForce();
    return {
      replica: this.replica,
      region,
      issuers: new Map(all.map((each) => [each.issuerId, issuerStateOf(each, this.proofs.earlierAgoS(each.issuerId))])),
      denials: inForce.length <= MOST_DENIALS ? new Set(inForce.map(denialDigest)) : undefined,
      isBehind: !denials.knowledge.isReadWithin(DECISION_BOUND_MS),
      readTo: revocations.knownTo,
      account: this.parts.account(),
    };
  }
}
