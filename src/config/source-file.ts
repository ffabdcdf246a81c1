import type { OwnerRights } from '../shared/configuration/owner-rights.js';
import { Place, type ConfigurationProblem, type ProblemReporters } from '../shared/configuration/place.js';
import type { NamedFiles } from './named-files.js';
import { substitute, type SubstitutionSources } from './substitute.js';
import type { YamlText } from './yaml-text.js';

/** One file of a configuration as it was read at one moment, with the files that it names. Nothing of it is judged yet. */
export interface SourceFile {
  /** Absolute path; `undefined` for the main file. */
  readonly file: string | undefined;
  /** SHA-256 of its text, in hexadecimal. */
  readonly digest: string;
  /** What is written in it, with `${…}` replaced; `undefined` where nothing of it can be read. */
  readonly value: unknown;
  readonly lineOf: (path: string) => number | undefined;
  /** Paths of the texts that came, in part at least, from elsewhere. */
  readonly substituted: ReadonlySet<string>;
  readonly files: NamedFiles;
  /** What it may register; absent: anything. */
  readonly rights?: OwnerRights;
  /** What showed to be wrong while it was read. */
  readonly problems: readonly ConfigurationProblem[];
}

/** The text of a file, and what `${…}` in it is replaced from. */
export interface SourceText extends Pick<SourceFile, 'file' | 'digest' | 'files'> {
  readonly text: YamlText;
  readonly environment: SubstitutionSources['environment'];
  /** Environment variables that it may read; absent: any. */
  readonly variables?: readonly string[];
}

/** Replaces every `${…}` in a file. */
export function sourceOf({ file, digest, text, files, environment, variables }: SourceText): SourceFile {
  const problems: ConfigurationProblem[] = [];
  const place = placeOf(file, { report: (problem) => void problems.push(problem), warn: () => undefined });
  const mayRead = (name: string) => variables?.includes(name) ?? true;
  const sources = { environment, mayRead, file: (name: string) => files.file(name) };
  const { value, paths } = substitute(text.value, sources, place);
  return { file, digest, value, lineOf: (path) => text.lineOf(path), substituted: paths, files, problems };
}

/** The place of a whole file. */
export function placeOf(file: string | undefined, reporters: ProblemReporters): Place {
  return file === undefined ? new Place(reporters) : Place.ofFile(reporters, file);
}
