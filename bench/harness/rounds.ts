import type { Effort } from '../scenario.ts';
import type { Child } from './child.ts';
import type { LoadResult } from './load.ts';

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

/**
 * Measures the subjects in turns, so that what else happens on the machine happens to all of them. The order changes with
 * every round.
 */
export async function interleave(subjects: readonly Subject[], { rounds, seconds }: Effort): Promise<Measurements[]> {
  // One round shows whether it works, and no measurement.
  if (rounds > 1) for (const subject of subjects) await warmUp(subject, seconds);
  const measured = subjects.map(() => ({ perSecond: [] as number[], p99Ms: [] as number[], cpuUs: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (round + turn) % subjects.length;
      const [subject, into] = [subjects[index], measured[index]];
      if (!subject || !into) continue;
      const before = await subject.child?.cpuMs();
      const { answers, elapsedMs, p99Ms } = await subject.measure(seconds);
      const after = await subject.child?.cpuMs();
      into.perSecond.push((answers * 1000) / elapsedMs);
      into.p99Ms.push(p99Ms);
      into.cpuUs.push((((after ?? NaN) - (before ?? NaN)) * 1000) / answers);
    }
  }
  return measured;
}

async function warmUp(subject: Subject, seconds: number): Promise<void> {
  let answers = 0;
  for (let turn = 0; answers < WARM_UP_ANSWERS && turn < WARM_UP_TURNS; turn++) {
    answers += (await subject.measure(seconds)).answers;
  }
}
