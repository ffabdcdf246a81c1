import { Clock, type Timer } from '../../src/shared/clock.js';

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until a test advances it. Wall and monotonic time can be moved apart. */
export class FakeClock extends Clock {
  private mono = 0;
  private readonly pending = new Set<Pending>();
  private order = 0;

  constructor(private wall = Date.parse('2026-11-21T12:00:00Z')) {
    super();
  }

  override wallMs(): number {
    return this.wall;
  }

  override monoMs(): number {
    return this.mono;
  }

  override after(delayMs: number, action: () => void): Timer {
    const entry = { dueMs: this.mono + Math.max(0, delayMs), order: this.order++, action };
    this.pending.add(entry);
    return { cancel: () => void this.pending.delete(entry) };
  }

  /** Steps only the wall clock, as NTP or an operator would. */
  stepWall(byMs: number): void {
    this.wall += byMs;
  }

  /** Moves both clocks on, runs what falls due in order, and lets promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const target = this.mono + byMs;
    await settle();
    for (let next = this.nextDue(target); next; next = this.nextDue(target)) {
      this.pending.delete(next);
      this.moveTo(Math.max(next.dueMs, this.mono));
      next.action();
      await settle();
    }
    this.moveTo(target);
    await settle();
  }

  /** Timers that wait. */
  get timers(): number {
    return this.pending.size;
  }

  private moveTo(monoMs: number): void {
    this.wall += monoMs - this.mono;
    this.mono = monoMs;
  }

  private nextDue(target: number): Pending | undefined {
    return [...this.pending].filter((p) => p.dueMs <= target).sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }
}

/** Lets microtasks and already-queued macrotasks run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}
