import { expect } from 'vitest';
import { defaultFreshness } from '../../../src/issuers/freshness.config.js';
import { AutonomousKeyStore } from '../../../src/keys/fleet/autonomous-key-store.js';
import { FleetMembers } from '../../../src/keys/fleet/fleet-members.js';
import { EpochClock } from '../../../src/keys/fleet/store-time.js';
import { timingOf } from '../../../src/keys/key-timing.js';
import { untouchedBudget } from '../../../src/keys/store/fetch-budget.js';
import type { AcquireVerdict, FetchKind, FetchPermit } from '../../../src/keys/store/key-store.js';
import { MemoryKeyStore } from '../../../src/keys/store/memory-key-store.js';
import { RedisUnavailable } from '../../../src/redis/redis-link.js';
import { draftAt } from '../../conformance/key-store-probe.js';
import { FakeClock } from '../../fakes/fake-clock.js';
import { RecordedKeyEvents } from './key-world.js';

export const timing = timingOf(defaultFreshness);

/** A shared store that can go away, and forget. */
class AwayStore extends MemoryKeyStore {
  isAway = false;

  forgetAll(): void {
    this.put('s', untouchedBudget, undefined);
  }

  override async load(...args: Parameters<MemoryKeyStore['load']>) {
    return this.reach(() => super.load(...args));
  }

  override async acquire(...args: Parameters<MemoryKeyStore['acquire']>) {
    return this.reach(() => super.acquire(...args));
  }

  override async commit(...args: Parameters<MemoryKeyStore['commit']>) {
    return this.reach(() => super.commit(...args));
  }

  override async fail(...args: Parameters<MemoryKeyStore['fail']>) {
    return this.reach(() => super.fail(...args));
  }

  private reach<T>(operation: () => Promise<T>): Promise<T> {
    if (this.isAway) throw new RedisUnavailable('test');
    return operation();
  }
}

class FourReplicas extends FleetMembers {
  override readonly size = 4;
  override start(): void {
    // Counted already.
  }
  override async stop(): Promise<void> {
    // Counted for ever.
  }
}

class AheadClock extends EpochClock {
  aheadMs = 3_000;

  override monoMs(): number {
    return super.monoMs() + this.aheadMs;
  }
}

/** One of four replicas with a store that they share, whose clock is ahead of ours. */
export class ReplicaOfFour {
  readonly clock = new FakeClock();
  readonly storeClock = new AheadClock(this.clock);
  readonly shared = new AwayStore(this.storeClock, () => 0);
  readonly events = new RecordedKeyEvents();
  readonly store = new AutonomousKeyStore(this.shared, {
    clock: this.clock,
    members: new FourReplicas(),
    events: this.events,
    random: () => 0,
  });

  readonly wish = (kind: FetchKind, knownFence = 0): Promise<AcquireVerdict> =>
    this.store.acquire('s', { kind, knownFence, dueAfterMs: 270_000, timing });

  readonly granted = async (kind: FetchKind, knownFence = 0): Promise<FetchPermit> => {
    const verdict = await this.wish(kind, knownFence);
    expect(verdict.verdict).toBe('GRANT');
    return verdict as FetchPermit;
  };

  readonly commit = ({ fence, baseFence, atMs }: FetchPermit, thumbprint = 'a') =>
    this.store.commit('s', { fence, baseFence, draft: draftAt(atMs, thumbprint), hardTtlMs: timing.hardTtlMs });

  /** What was reported, by its name. */
  readonly names = () => this.events.all.map((event) => (event.event === 'autonomous' ? event.entered : event.event));
}
