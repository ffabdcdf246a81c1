import { Turns, type Named } from './turns.js';

/** How much may be under way, and how much may wait. */
export interface NestedQueueLimits {
  /** Jobs under way altogether. */
  readonly running: number;
  /** Jobs that wait altogether. */
  readonly waiting: number;
}

/** A job that waits. */
interface Waiting {
  readonly begin: () => void;
  readonly refuse: () => void;
}

/** Jobs of one line, the oldest first. */
interface Line {
  readonly jobs: Waiting[];
  /** Whether it keeps its turn until nothing of it waits. */
  isFavoured: boolean;
}

/** What waits in one group, by line. */
type Lines = Turns<Line>;

/**
 * Shares something scarce among requests whose senders are not known yet: groups take turns, and within each group its lines. Who comes anew is next, before
 * those that have waited for long: while there is more to do than can be done, most are answered at once and a few late, and not all of them
 * late. When too much waits, room is made where most waits, so that only those who crowd the queue are refused.
 */
export class NestedQueue {
  /** Groups with something waiting. */
  private readonly groups = new Turns<Lines>();
  private running = 0;
  private waiting = 0;

  constructor(private readonly limits: NestedQueueLimits) {}

  /**
   * Runs `job` when it is its turn, at once where there is room.
   * @param tooMany makes what is thrown when the queue is full and no other line is longer
   */
  async run<Result>(group: string, line: string, job: () => Promise<Result>, tooMany: () => Error): Promise<Result> {
    if (this.running < this.limits.running) this.running++;
    else await this.turn(group, line, tooMany);
    try {
      return await job();
    } finally {
      this.running--;
      this.giveTurn();
    }
  }

  /** Lets all that waits in a line now come next. */
  favour(group: string, line: string): void {
    const lines = this.groups.get(group);
    const favoured = lines?.get(line);
    if (!lines || !favoured) return;
    favoured.isFavoured = true;
    lines.toTheFront(line);
    this.groups.toTheFront(group);
  }

  private turn(group: string, line: string, tooMany: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        this.running++;
        resolve();
      };
      const refuse = (): void => {
        reject(tooMany());
      };
      this.add(group, line, { begin, refuse });
      if (this.waiting > this.limits.waiting) this.refuseOne();
    });
  }

  private add(group: string, line: string, waiting: Waiting): void {
    const lines = this.groups.getOrAdd(group, () => new Turns());
    lines.getOrAdd(line, () => ({ jobs: [], isFavoured: false })).jobs.push(waiting);
    this.waiting++;
  }

  private giveTurn(): void {
    const group = this.groups.first;
    const line = group?.value.first;
    if (!group || !line) return;
    const next = line.value.jobs.shift();
    this.waiting--;
    this.endTurn(group, line);
    next?.begin();
  }

  private endTurn(group: Named<Lines>, line: Named<Line>): void {
    const { jobs, isFavoured } = line.value;
    if (jobs.length === 0) this.remove(group, line);
    if (jobs.length > 0 && isFavoured) return;
    group.value.toTheEnd(line.name);
    this.groups.toTheEnd(group.name);
  }

  /** The youngest job of the longest line of the fullest group: those before it have waited longer. */
  private refuseOne(): void {
    const group = this.groups.longest((lines) => lines.total(({ jobs }) => jobs.length));
    const line = group?.value.longest(({ jobs }) => jobs.length);
    if (!group || !line) return;
    const last = line.value.jobs.pop();
    this.waiting--;
    if (line.value.jobs.length === 0) this.remove(group, line);
    last?.refuse();
  }

  private remove(group: Named<Lines>, line: Named<Line>): void {
    group.value.delete(line.name);
    if (group.value.size === 0) this.groups.delete(group.name);
  }
}
