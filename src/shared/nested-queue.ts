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

/** What waits in one group, by line; the line whose turn is longest ago comes first. Lines without anything waiting are not kept. */
type Lines = Map<string, Waiting[]>;

/**
 * Lets strangers share what there is of something: groups take turns, and within each group its lines. When too much waits, room is
 * made where most waits, so that only those who crowd the queue are refused.
 */
export class NestedQueue {
  /** Groups with something waiting; the one whose turn is longest ago comes first. */
  private readonly groups = new Map<string, Lines>();
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
    const lines: Lines = this.groups.get(group) ?? new Map<string, Waiting[]>();
    this.groups.set(group, lines);
    const jobs = lines.get(line) ?? [];
    lines.set(line, jobs);
    jobs.push(waiting);
    this.waiting++;
  }

  private giveTurn(): void {
    const [group] = this.groups;
    const [line] = group?.[1] ?? [];
    if (!group || !line) return;
    const next = line[1].shift();
    this.waiting--;
    toTheEnd(group[1], line, line[1].length);
    toTheEnd(this.groups, group, group[1].size);
    next?.begin();
  }

  /** The youngest job of the longest line of the fullest group: those before it have waited longer. */
  private refuseOne(): void {
    const group = longest(this.groups, (lines) => sum([...lines.values()].map((jobs) => jobs.length)));
    const line = group && longest(group[1], (jobs) => jobs.length);
    if (!line) return;
    const last = line[1].pop();
    this.waiting--;
    if (line[1].length === 0) group[1].delete(line[0]);
    if (group[1].size === 0) this.groups.delete(group[0]);
    last?.refuse();
  }
}

/** Takes an entry out, and puts it behind all others where something of it is left. */
function toTheEnd<Value>(map: Map<string, Value>, [key, value]: readonly [string, Value], left: number): void {
  map.delete(key);
  if (left > 0) map.set(key, value);
}

/** The entry with the greatest length; of several the one that is last. */
function longest<Value>(
  map: ReadonlyMap<string, Value>,
  lengthOf: (value: Value) => number,
): readonly [string, Value] | undefined {
  let found: readonly [string, Value] | undefined;
  let most = 0;
  for (const entry of map) {
    const length = lengthOf(entry[1]);
    if (length >= most) [found, most] = [entry, length];
  }
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
