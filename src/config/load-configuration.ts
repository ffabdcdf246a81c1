import { dirname, resolve } from 'node:path';
import { readSection } from '../shared/configuration/read-section.js';
import { unreadable, type Reading } from '../shared/configuration/field.js';
import type { ConfigurationProblem, ProblemReporter } from '../shared/configuration/problem.js';
import type { Steps } from '../shared/steps.js';
import { Configuration } from './configuration.config.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { checkCrossReferences } from './cross-references.js';
import type { FileDigests } from './file-digests.js';
import { NamedFiles } from './named-files.js';
import { refuseUnsafeEnvironment } from './unsafe-environment.js';
import { soundPart, type PreparedSections } from './sound-part.js';
import { substitute } from './substitute.js';
import { parseYaml, YamlInvalid, type YamlText } from './yaml-text.js';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A valid configuration and what is known about it. */
export interface LoadedConfiguration {
  /** The file, as its user named it. */
  readonly source: string;
  readonly configuration: Configuration;
  /** What works and should not; to be logged. */
  readonly warnings: readonly ConfigurationProblem[];
  /** The file and all that it names; to be watched. */
  readonly files: FileDigests;
  /** Adds the line to a problem that was found later. */
  locate(problem: ConfigurationProblem): ConfigurationProblem;
}

/** Finds what shows only when the sections are made ready. */
export type Examine = (sections: PreparedSections, report: ProblemReporter) => Steps<unknown>;

/**
 * Loads a configuration file with all files that it names. Thousands of issuers take a second: it pauses again and again.
 * @param examine asked about what can be read of a file with problems, so that it reports all of them; the sections of a
 *   sound one are left to whoever makes it ready
 * @throws {ConfigurationInvalid} with every problem
 */
export function* loadConfiguration(
  file: string,
  environment: Environment,
  examine?: Examine,
): Steps<LoadedConfiguration> {
  const path = resolve(file);
  const files = new NamedFiles(dirname(path));
  const content = files.file(path);
  if (typeof content === 'string') {
    throw new ConfigurationInvalid(file, [{ path: '', found: content, expected: 'a YAML file' }], files.digests);
  }
  try {
    const text = yield* parseYaml(content.text);
    return yield* judge(file, text, { files, environment, isDemo: false, examine });
  } catch (error) {
    if (error instanceof YamlInvalid) throw new ConfigurationInvalid(file, error.problems, files.digests);
    throw error;
  }
}

/**
 * The configuration of demo mode, judged like the content of a file, except that its secrets may be literal.
 * @throws {ConfigurationInvalid} with every problem
 */
export function loadDemoConfiguration(value: object, environment: Environment): Steps<LoadedConfiguration> {
  const text: YamlText = { value, lineOf: () => undefined };
  return judge('demo mode', text, {
    files: new NamedFiles(process.cwd()),
    environment,
    isDemo: true,
    examine: undefined,
  });
}

interface Surroundings {
  readonly files: NamedFiles;
  readonly environment: Environment;
  readonly isDemo: boolean;
  readonly examine: Examine | undefined;
}

function* judge(source: string, text: YamlText, surroundings: Surroundings): Steps<LoadedConfiguration> {
  const { files, environment, isDemo, examine } = surroundings;
  const problems = new Problems(text);
  const warnings = new Problems(text);
  const file = (name: string) => files.file(name);
  refuseUnsafeEnvironment(environment, problems.add);
  const { value, paths } = substitute(text.value, { environment, file }, problems.add);
  problems.ignoreAgain();
  const reading: Reading = {
    report: problems.add,
    warn: warnings.add,
    file,
    isSubstituted: (path) => paths.has(path),
    isDemo,
  };
  checkCrossReferences(value, reading);
  yield;
  const configuration = yield* readSection(Configuration, value, '', reading);
  if (configuration === unreadable || problems.inOrder.length > 0) {
    problems.ignoreAgain();
    if (examine) yield* examine(yield* soundPart(value, reading), problems.add);
    throw new ConfigurationInvalid(source, problems.inOrder, files.digests);
  }
  return { source, configuration, warnings: warnings.inOrder, files: files.digests, locate: problems.locate };
}

/** Collects problems and adds the line of each. */
class Problems {
  private readonly list: ConfigurationProblem[] = [];
  private settled: ReadonlySet<string> = new Set();

  constructor(private readonly text: YamlText) {}

  readonly add = (problem: ConfigurationProblem): void => {
    if (!this.settled.has(problem.path)) this.list.push(this.locate(problem));
  };

  readonly locate = (problem: ConfigurationProblem): ConfigurationProblem => {
    const line = this.text.lineOf(problem.path);
    return line === undefined ? problem : { ...problem, line };
  };

  /** What is wrong at a path so far is all there is to say of it: what it would have been is not known. */
  ignoreAgain(): void {
    this.settled = new Set(this.list.map(({ path }) => path));
  }

  get inOrder(): readonly ConfigurationProblem[] {
    return this.list.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
}
