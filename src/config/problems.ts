import type { ConfigurationProblem } from '../shared/configuration/place.js';
import type { SourceFile } from './source-file.js';

/** Collects problems of several files and adds the line of each. */
export class Problems {
  private readonly list: ConfigurationProblem[] = [];
  private readonly files: ReadonlyMap<string | undefined, SourceFile>;
  private settled: ReadonlySet<string> = new Set();
  private readonly said = new Set<string>();

  constructor(sources: readonly SourceFile[]) {
    this.files = new Map(sources.map((source) => [source.file, source]));
  }

  readonly add = (problem: ConfigurationProblem): void => {
    const said = `${nameOf(problem)}\n${problem.found}`;
    if (this.settled.has(nameOf(problem)) || this.said.has(said)) return;
    this.said.add(said);
    this.list.push(this.locate(problem));
  };

  readonly locate = (problem: ConfigurationProblem): ConfigurationProblem => {
    const line = problem.line ?? this.files.get(problem.file)?.lineOf(problem.path);
    return line === undefined ? problem : { ...problem, line };
  };

  /** What is wrong at a path so far is all there is to say of it: what it would have been is not known. */
  ignoreAgain(): void {
    this.settled = new Set(this.list.map(nameOf));
  }

  /** The main file first, then the others by name; within a file from its beginning. */
  get inOrder(): readonly ConfigurationProblem[] {
    return this.list.toSorted(byPlace);
  }
}

/** An order of problems: by file, the main one first, and by line. */
export function byPlace(one: ConfigurationProblem, other: ConfigurationProblem): number {
  const [a, b] = [one.file ?? '', other.file ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}

function nameOf({ file = '', path }: ConfigurationProblem): string {
  return `${file}\n${path}`;
}
