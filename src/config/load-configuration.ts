/** Loads a configuration: reads the file and all others that it names, checks everything, and reports every problem at once. */
import { dirname, resolve } from 'node:path';
import type { IncludedFile } from '../shared/configuration/active-configuration.js';
import type {
  ConfigurationOf,
  ConfigurationSection,
  PreparedOf,
  Sections,
} from '../shared/configuration/configuration-section.js';
import { Place, type ConfigurationProblem, type ProblemReporters } from '../shared/configuration/place.js';
import { isMapping } from '../shared/configuration/read-section.js';
import type { Pause } from '../shared/pause.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { digestOfContent, hexadecimal, type FileDigests } from './file-digests.js';
import { IncludeMemory } from './include-memory.js';
import { includeSection } from './include.section.js';
import { readIncluded } from './included-files.js';
import { NamedFiles } from './named-files.js';
import { ownersSection, rightsOf, type OwnerSection } from './owners.section.js';
import { settleIncludes, type Settled } from './settle-includes.js';
import { sourceOf, type SourceFile } from './source-file.js';
import { parseYaml, YamlInvalid, type YamlText } from './yaml-text.js';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A valid configuration and what is known about it. */
export interface LoadedConfiguration<All extends Sections> {
  /** The file, as its user named it. */
  readonly source: string;
  readonly configuration: ConfigurationOf<All>;
  /** SHA-256 of the file as it was read, in hexadecimal: what `sha256sum` prints. See {@link ConfigurationVersion.digest}. */
  readonly digest: string;
  /** What works and should not; to be logged. */
  readonly warnings: readonly ConfigurationProblem[];
  /** How each included file stands. */
  readonly included: readonly IncludedFile[];
  /** The files and all that they name; to be watched. */
  readonly files: FileDigests;
  /** What it was made ready as, where that was needed to judge it. Its warnings are among the others then. */
  readonly prepared?: PreparedOf<All>;
  /** Where members of its lists are really written. */
  readonly originOf: NonNullable<ProblemReporters['originOf']>;
  /** Adds the line to a problem that was found later. */
  locate(problem: ConfigurationProblem): ConfigurationProblem;
  /** To be called when it comes into force: its included files are then the last good ones. */
  remember(): void;
}

/** How a configuration is loaded. */
export interface LoadOptions<All extends Sections> {
  /** The sections that a file may have. */
  readonly sections: All;
  readonly environment: Environment;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
  /** What is known of included files since before; absent: nothing. */
  readonly memory?: IncludeMemory;
}

/**
 * Loads a configuration file with all files that it names and includes. Thousands of issuers take a second: it pauses again and
 * again. What can be read of a file with problems is made ready as well, so that all of them are reported; the sections of a
 * sound one are made ready when it comes into force.
 * @throws {ConfigurationInvalid} with every problem; what is wrong with included files alone is not thrown
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
    const digest = hexadecimal(files.digests.get(path));
    return await judge(file, { ...options, text, files, digest, directory: dirname(path), isDemo: false });
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
  const directory = process.cwd();
  return judge('demo mode', { ...options, text, files: new NamedFiles(directory), digest, directory, isDemo: true });
}

interface MainText<All extends Sections> extends LoadOptions<All> {
  readonly text: YamlText;
  readonly files: NamedFiles;
  readonly digest: string;
  readonly directory: string;
  readonly isDemo: boolean;
}

async function judge<All extends Sections>(name: string, given: MainText<All>): Promise<LoadedConfiguration<All>> {
  const { environment, sections, directory, pause, memory = new IncludeMemory(), ...others } = given;
  const source = sourceOf({ ...others, file: undefined, environment });
  const main = { ...source, problems: [...source.problems, ...unsafeEnvironment(environment)] };
  const patterns = await includedPatterns(main, pause);
  const owners = await ownersIn(main, pause);
  const keys = sections.filter(({ form }) => form.field.keyedBy !== undefined).map(({ key }) => key);
  const context = {
    directory,
    environment,
    keys,
    inForce: memory.files,
    pause,
    rightsOf: (file: string) => rightsOf(owners, directory, file),
  };
  const found = await readIncluded(patterns, context);
  const { sources, absent } = found;
  const toSettle = { ...others, sections, pause, main, included: sources, hasIncludes: patterns.length > 0, memory };
  const settled = await settleIncludes(toSettle);
  const files = new Map([...main.files.digests, ...found.digests()]);
  if (Array.isArray(settled)) throw new ConfigurationInvalid(name, settled, files);
  const { sound, used, claims, included } = settled as Settled<All>;
  return {
    ...sound,
    source: name,
    digest: digestOfSources(main, used, patterns),
    warnings: [...absent.map((i) => absentWarning(main, i)), ...sound.warnings].map(sound.locate),
    included,
    files,
    remember: () => {
      memory.remember(
        sources.map(({ file }) => file),
        used,
        claims,
      );
    },
  };
}

/** Read before all else: what is wrong with them is reported when they are read with the other sections. */
async function includedPatterns(main: SourceFile, pause: Pause): Promise<readonly string[]> {
  return readAhead(includeSection, main, pause);
}

/** Of owners that cannot be read nothing is known: then the main file is wrong, and included ones have no rights meanwhile. */
async function ownersIn(main: SourceFile, pause: Pause): Promise<readonly OwnerSection[] | undefined> {
  const isThere = isMapping(main.value) && (main.value[ownersSection.key] ?? undefined) !== undefined;
  return (await readAhead(ownersSection, main, pause)) ?? (isThere ? [] : undefined);
}

function readAhead<Section>(
  { key, form }: ConfigurationSection<string, Section, unknown>,
  { value }: SourceFile,
  pause: Pause,
): Promise<Section> {
  const written = isMapping(value) ? value[key] : undefined;
  const place = new Place({ report: () => undefined, warn: () => undefined });
  const reading = { file: () => 'no file', isSubstituted: () => false, isDemo: false };
  return form.readSound(written, place, reading, pause);
}

function absentWarning({ value }: SourceFile, index: number): ConfigurationProblem {
  const isList = isMapping(value) && Array.isArray(value[includeSection.key]);
  const path = isList ? `${includeSection.key}[${index}]` : includeSection.key;
  return { path, found: 'no such directory or file', expected: 'one that is there, even if it is empty' };
}

/** Of the main file alone where nothing is included. Else what this prints: `sha256sum FILES | cut -c1-64 | sha256sum`. */
function digestOfSources(main: SourceFile, used: readonly SourceFile[], patterns: readonly string[]): string {
  if (patterns.length === 0) return main.digest;
  const lines = [main, ...used].map(({ digest }) => `${digest}\n`);
  return hexadecimal(digestOfContent(Buffer.from(lines.join(''))));
}

/**
 * Node itself has a switch that turns the check of every certificate off. With it, every host on the way could give us keys:
 * we refuse to run (attack L-02, RFC 8414 §6.1).
 */
function unsafeEnvironment(environment: Environment): readonly ConfigurationProblem[] {
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return [];
  return [
    {
      path: '${env:NODE_TLS_REJECT_UNAUTHORIZED}',
      found: '0, which turns off the check of certificates',
      expected: 'the variable not set; for an issuer with its own authority, network.caFile',
    },
  ];
}
