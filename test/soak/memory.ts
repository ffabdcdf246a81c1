/** What a process may grow by between the second and the last quarter: what its collector leaves lying about. */
const GROWTH = 1.1;
const GROWTH_MIB = 12;

/** Resident memory of one process over time. */
export class MemoryCurve {
  private readonly samplesMiB: number[] = [];

  add(residentMiB: number): void {
    this.samplesMiB.push(residentMiB);
  }

  /** Medians of the four quarters of the time, in MiB. The first is warm-up. */
  get quartersMiB(): readonly number[] {
    const size = this.samplesMiB.length / 4;
    return [0, 1, 2, 3].map((i) =>
      Math.round(median(this.samplesMiB.slice(Math.floor(i * size), Math.floor((i + 1) * size)))),
    );
  }

  /** Whether it has stopped growing. */
  get isFlat(): boolean {
    const [, second, , last] = this.quartersMiB;
    return last! <= second! * GROWTH + GROWTH_MIB;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
