import { SystemClock, type Timer } from '../../src/shared/clock.js';

interface Pending {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * The host's clock, which a test can put forward: for a whole service over real sockets, whose own time nobody can stop. What
 * waits for hours then waits for no test, and what has to arrive over a socket has real time for it.
 */
export class ForwardedClock extends SystemClock {
  private aheadMs = 0;
  private wallAheadMs = 0;
  private readonly pending = new Set<Pending>();

  override wallMs(): number {
    return super.wallMs() + this.aheadMs + this.wallAheadMs;
  }

  override monoMs(): number {
    return super.monoMs() + this.aheadMs;
  }

  override after(delayMs: number, action: () => void): Timer {
    const run = (): void => {
      if (!this.pending.delete(entry)) return;
      timer.cancel();
      action();
    };
    const timer = super.after(delayMs, run);
    const entry = { dueMs: this.monoMs() + Math.max(0, delayMs), run };
    this.pending.add(entry);
    return {
      cancel: () => {
        this.pending.delete(entry);
        timer.cancel();
      },
    };
  }

  /** Lets so much time pass at once: what falls due meanwhile runs in order, each at its own time. */
  forward(byMs: number): void {
    const targetMs = this.monoMs() + byMs;
    for (let next = this.nextDue(targetMs); next; next = this.nextDue(targetMs)) {
      this.moveTo(next.dueMs);
      next.run();
    }
    this.moveTo(targetMs);
  }

  /** Steps only the wall clock: months pass without the turns of everything that runs every few seconds. */
  stepWall(byMs: number): void {
    this.wallAheadMs += byMs;
  }

  private moveTo(monoMs: number): void {
    this.aheadMs += Math.max(0, monoMs - this.monoMs());
  }

  private nextDue(targetMs: number): Pending | undefined {
    return [...this.pending].filter(({ dueMs }) => dueMs <= targetMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
