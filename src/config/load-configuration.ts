import { dirname, resolve } from 'node:path';
import type { ConfigurationOf, Sections } from '../shared/configuration/configuration-section.js';
import { unreadable, type Reading } from '../shared/configuration/field.js';
import { Place, type ConfigurationProblem, type ProblemReporters } from '../shared/configuration/place.js';
import { Written } from '../shared/configuration/written.js';
import type { Pause } from '../shared/pause.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { fillIn, gatherEntries } from './entries.js';
import { digestOfContent, type FileDigests } from './file-digests.js';
import { NamedFiles } from './named-files.js';
import { prepareSections } from './prepare-sections.js';
import { readFile, readSoundPart } from './read-file.js';
import { substitute } from './substitute.js';
import { parseYaml, YamlInvalid, type YamlText } from './yaml-text.js';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A valid configuration and what is known about it. */
export interface LoadedConfiguration<All extends Sections> {
  /** The file, as its user named it. */
  readonly source: string;
  readonly configuration: ConfigurationOf<All>;
  /** SHA-256 of the file as it was read, in hexadecimal: what `sha256sum` prints. */
  readonly digest: string;
  /** What works and should not; to be logged. */
  readonly warnings: readonly ConfigurationProblem[];
  /** The file and all that it names; to be watched. */
  readonly files: FileDigests;
  /** Where members of its lists are really written. */
  readonly originOf: NonNullable<ProblemReporters['originOf']>;
  /** Adds the line to a problem that was found later. */
  locate(problem: ConfigurationProblem): ConfigurationProblem;
}

/** How a configuration is loaded. */
export interface LoadOptions<All extends Sections> {
  /** The sections that a file may have. */
  readonly sections: All;
  readonly environment: Environment;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/**
 * Loads a configuration file with all files that it names. Thousands of issuers take a second: it pauses again and again.
 * What can be read of a file with problems is made ready as well, so that all of them are reported; the sections of a sound
 * one are made ready when it comes into force.
 * @throws {ConfigurationInvalid} with every problem
 */
export async function loadConfiguration<All extends Sections>(
  file: string,
  options: LoadOptions<All>,
): Promise<LoadedConfiguration<All>> {
  const path = resolve(file);
  const files = new NamedFiles(dirname(path));
  const content = files.file(path);
  if (typeof content === 'string') {
    throw new ConfigurationInvalid(file, [{ path: '', found: content, expected: 'a YAML file' }], files.digests);
  }
  try {
    const text = await parseYaml(content.text, options.pause);
    return await judge(file, text, { ...options, files, digest: hexadecimal(files.digests.get(path)), isDemo: false });
  } catch (error) {
    if (error instanceof YamlInvalid) throw new ConfigurationInvalid(file, error.problems, files.digests);
    throw error;
  }
}

/**
 * The configuration of demo mode, judged like the content of a file, except that its secrets may be literal.
 * @throws {ConfigurationInvalid} with every problem
 */
export function loadDemoConfiguration<All extends Sections>(
  value: object,
  options: LoadOptions<All>,
): Promise<LoadedConfiguration<All>> {
  const text: YamlText = { value, lineOf: () => undefined };
  const digest = hexadecimal(digestOfContent(Buffer.from(JSON.stringify(value))));
  return judge('demo mode', text, { ...options, files: new NamedFiles(process.cwd()), digest, isDemo: true });
}

function hexadecimal(digest = ''): string {
  return Buffer.from(digest, 'base64url').toString('hex');
}

interface Surroundings<All extends Sections> extends LoadOptions<All> {
  readonly files: NamedFiles;
  readonly digest: string;
  readonly isDemo: boolean;
}

async function judge<All extends Sections>(
  source: string,
  text: YamlText,
  { files, digest, environment, isDemo, sections, nowMs, pause }: Surroundings<All>,
): Promise<LoadedConfiguration<All>> {
  const problems = new Problems(text);
  const warnings = new Problems(text);
  const reporters = { report: problems.add, warn: warnings.add };
  const file = (name: string) => files.file(name);
  refuseUnsafeEnvironment(environment, reporters);
  const substituted = substitute(text.value, { environment, file }, new Place(reporters));
  problems.ignoreAgain();
  const isSubstituted = (path: string) => substituted.paths.has(path);
  const main = { value: substituted.value, place: new Place(reporters), isSubstituted };
  const { value, originOf } = gatherEntries(sections, main, []);
  const located = { ...reporters, originOf };
  await pause();
  await fillIn(sections, value, new Place(located), pause);
  const written = new Written(value, new Place(located));
  for (const section of sections) section.checkWritten?.(written);
  const reading: Reading = { file, isSubstituted, isDemo };
  const toRead = { sections, raw: value, reading, pause };
  const configuration = await readFile(toRead, new Place(located));
  if (configuration === unreadable || problems.inOrder.length > 0) {
    problems.ignoreAgain();
    const place = new Place({ ...located, warn: () => undefined });
    await prepareSections(sections, await readSoundPart(toRead), { place, nowMs, pause });
    throw new ConfigurationInvalid(source, problems.inOrder, files.digests);
  }
  return {
    source,
    configuration,
    digest,
    warnings: warnings.inOrder,
    files: files.digests,
    originOf,
    locate: problems.locate,
  };
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

/**
 * Node itself has a switch that turns the check of every certificate off. With it, every host on the way could give us keys:
 * we refuse to run (attack L-02, RFC 8414 §6.1).
 */
function refuseUnsafeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  reporters: ProblemReporters,
): void {
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  new Place(reporters, '${env:NODE_TLS_REJECT_UNAUTHORIZED}').refuse(
    '0, which turns off the check of certificates',
    'the variable not set; for an issuer with its own authority, network.caFile',
  );
}
