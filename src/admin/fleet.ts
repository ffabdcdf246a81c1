import type { ManagedIssuers } from '../keys/key-managers.js';
import type { Timer } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import { issuerStateOf } from './issuer-state.js';
import { type ReplicaState, type SeenReplica, REPORT_EVERY_MS, type ReplicaStates } from './replica-states.js';

/** All replicas that can be seen. */
export interface FleetView {
  /** This one first. */
  readonly replicas: readonly SeenReplica[];
  /** Whether others could be asked for at all. */
  readonly isComplete: boolean;
}

/** This replica among the others: reports its state to them, and shows theirs. */
export class Fleet {
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(
    private readonly states: ReplicaStates,
    private readonly managed: readonly ManagedIssuers[],
    private readonly host: Pick<Host, 'clock' | 'replica'>,
  ) {}

  get replica(): string {
    return this.host.replica;
  }

  start(): void {
    this.isRunning = true;
    this.report();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    await this.states.leave(this.replica).catch(() => undefined);
  }

  /** What can be seen; without the shared store this replica alone. */
  async view(): Promise<FleetView> {
    const own = { ...this.own(), seenAgoMs: 0 };
    const seen = await this.states.all().catch(() => undefined);
    const others = (seen ?? []).filter(({ replica }) => replica !== this.replica);
    others.sort((one, other) => one.replica.localeCompare(other.replica));
    return { replicas: [own, ...others], isComplete: seen !== undefined };
  }

  private report(): void {
    void this.states
      .report(this.own())
      // Reported again soon; meanwhile the others show one replica fewer.
      .catch(() => undefined)
      .finally(() => {
        if (this.isRunning) {
          this.timer = this.host.clock.after(REPORT_EVERY_MS, () => {
            this.report();
          });
        }
      });
  }

  private own(): ReplicaState {
    const all = this.managed.flatMap(({ keys }) => keys.freshness());
    return {
      replica: this.replica,
      issuers: new Map(all.map((freshness) => [freshness.issuerId, issuerStateOf(freshness)])),
    };
  }
}
