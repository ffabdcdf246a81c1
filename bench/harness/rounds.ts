import type { Effort } from '../scenario.ts';
import type { Child } from './child.ts';
import type { LoadResult } from './load.ts';
import { median } from './statistics.ts';

/** What is measured against others. */
export interface Subject {
  readonly name: string;
  /** Whose processor time counts, where it is one process. */
  readonly child?: Child;
  measure(seconds: number): Promise<LoadResult>;
}

/** What one subject did in each round. */
export interface Measurements {
  readonly perSecond: readonly number[];
  readonly p99Ms: readonly number[];
  /** Processor time of all threads for one answer, in microseconds. */
  readonly cpuUs: readonly number[];
}

/** Answers after which the compiler has seen every path often enough, and the measurements in which they have to come. */
const WARM_UP_ANSWERS = 25_000;
const WARM_UP_TURNS = 6;

/** Turns of each subject in a round: what happens on the machine for a part of a round happens to all subjects. */
const TURNS = 4;

/**
 * Measures the subjects in turns, so that what else happens on the machine happens to all of them. Each round is divided into short turns,
 * in an order that changes with every round, and goes back and forth: what becomes steadily faster or slower does so for all.
 * @param turns of each subject in a round; 1 where what is measured is rare, such as the slowest answers
 */
export async function interleave(
  subjects: readonly Subject[],
  { rounds, seconds, turns = TURNS }: Effort & { readonly turns?: number },
): Promise<Measurements[]> {
  // One round shows whether it works, and no measurement.
  if (rounds > 1) for (const subject of subjects) await warmUp(subject, seconds);
  const measured = subjects.map(() => ({ perSecond: [] as number[], p99Ms: [] as number[], cpuUs: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    const sums = subjects.map((subject) => new Sum(subject));
    const order = sums.map((_, i) => sums[(round + i) % sums.length]);
    for (let turn = 0; turn < turns; turn++) {
      for (const sum of turn % 2 === 0 ? order : order.toReversed()) await sum?.add(seconds / turns);
    }
    sums.forEach((sum, i) => {
      measured[i]?.perSecond.push(sum.perSecond);
      measured[i]?.p99Ms.push(sum.p99Ms);
      measured[i]?.cpuUs.push(sum.cpuUs);
    });
  }
  return measured;
}

/** What one subject of several measurements did, as if it were one. */
export function together(all: readonly (readonly Measurements[])[], subject: number): Measurements {
  const each = all.flatMap((measured) => measured[subject] ?? []);
  return {
    perSecond: each.flatMap(({ perSecond }) => perSecond),
    p99Ms: each.flatMap(({ p99Ms }) => p99Ms),
    cpuUs: each.flatMap(({ cpuUs }) => cpuUs),
  };
}

/** What one subject did in the turns of one round. */
class Sum {
  private readonly subject: Subject;
  private answers = 0;
  private elapsedMs = 0;
  private cpuMs = 0;
  private readonly slowest: number[] = [];

  constructor(subject: Subject) {
    this.subject = subject;
  }

  get perSecond(): number {
    return (this.answers * 1_000) / this.elapsedMs;
  }

  get cpuUs(): number {
    return (this.cpuMs * 1_000) / this.answers;
  }

  get p99Ms(): number {
    return median(this.slowest);
  }

  async add(seconds: number): Promise<void> {
    const { child } = this.subject;
    const before = await child?.cpuMs();
    const { answers, elapsedMs, p99Ms } = await this.subject.measure(seconds);
    const after = await child?.cpuMs();
    this.answers += answers;
    this.elapsedMs += elapsedMs;
    this.cpuMs += (after ?? NaN) - (before ?? NaN);
    this.slowest.push(p99Ms);
  }
}

async function warmUp(subject: Subject, seconds: number): Promise<void> {
  let answers = 0;
  for (let turn = 0; answers < WARM_UP_ANSWERS && turn < WARM_UP_TURNS; turn++) {
    answers += (await subject.measure(seconds)).answers;
  }
}
