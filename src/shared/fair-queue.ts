/** How much may be under way. */
export interface TurnLimits {
  /** Jobs under way altogether. */
  readonly total: number;
  /** Jobs under way in one line. */
  readonly perLine: number;
  /** Jobs that wait in one line. */
  readonly waiting: number;
}

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets jobs of several lines share what there is of something: when it is scarce, the lines take turns, so that a long line
 * delays itself and not the others.
 */
export class FairQueue {
  /** Lines with something under way or waiting; the one whose turn is longest ago comes first. */
  private readonly lines = new Map<string, Line>();
  private running = 0;

  constructor(private readonly limits: TurnLimits) {}

  /**
   * Runs `job` when it is its turn, at once where there is room.
   * @param tooMany makes what is thrown when the line is too long already
   */
  async run<Result>(line: string, job: () => Promise<Result>, tooMany: () => Error): Promise<Result> {
    const turn = this.turn(line, tooMany);
    if (turn) await turn;
    try {
      return await job();
    } finally {
      this.end(line);
    }
  }

  /** @returns `undefined` where nobody has to wait */
  private turn(name: string, tooMany: () => Error): Promise<void> | undefined {
    const line = this.lines.get(name) ?? { running: 0, waiting: [] };
    this.lines.set(name, line);
    if (line.waiting.length === 0 && this.hasRoom(line)) {
      this.begin(line);
      return undefined;
    }
    if (line.waiting.length >= this.limits.waiting) throw tooMany();
    return new Promise((resolve) => line.waiting.push(resolve));
  }

  private begin(line: Line): void {
    line.running++;
    this.running++;
  }

  private end(name: string): void {
    const line = this.lines.get(name);
    if (!line) return;
    line.running--;
    this.running--;
    if (line.running === 0 && line.waiting.length === 0) this.lines.delete(name);
    this.giveTurn();
  }

  private giveTurn(): void {
    for (const [name, line] of this.lines) {
      if (line.waiting.length === 0 || !this.hasRoom(line)) continue;
      this.lines.delete(name);
      this.lines.set(name, line);
      this.begin(line);
      line.waiting.shift()?.();
      return;
    }
  }

  private hasRoom(line: Line): boolean {
    return this.running < this.limits.total && line.running < this.limits.perLine;
  }
}
