import { Clock, type Timer } from '../../src/shared/clock.js';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly action: () => void;
  isCancelled: boolean;
}

/** When every simulation begins, on every wall clock that is right. */
export const EPOCH_MS = Date.parse('2026-11-21T12:00:00Z');

/** Time that passes as fast as the work in it: a heap of timers, and one turn of the event loop after each. */
export class VirtualTime {
  nowMs = 0;
  private readonly heap: Entry[] = [];
  private order = 0;

  at(dueMs: number, action: () => void): Timer {
    const entry: Entry = { dueMs: Math.max(dueMs, this.nowMs), order: this.order++, action, isCancelled: false };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return { cancel: () => void (entry.isCancelled = true) };
  }

  /** Lets everything happen that is due until then. */
  async runUntil(endMs: number): Promise<void> {
    await turn();
    for (let next = this.heap[0]; next && next.dueMs <= endMs; next = this.heap[0]) {
      this.pop();
      if (next.isCancelled) continue;
      this.nowMs = next.dueMs;
      next.action();
      await turn();
    }
    this.nowMs = endMs;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(start: number): void {
    for (let i = start; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.swapIfEarlier(i, parent)) return;
      i = parent;
    }
  }

  private sink(start: number): void {
    for (let i = start; ;) {
      const left = 2 * i + 1;
      const child = left + 1 < this.heap.length && isEarlier(this.heap[left + 1]!, this.heap[left]!) ? left + 1 : left;
      if (child >= this.heap.length || !this.swapIfEarlier(child, i)) return;
      i = child;
    }
  }

  private swapIfEarlier(i: number, j: number): boolean {
    const [one, other] = [this.heap[i]!, this.heap[j]!];
    if (!isEarlier(one, other)) return false;
    this.heap[i] = other;
    this.heap[j] = one;
    return true;
  }
}

/** Every chain of promises that needs no timer ends before the next turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isEarlier(one: Entry, other: Entry): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** The clock of one host: with an origin of its own, a wall that may be wrong, and pauses in which nothing happens there. */
export class HostClock extends Clock {
  private pausedUntilMs = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly originMs: number,
    private readonly wallErrorMs: number,
  ) {
    super();
  }

  override wallMs(): number {
    return EPOCH_MS + this.time.nowMs + this.wallErrorMs;
  }

  override monoMs(): number {
    return this.originMs + this.time.nowMs;
  }

  /** A time of this clock on the clock of the world. */
  toWorldMs(monoMs: number): number {
    return monoMs - this.originMs;
  }

  pause(forMs: number): void {
    this.pausedUntilMs = this.time.nowMs + forMs;
  }

  override after(delayMs: number, action: () => void): Timer {
    let timer: Timer;
    const fire = (): void => {
      if (this.time.nowMs >= this.pausedUntilMs) action();
      else timer = this.time.at(this.pausedUntilMs, fire);
    };
    timer = this.time.at(this.time.nowMs + Math.max(0, delayMs), fire);
    return {
      cancel: () => {
        timer.cancel();
      },
    };
  }
}

/** The clock of a store's primary: changes with a failover. */
export class StoreClock extends Clock {
  /** How far it was moved altogether, in either direction. */
  movedMs = 0;
  private errorMs = 0;

  constructor(private readonly time: VirtualTime) {
    super();
  }

  move(byMs: number): void {
    this.errorMs += byMs;
    this.movedMs += Math.abs(byMs);
  }

  override wallMs(): number {
    return this.monoMs();
  }

  override monoMs(): number {
    return EPOCH_MS + this.time.nowMs + this.errorMs;
  }

  override after(delayMs: number, action: () => void): Timer {
    return this.time.at(this.time.nowMs + delayMs, action);
  }
}
