/** One thing that is wrong with a configuration: where, what was found, what was expected, and what to do. */
export interface ConfigurationProblem {
  /** Path in the file, such as `issuers[0].keys.jwksUri`. */
  readonly path: string;
  /** What was found, shortened; never a secret. */
  readonly found: string;
  /** What was expected, with an example where that helps; ends in a "did you mean" where one is near. */
  readonly expected: string;
  /** Line of the file, counted from 1; the loader adds it where it knows. */
  readonly line?: number;
}

/** Collects problems, so that all of them are reported at once. */
export type ProblemReporter = (problem: ConfigurationProblem) => void;
