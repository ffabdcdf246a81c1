import { DeniedKeys, MemoryDeniedKeys } from '../../src/revocation/denied-keys.js';
import type { KeyDecision } from '../../src/revocation/key-decision.js';
import type { FakeClock } from './fake-clock.js';

/** How often a replica reads the store. */
export const POLL_MS = 2_000;

/** Decisions that several replicas share in a test; goes away and loses what it held. */
export class SharedStore {
  isAway = false;
  questions = 0;
  held: MemoryDeniedKeys;

  constructor(private readonly clock: FakeClock) {
    this.held = new MemoryDeniedKeys(clock);
  }

  lose(): void {
    this.held = new MemoryDeniedKeys(this.clock);
  }
}

/** The store as one replica has read it. */
export class ReadStore extends DeniedKeys {
  isRead = false;
  private found: readonly KeyDecision[] = [];
  private listener: () => void = () => undefined;

  constructor(
    private readonly shared: SharedStore,
    clock: FakeClock,
  ) {
    super();
    const poll = (): void => {
      void this.read()
        .then(() => {
          this.listener();
        })
        .catch(() => undefined);
      clock.after(POLL_MS, poll);
    };
    clock.after(POLL_MS, poll);
  }

  override list(): readonly KeyDecision[] {
    return this.found;
  }

  override read(): Promise<void> {
    this.shared.questions++;
    if (this.shared.isAway) return Promise.reject(new Error('away'));
    this.found = this.shared.held.list();
    this.isRead = true;
    return Promise.resolve();
  }

  override readLatest(): Promise<void> {
    return this.read();
  }

  override onRead(listener: () => void): void {
    this.listener = listener;
  }

  override record(decision: KeyDecision): Promise<boolean> {
    return this.shared.isAway ? Promise.reject(new Error('away')) : this.shared.held.record(decision);
  }
}
