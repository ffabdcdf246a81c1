/** Judges all files of a configuration together, as if they were written in one. */
import type { ConfigurationOf, PreparedOf, Sections } from '../shared/configuration/configuration-section.js';
import { unreadable, type Reading } from '../shared/configuration/field.js';
import type { OwnerRights } from '../shared/configuration/owner-rights.js';
import {
  Place,
  type ConfigurationProblem,
  type FirstClaims,
  type ProblemReporters,
} from '../shared/configuration/place.js';
import { Written } from '../shared/configuration/written.js';
import type { Pause } from '../shared/pause.js';
import { fillIn, gatherEntries } from './entries.js';
import { prepareSections } from './prepare-sections.js';
import { Problems } from './problems.js';
import { readFile, readSoundPart } from './read-file.js';
import { placeOf, type SourceFile } from './source-file.js';

/** Files that are to be one configuration, and how they are judged. */
export interface ToJudge<All extends Sections> {
  readonly sections: All;
  readonly main: SourceFile;
  /** What they register is read with the main file. */
  readonly included: readonly SourceFile[];
  /** The main file includes others, even where there are none: what it does not register, they may. */
  readonly hasIncludes: boolean;
  readonly claims: FirstClaims;
  readonly isDemo: boolean;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/** What files say together. */
export interface Sound<All extends Sections> {
  readonly configuration: ConfigurationOf<All>;
  readonly warnings: readonly ConfigurationProblem[];
  /** Where it was needed to know whether all is well. */
  readonly prepared?: PreparedOf<All>;
  readonly originOf: NonNullable<ProblemReporters['originOf']>;
  readonly locate: (problem: ConfigurationProblem) => ConfigurationProblem;
}

/**
 * Judges files together, as if all were written in one. What can be read of files with problems is made ready as well, so that
 * all problems are reported.
 * @returns what they say, or every problem, in order
 */
export async function judgeSources<All extends Sections>(
  toJudge: ToJudge<All>,
): Promise<Sound<All> | readonly ConfigurationProblem[]> {
  const { sections, main, included, hasIncludes, claims, isDemo, nowMs, pause } = toJudge;
  const problems = new Problems([main, ...included]);
  const warnings = new Problems([main, ...included]);
  const reporters = { report: problems.add, warn: warnings.add, claims };
  for (const source of [main, ...included]) source.problems.forEach(problems.add);
  problems.ignoreAgain();
  const contributionOf = (source: SourceFile) => ({ ...source, place: placeOf(source.file, reporters) });
  const { value, originOf } = gatherEntries(sections, contributionOf(main), included.map(contributionOf), hasIncludes);
  const located = { ...reporters, originOf };
  await pause();
  await fillIn(sections, value, new Place(located), pause);
  const written = new Written(value, new Place(located));
  const rights = rightsIn(included);
  for (const section of sections) {
    await pause();
    section.checkWritten?.(written);
    await refuseUngranted(section, written, rights, pause);
  }
  const toRead = { sections, raw: value, reading: readingOf([main, ...included], isDemo), pause };
  const configuration = await readFile(toRead, new Place(located));
  if (configuration === unreadable || problems.inOrder.length > 0) {
    problems.ignoreAgain();
    const place = new Place({ ...located, warn: () => undefined });
    await prepareSections(sections, await readSoundPart(toRead), { place, nowMs, pause });
    return problems.inOrder;
  }
  const sound = { configuration, originOf, locate: problems.locate };
  if (!hasIncludes) return { ...sound, warnings: warnings.inOrder };
  // Whether a file is at fault can show as late as this, and then another version of it has to be judged.
  const prepared = await prepareSections(sections, configuration, { place: new Place(located), nowMs, pause });
  return problems.inOrder.length > 0 ? problems.inOrder : { ...sound, prepared, warnings: warnings.inOrder };
}

/** Rights of the included files that have fewer than the main one. */
function rightsIn(included: readonly SourceFile[]): ReadonlyMap<string | undefined, OwnerRights> {
  return new Map(included.flatMap(({ file, rights }) => (rights ? [[file, rights]] : [])));
}

async function refuseUngranted(
  section: Sections[number],
  written: Written,
  rights: ReadonlyMap<string | undefined, OwnerRights>,
  pause: Pause,
): Promise<void> {
  if (section.form.field.keyedBy === undefined || rights.size === 0) return;
  for (const member of written.at(section.key).members) {
    await pause();
    const own = rights.get(member.place.file);
    if (!own) continue;
    if (section.refuseUngranted) section.refuseUngranted(member, own);
    else member.place.refuse('an entry that no included file may have', 'it in the main file');
  }
}

/** What is written in a file is replaced from the files that this one named when it was read. */
function readingOf(sources: readonly SourceFile[], isDemo: boolean): Reading {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const substituted = new Set(sources.flatMap((source) => [...source.substituted]));
  return {
    file: (name, place) => byFile.get(place.file)?.files.file(name) ?? 'there is no such file',
    isSubstituted: (path) => substituted.has(path),
    isDemo,
  };
}
