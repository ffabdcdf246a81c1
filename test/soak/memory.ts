import { readFileSync } from 'node:fs';

/** What is left after a collection may grow by so much between the second and the last quarter: caches of the machine code, measuring itself. */
const GROWTH = 1.05;
const GROWTH_MIB = 2;

/** What the chart gives a pod, in MiB. */
export const POD_LIMIT_MIB = 320;

interface Sample {
  readonly residentMiB: number;
  readonly liveMiB: number;
}

/** Memory of one process over time, as `report-memory.mjs` writes it down. */
export class MemoryCurve {
  private readonly samples: Sample[] = [];

  /** @param report the file that the process writes */
  constructor(private readonly report: string) {}

  /** Takes the latest report. Somebody who is writing it is asked again with the next one. */
  look(): void {
    try {
      this.samples.push(JSON.parse(readFileSync(this.report, 'utf8')) as Sample);
    } catch {
      // Not yet, or not now.
    }
  }

  /** Medians of the four quarters of the time, in MiB. The first is warm-up. */
  quarters(of: keyof Sample): readonly number[] {
    const values = this.samples.map((sample) => sample[of]);
    const size = values.length / 4;
    const quarter = (i: number): number => median(values.slice(Math.floor(i * size), Math.floor((i + 1) * size)));
    return [0, 1, 2, 3].map(quarter);
  }

  get highestResidentMiB(): number {
    return Math.max(...this.samples.map(({ residentMiB }) => residentMiB));
  }

  /** Whether what is alive has stopped growing. */
  get isFlat(): boolean {
    const [, second, , last] = this.quarters('liveMiB');
    return last! <= second! * GROWTH + GROWTH_MIB;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
