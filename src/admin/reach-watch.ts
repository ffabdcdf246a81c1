import type { DenyList } from '../revocation/deny-list.js';
import type { KeyDecision } from '../revocation/key-decision.js';
import type { Timer } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import { DECISION_BOUND_MS, type FleetView, isOverdue } from './decision-reach.js';
import { reachCounts, reachOf } from './denial-reach.js';
import type { Fleet } from './fleet.js';
import { REPORT_EVERY_MS } from './replica-states.js';

/** Most names of replicas in one record of the audit trail. */
const MOST_NAMED = 20;

/** What {@link ReachWatch} works with. */
export interface ReachWatchParts {
  readonly fleet: Fleet;
  readonly denials: DenyList;
  readonly region: string;
  readonly host: Pick<Host, 'clock' | 'audit' | 'metrics'>;
}

/** A denial that was asked for here, until every replica has confirmed it. */
interface Watched {
  /** As it is in force now: where others decide about the key it may have got a later time. */
  denial: KeyDecision;
  readonly sinceMs: number;
  isReported: boolean;
}

/** Writes down where a denial really came to hold, and counts where denials do not hold in time. */
export class ReachWatch {
  private readonly watched = new Set<Watched>();
  private unconfirmed = 0;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: ReachWatchParts) {
    parts.host.metrics.watch(['assay_denials_unconfirmed'], (observe) => {
      observe('assay_denials_unconfirmed', this.unconfirmed, { region: parts.region });
    });
  }

  start(): void {
    this.isRunning = true;
    this.arm();
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  /** Follows a denial that was asked for at this replica. */
  follow(denial: KeyDecision): void {
    const { clock } = this.parts.host;
    this.watched.add({ denial, sinceMs: clock.monoMs(), isReported: false });
    clock.after(DECISION_BOUND_MS, () => {
      if (this.isRunning) void this.check().catch(() => undefined);
    });
  }

  private arm(): void {
    if (!this.isRunning) return;
    this.timer = this.parts.host.clock.after(REPORT_EVERY_MS, () => {
      void this.check()
        .catch(() => undefined)
        .finally(() => {
          this.arm();
        });
    });
  }

  /** Asks the others only while there is something that they should confirm. */
  private async check(): Promise<void> {
    const { denials, fleet, host } = this.parts;
    const inForce = denials.inForce();
    if (inForce.length === 0 && this.watched.size === 0) {
      this.unconfirmed = 0;
      return;
    }
    const view = await fleet.view('reach');
    const nowMs = host.clock.wallMs();
    const old = inForce.filter((each) => isOverdue(each, nowMs));
    // While nobody can be asked nothing is counted anew: that Redis is away has an alert of its own.
    if (view.isKnown) {
      this.unconfirmed = old.reduce((sum, each) => sum + reachOf(each, view, nowMs).notConfirmedBy.length, 0);
    }
    for (const one of this.watched) {
      const denial = denials.denialOf(one.denial.issuerId, one.denial.thumbprint);
      if (!denial) {
        this.watched.delete(one);
        continue;
      }
      one.denial = denial;
      const isDue = host.clock.monoMs() - one.sinceMs >= DECISION_BOUND_MS;
      if (isDue) this.write(one, view, nowMs);
    }
  }

  private write(one: Watched, view: FleetView, nowMs: number): void {
    const { issuerId: issuer, thumbprint } = one.denial;
    const { notConfirmedBy, isComplete } = reachOf(one.denial, view, nowMs);
    const missing = notConfirmedBy.slice(0, MOST_NAMED).map(({ replica }) => replica);
    const fields = { issuer, thumbprint, ...reachCounts(one.denial, view, nowMs) };
    if (!one.isReported) {
      one.isReported = true;
      this.parts.host.audit.record('denial_reach', { ...fields, missing: missing.join(' ') });
    }
    if (!isComplete) return;
    this.watched.delete(one);
    this.parts.host.audit.record('denial_complete', fields);
  }
}
