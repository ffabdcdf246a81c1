/** Decides which versions of included files are in force, so that one bad file holds up nobody but its owner. */
import type { Sections } from '../shared/configuration/configuration-section.js';
import type { ConfigurationProblem } from '../shared/configuration/place.js';
import type { IncludedFile } from '../shared/configuration/active-configuration.js';
import type { AttemptedClaims, IncludeMemory } from './include-memory.js';
import { ownerOfFile, type IncludedSource } from './included-files.js';
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
  const judge = async (used: readonly IncludedSource[]) => {
    const claims = memory.newClaims();
    return { claims, judged: await judgeSources({ ...others, included: used, claims }) };
  };
  for (;;) {
    const used = candidates.flatMap((candidate) => candidate.used ?? []);
    const { claims, judged } = await judge(used);
    if (!isRefused(judged)) return { sound: judged, used, claims, included: candidates.map(statusOf) };
    const blamed = candidatesWith(candidates, filesAtFault(judged));
    for (const candidate of blamed) {
      leaveOut(
        candidate,
        judged.filter(({ file }) => file === candidate.current.file),
        memory,
      );
    }
    if (blamed.length > 0) continue;
    const culprit = await culpritAmong(inForceFirst(used, memory), async (some) => (await judge(some)).judged);
    if (!culprit) return withEarlier(judged, candidates);
    for (const candidate of candidatesWith(candidates, [culprit.file])) leaveOut(candidate, culprit.problems, memory);
  }
}

/**
 * The file without which the main file would not be wrong, as where it registers another issuer that a caller of the main file
 * could not tell from the first.
 * @returns undefined where the main file is wrong by itself
 */
async function culpritAmong<All extends Sections>(
  used: readonly IncludedSource[],
  judge: (some: readonly IncludedSource[]) => Promise<Judgement<All>>,
): Promise<{ readonly file: string; readonly problems: readonly ConfigurationProblem[] } | undefined> {
  if (used.length === 0 || isRefused(await judge([]))) return undefined;
  let [sound, wrong] = [0, used.length];
  while (wrong - sound > 1) {
    const middle = Math.floor((sound + wrong) / 2);
    if (isRefused(await judge(used.slice(0, middle)))) wrong = middle;
    else sound = middle;
  }
  const [culprit, judged] = [used[wrong - 1], await judge(used.slice(0, wrong))];
  return culprit && isRefused(judged) ? { file: culprit.file, problems: judged } : undefined;
}

/** What is in force goes before what is new, so that the new one is the one at fault. */
function inForceFirst(used: readonly IncludedSource[], memory: IncludeMemory): readonly IncludedSource[] {
  const isNew = ({ file, digest }: IncludedSource) => Number(memory.lastGoodOf(file)?.digest !== digest);
  return used.toSorted((a, b) => isNew(a) - isNew(b));
}

type Judgement<All extends Sections> = Sound<All> | readonly ConfigurationProblem[];

function isRefused<All extends Sections>(judged: Judgement<All>): judged is readonly ConfigurationProblem[] {
  return Array.isArray(judged);
}

/**
 * Included files with a problem of their own. What only conflicts with another file is judged again without these: the other
 * one may have been left out.
 */
function filesAtFault(problems: readonly ConfigurationProblem[]): readonly (string | undefined)[] {
  const ofIncluded = problems.filter(({ file }) => file !== undefined);
  const own = ofIncluded.filter(({ conflictsWith }) => conflictsWith === undefined);
  return (own.length > 0 ? own : ofIncluded).map(({ file }) => file);
}

function candidatesWith(
  candidates: readonly Candidate[],
  files: readonly (string | undefined)[],
): readonly Candidate[] {
  const named = new Set(files);
  return candidates.filter(({ current, used }) => used !== undefined && named.has(current.file));
}

function leaveOut(candidate: Candidate, problems: readonly ConfigurationProblem[], memory: IncludeMemory): void {
  const { current, used } = candidate;
  const isCurrent = used === current;
  if (isCurrent) candidate.problems = problems;
  const lastGood = isCurrent ? memory.lastGoodOf(current.file) : undefined;
  // It is judged by the rights that the file has now; but what it was read with must be what it may still read.
  const mayBeUsed = lastGood?.readAs === current.readAs;
  candidate.used = mayBeUsed ? withRightsOf(current, lastGood) : undefined;
}

function withRightsOf({ rights }: IncludedSource, source: IncludedSource): IncludedSource {
  const copy = { ...source };
  delete copy.rights;
  return rights ? { ...copy, rights } : copy;
}

function withEarlier(
  judged: readonly ConfigurationProblem[],
  candidates: readonly Candidate[],
): readonly ConfigurationProblem[] {
  const earlier = candidates.filter(({ current, used }) => current !== used).flatMap(({ problems }) => problems);
  const reported = new Set(earlier.map(({ file }) => file));
  return [...judged.filter(({ file }) => !reported.has(file)), ...earlier].toSorted(byPlace);
}

function statusOf({ current, used, problems }: Candidate): IncludedFile {
  const owner = used && ownerOfFile(used);
  return {
    file: current.file,
    state: used === current ? 'current' : used ? 'last_good' : 'refused',
    ...(used && { digest: used.digest }),
    ...(owner !== undefined && { owner }),
    problems,
  };
}
