/** Finds and reads the files that `include` stands for. */
import { describeKind } from '../shared/configuration/describe.js';
import type { ConfigurationProblem } from '../shared/configuration/place.js';
import { isMapping, refuseUnknownKeys } from '../shared/configuration/read-section.js';
import { resolve } from 'node:path';
import type { Pause } from '../shared/pause.js';
import { hexadecimal, type FileDigests } from './file-digests.js';
import { byFileName, FilePattern, type FileList } from './file-patterns.js';
import type { FileRights } from './owners.section.js';
import { NamedFiles } from './named-files.js';
import { placeOf, sourceOf, type SourceFile } from './source-file.js';
import type { SubstitutionSources } from './substitute.js';
import { parseYaml, YamlInvalid } from './yaml-text.js';

/** Most included files: a thousand teams. */
const MOST_FILES = 1_000;

/** Longest included file, in UTF-16 code units: as much as a ConfigMap can hold. */
const LONGEST_FILE = 1024 ** 2;

/** What all included files together may have, in UTF-16 code units. */
const LONGEST_TOGETHER = 16 * LONGEST_FILE;

/** Who an included file says it belongs to: shown to operators, and worth nothing else. */
const OWNER = 'owner';

/** What reading included files needs from outside. */
export interface IncludeContext {
  /** Of the main file: relative names in all files start there. */
  readonly directory: string;
  readonly environment: SubstitutionSources['environment'];
  /** Keys that an included file may have. */
  readonly keys: readonly string[];
  /** Files of which a version is in force. */
  readonly inForce: readonly string[];
  readonly pause: Pause;
  /** What a file may say, and read. */
  readonly rightsOf: (file: string) => FileRights;
}

/** An included file: never the main one. */
export type IncludedSource = SourceFile & {
  readonly file: string;
  /** What it was allowed to read, as text, to compare it. */
  readonly readAs: string;
};

/** What was found where patterns lead. */
export interface IncludedSources {
  /** By the names of the files. */
  readonly sources: readonly IncludedSource[];
  /** Indices of patterns that lead to no directory, or name a file that is not there. */
  readonly absent: readonly number[];
  /** Patterns, files and what files name, as they were found. */
  digests(): FileDigests;
}

/** Reads every file that the patterns stand for, each once. */
export async function readIncluded(patterns: readonly string[], context: IncludeContext): Promise<IncludedSources> {
  const lists = patterns.map((text) => {
    const pattern = FilePattern.of(text, context.directory);
    return { pattern, list: pattern.list() };
  });
  const names = [...new Set(lists.flatMap(({ list }) => list.files))].sort(byFileName);
  const sources: IncludedSource[] = lists.flatMap((each) => unlistedIn(each, context));
  const chosen = chosenOf(names, context.inForce);
  const budget = { left: LONGEST_TOGETHER };
  for (const file of names) {
    await context.pause();
    sources.push(chosen.has(file) ? await readOne(file, context, budget) : tooMany(file, context));
  }
  return {
    sources: sources.sort((a, b) => byFileName(a.file, b.file)),
    absent: lists.flatMap(({ pattern, list }, i) => (leadsNowhere(pattern, list) ? [i] : [])),
    digests: () =>
      new Map([
        ...lists.map(({ pattern, list }) => [pattern.key, list.digest] as const),
        ...sources.flatMap(({ files }) => [...files.digests]),
      ]),
  };
}

/** Who the file says it belongs to. */
export function ownerOfFile({ value }: IncludedSource): string | undefined {
  const owner = isMapping(value) ? value[OWNER] : undefined;
  return typeof owner === 'string' ? owner.slice(0, 80) : undefined;
}

/** Nobody loses a registration because somebody else has written many files. */
function chosenOf(names: readonly string[], inForce: readonly string[]): ReadonlySet<string> {
  const old = new Set(inForce);
  const [kept, others] = [names.filter((name) => old.has(name)), names.filter((name) => !old.has(name))];
  return new Set([...kept, ...others].slice(0, MOST_FILES));
}

/** Where a directory cannot be listed, it is not known that a file of it has gone: what is in force stays. */
function unlistedIn(
  { pattern, list }: { readonly pattern: FilePattern; readonly list: FileList },
  { inForce, rightsOf }: IncludeContext,
): readonly IncludedSource[] {
  if (list.state !== 'failed') return [];
  const files = inForce.filter((file) => pattern.includes(file));
  return [pattern.path, ...files].map((file) =>
    refused(unread(file, rightsOf), 'a directory that cannot be listed', 'one that this process may read'),
  );
}

function leadsNowhere(pattern: FilePattern, { state, files }: FileList): boolean {
  return state === 'absent' || (state === 'listed' && files.length === 0 && !pattern.isOpen);
}

function tooMany(file: string, { rightsOf }: IncludeContext): IncludedSource {
  const expected = `at most ${MOST_FILES} included files; those in force are read first`;
  return refused(unread(file, rightsOf), 'one file too many', expected);
}

type Read = Pick<IncludedSource, 'file' | 'digest' | 'files' | 'readAs' | 'rights'>;

function unread(file: string, rightsOf: IncludeContext['rightsOf']): Read {
  return { file, digest: '', files: new NamedFiles('/'), ...readingOf(rightsOf(file)) };
}

/** Its rights, also where nothing of it can be read: its last good version has no others. */
function readingOf({ rights, reads }: FileRights): Pick<Read, 'readAs' | 'rights'> {
  return { readAs: JSON.stringify(reads ?? null), ...(rights && { rights }) };
}

function refused(read: Read, found: string, expected: string): IncludedSource {
  return nothingOf(read, [{ path: '', found, expected }]);
}

function nothingOf(read: Read, problems: readonly ConfigurationProblem[]): IncludedSource {
  return {
    ...read,
    value: undefined,
    lineOf: () => undefined,
    substituted: new Set(),
    problems: problems.map((problem) => ({ ...problem, file: read.file })),
  };
}

async function readOne(
  file: string,
  { directory, environment, keys, pause, rightsOf }: IncludeContext,
  budget: { left: number },
): Promise<IncludedSource> {
  const { reads } = rightsOf(file);
  const directories = (reads?.directories ?? []).map((each) => resolve(directory, each));
  const files = new NamedFiles(directory, reads && { own: file, directories });
  const content = files.file(file);
  const digest = hexadecimal(files.digests.get(file));
  const read = { file, digest, files, ...readingOf(rightsOf(file)) };
  if (typeof content === 'string') return refused(read, content, 'a YAML file');
  const { length } = content.text;
  if (length > Math.min(LONGEST_FILE, budget.left)) {
    const expected = 'at most 1 MiB in one included file, and 16 MiB in all';
    return refused(read, `${length} characters`, expected);
  }
  budget.left -= length;
  try {
    const source = sourceOf({
      ...read,
      text: await parseYaml(content.text, pause),
      environment,
      ...(reads && { variables: reads.environment }),
    });
    const whole = { ...source, ...read };
    return { ...whole, problems: [...source.problems, ...problemsOfShape(whole, keys)] };
  } catch (error) {
    if (!(error instanceof YamlInvalid)) throw error;
    return nothingOf(read, error.problems);
  }
}

/** Nothing but registrations: what belongs to all is said in the main file alone. */
function problemsOfShape({ file, value }: IncludedSource, keys: readonly string[]): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const place = placeOf(file, { report: (problem) => void problems.push(problem), warn: () => undefined });
  if (!isMapping(value)) {
    place.refuse(describeKind(value), `a mapping with ${keys.join(' and ')}`);
    return problems;
  }
  refuseUnknownKeys(value, [...keys, OWNER], place);
  for (const key of keys) {
    const given = value[key];
    const isFit = given === undefined || given === null || Array.isArray(given) || isMapping(given);
    if (!isFit) place.at(key).refuse(describeKind(given), 'a list, or a mapping with each id as a key');
  }
  const owner = value[OWNER];
  if (owner !== undefined && typeof owner !== 'string') place.at(OWNER).refuse(describeKind(owner), 'a text');
  return problems;
}
