import type { Clock } from '../shared/clock.js';
import { type ReplicaState, type SeenReplica, GONE_AFTER_MS, ReplicaStates } from './replica-states.js';

/** The replicas of one process. */
export class MemoryReplicaStates extends ReplicaStates {
  private readonly states = new Map<string, { readonly state: ReplicaState; readonly atMs: number }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override report(state: ReplicaState): Promise<void> {
    this.states.set(state.replica, { state, atMs: this.clock.monoMs() });
    return Promise.resolve();
  }

  override leave(replica: string): Promise<void> {
    this.states.delete(replica);
    return Promise.resolve();
  }

  override all(): Promise<readonly SeenReplica[]> {
    const nowMs = this.clock.monoMs();
    const seen = [...this.states.values()].map(({ state, atMs }) => ({ ...state, seenAgoMs: nowMs - atMs }));
    return Promise.resolve(seen.filter(({ seenAgoMs }) => seenAgoMs < GONE_AFTER_MS));
  }
}
