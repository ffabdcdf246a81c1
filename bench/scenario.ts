/** One line of the table of results. */
export interface Row {
  /** What was measured. */
  readonly measure: string;
  /** What Assay did, in words with units. */
  readonly assay: string;
  /** What it is compared with, and what that did. */
  readonly baseline: string;
  /** The median over the rounds of what is judged, such as a ratio. */
  readonly result: string;
  /** What {@link result} ought to be. */
  readonly target: string;
  /** Absent where nothing was promised. */
  readonly isMet?: boolean;
}

/** How thoroughly to measure. */
export interface Effort {
  /** Times that each subject is measured, in turns. */
  readonly rounds: number;
  /** Length of one measurement under load, in seconds. */
  readonly seconds: number;
}

/** Something that can be measured by name. Adding one is one file, and one line in `scenarios/all.ts`. */
export interface Scenario {
  /** What is typed to choose it. */
  readonly name: string;
  run(effort: Effort): Promise<readonly Row[]>;
}
