import type { Clock } from '../shared/clock.js';
import {
  MOST_NAMES,
  MOST_REPLICAS,
  type RememberedReplicas,
  type ReplicaState,
  LOST_AFTER_MS,
  ReplicaStates,
} from './replica-states.js';

/** The replicas of one process. */
export class MemoryReplicaStates extends ReplicaStates {
  private readonly states = new Map<string, { readonly state: ReplicaState; readonly atMs: number }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override report(state: ReplicaState, forgetAfterMs: number): Promise<readonly string[]> {
    const nowMs = this.clock.monoMs();
    // Again at the end: the order is that of the latest reports.
    this.states.delete(state.replica);
    this.states.set(state.replica, { state, atMs: nowMs });
    const forgotten: string[] = [];
    for (const [replica, { atMs }] of this.states) {
      const isTooMuch = this.states.size > MOST_NAMES && nowMs - atMs >= LOST_AFTER_MS;
      if (nowMs - atMs >= forgetAfterMs || isTooMuch) forgotten.push(replica);
      if (forgotten.at(-1) === replica) this.states.delete(replica);
    }
    return Promise.resolve(forgotten);
  }

  override leave(replica: string): Promise<boolean> {
    return Promise.resolve(this.states.delete(replica));
  }

  override all(): Promise<RememberedReplicas> {
    const nowMs = this.clock.monoMs();
    const kept = [...this.states.values()].reverse().slice(0, MOST_REPLICAS);
    const replicas = kept.map(({ state, atMs }) => ({ ...state, seenAgoMs: nowMs - atMs }));
    return Promise.resolve({ replicas, more: this.states.size - replicas.length });
  }
}
