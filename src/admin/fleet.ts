import type { Clock, Timer } from '../shared/clock.js';
import { issuerStateOf } from './issuer-state.js';
import type { ReplicaState, SeenReplica } from './replica-state.js';
import { REPORT_EVERY_MS, type ReplicaStates } from './replica-states.js';
import type { IssuerSide } from './issuer-side.js';

/** What {@link Fleet} works with. */
export interface FleetParts {
  /** Name of this replica. */
  readonly replica: string;
  readonly states: ReplicaStates;
  readonly sides: readonly IssuerSide[];
  readonly clock: Clock;
}

/** All replicas that can be seen. */
export interface FleetView {
  /** This one first. */
  readonly replicas: readonly SeenReplica[];
  /** Whether others could be asked for at all. */
  readonly isComplete: boolean;
}

/** This replica among the others: tells them how it stands, and shows how they do. */
export class Fleet {
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: FleetParts) {}

  get replica(): string {
    return this.parts.replica;
  }

  start(): void {
    this.isRunning = true;
    this.tell();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    await this.parts.states.leave(this.replica).catch(() => undefined);
  }

  /** What can be seen; without the shared store this replica alone. */
  async look(): Promise<FleetView> {
    const own = { ...this.own(), seenAgoMs: 0 };
    const seen = await this.parts.states.all().catch(() => undefined);
    const others = (seen ?? []).filter(({ replica }) => replica !== this.replica);
    others.sort((one, other) => one.replica.localeCompare(other.replica));
    return { replicas: [own, ...others], isComplete: seen !== undefined };
  }

  private tell(): void {
    void this.parts.states
      .tell(this.own())
      // Told again soon; whoever is asked meanwhile shows fewer replicas.
      .catch(() => undefined)
      .finally(() => {
        if (this.isRunning) {
          this.timer = this.parts.clock.after(REPORT_EVERY_MS, () => {
            this.tell();
          });
        }
      });
  }

  private own(): ReplicaState {
    const all = this.parts.sides.flatMap(({ keys }) => keys.freshness());
    return {
      replica: this.replica,
      issuers: new Map(all.map((freshness) => [freshness.issuerId, issuerStateOf(freshness)])),
    };
  }
}
