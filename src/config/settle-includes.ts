import type { Sections } from '../shared/configuration/configuration-section.js';
import type { ConfigurationProblem } from '../shared/configuration/place.js';
import type { IncludedFile } from '../shared/configuration/active-configuration.js';
import type { AttemptedClaims, IncludeMemory } from './include-memory.js';
import { ownerOf, type IncludedSource } from './included-files.js';
import { judgeSources, type Sound, type ToJudge } from './judge-sources.js';
import { byPlace } from './problems.js';

/** What is to be judged, with the versions of included files to choose from. */
export interface ToSettle<All extends Sections> extends Omit<ToJudge<All>, 'included' | 'claims'> {
  /** As they are now. */
  readonly included: readonly IncludedSource[];
  readonly memory: IncludeMemory;
}

/** A configuration with as much of the included files as can be in force. */
export interface Settled<All extends Sections> {
  readonly sound: Sound<All>;
  /** The versions of included files that are part of it. */
  readonly used: readonly IncludedSource[];
  readonly claims: AttemptedClaims;
  readonly included: readonly IncludedFile[];
}

/** An included file, with the version of it that is tried. */
interface Candidate {
  readonly current: IncludedSource;
  /** `undefined`: none can be used. */
  used: IncludedSource | undefined;
  /** What is wrong with the current one. */
  problems: readonly ConfigurationProblem[];
}

/**
 * Judges the main file with all included ones. A file that is at fault is replaced by its last good version, or left out, and
 * the rest is judged again, until nothing is wrong: each file is in force whole or not at all, and holds up nobody else.
 * @returns every problem where the main file itself is wrong
 */
export async function settleIncludes<All extends Sections>(
  toSettle: ToSettle<All>,
): Promise<Settled<All> | readonly ConfigurationProblem[]> {
  const { included, memory, ...others } = toSettle;
  const candidates = included.map((current): Candidate => ({ current, used: current, problems: [] }));
  for (;;) {
    const claims = memory.newClaims();
    const used = candidates.flatMap((candidate) => candidate.used ?? []);
    const judged = await judgeSources({ ...others, included: used, claims });
    if (!isRefused(judged)) return { sound: judged, used, claims, included: candidates.map(statusOf) };
    if (judged.some(({ file }) => file === undefined)) return withEarlier(judged, candidates);
    for (const candidate of atFault(candidates, judged)) leaveOut(candidate, judged, memory);
  }
}

function isRefused<All extends Sections>(
  judged: Sound<All> | readonly ConfigurationProblem[],
): judged is readonly ConfigurationProblem[] {
  return Array.isArray(judged);
}

/**
 * Those with a problem of their own. What only conflicts with another file is judged again without these: the other one may
 * have been left out.
 */
function atFault(candidates: readonly Candidate[], problems: readonly ConfigurationProblem[]): readonly Candidate[] {
  const own = problems.filter(({ conflictsWith }) => conflictsWith === undefined);
  const files = new Set((own.length > 0 ? own : problems).map(({ file }) => file));
  return candidates.filter(({ current }) => files.has(current.file));
}

function leaveOut(candidate: Candidate, judged: readonly ConfigurationProblem[], memory: IncludeMemory): void {
  const { current, used } = candidate;
  const isCurrent = used === current;
  if (isCurrent) candidate.problems = judged.filter(({ file }) => file === current.file);
  const lastGood = memory.lastGoodOf(current.file);
  candidate.used = isCurrent && lastGood !== current ? lastGood : undefined;
}

function withEarlier(
  judged: readonly ConfigurationProblem[],
  candidates: readonly Candidate[],
): readonly ConfigurationProblem[] {
  const earlier = candidates.filter(({ current, used }) => current !== used).flatMap(({ problems }) => problems);
  const told = new Set(earlier.map(({ file }) => file));
  return [...judged.filter(({ file }) => !told.has(file)), ...earlier].toSorted(byPlace);
}

function statusOf({ current, used, problems }: Candidate): IncludedFile {
  const owner = used && ownerOf(used);
  return {
    file: current.file,
    state: used === current ? 'current' : used ? 'last_good' : 'refused',
    ...(used && { digest: used.digest }),
    ...(owner !== undefined && { owner }),
    problems,
  };
}
