import { Place, type ConfigurationProblem } from '../../src/shared/configuration/place.js';

/** Keeps what is found wrong with a configuration. */
export class RecordedProblems {
  readonly problems: ConfigurationProblem[] = [];
  readonly warnings: ConfigurationProblem[] = [];

  /** A place whose problems are kept. */
  place(path = ''): Place {
    return new Place(
      { report: (problem) => void this.problems.push(problem), warn: (problem) => void this.warnings.push(problem) },
      path,
    );
  }

  /** Where something was refused, in order. */
  get paths(): readonly string[] {
    return this.problems.map(({ path }) => path);
  }

  /** @throws {Error} with every problem, where there is one */
  expectNone(): void {
    if (this.problems.length > 0) throw new Error(JSON.stringify(this.problems));
  }
}
