import { Dice } from './dice.js';

const second = 1_000;
const minute = 60 * second;

/** Decisions come from dice of their own, so that the rest of a plan with the same seed stays what it was. */
const DECISIONS_SEED = 1_000_003;

/** Three fetches that find nothing have to span two minutes before they are believed. */
const LONGEST_EMPTY_MS = 100 * second;

/** From `fromMs` on, before `toMs`, in world time. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How a model issuer answers. `truncated` lies once, in its first answer; `lagging` shows an older set now and then. */
export const moods = ['up', 'down', 'hang', 'slow', 'empty', 'garbage', 'lagging', 'truncated'] as const;
export type Mood = (typeof moods)[number];

export interface MoodInterval extends Interval {
  readonly mood: Mood;
  readonly lagMs: number;
}

/** What the link of some replicas to the shared store does. */
export interface LinkFault extends Interval {
  readonly fault: 'refused' | 'silent' | 'slow' | 'other_side';
  /** Replicas that it happens to. */
  readonly replicas: ReadonlySet<number>;
}

/** Something that happens to the shared store at once. */
export interface StoreShock {
  readonly atMs: number;
  readonly shock: 'flush' | 'regress' | 'clock';
  /** How far the clock is moved, or how much is lost. */
  readonly byMs: number;
}

export interface Pause extends Interval {
  readonly replica: number;
}

/** What the issuer publishes from then on. */
export interface Publication {
  readonly atMs: number;
  readonly keys: readonly string[];
}

/** What an operator wants about one key, and where. */
export interface PlannedDecision {
  readonly atMs: number;
  readonly replica: number;
  readonly verdict: 'denied' | 'allowed';
  readonly thumbprint: string;
}

/** What an operator wants about one token, session or subject, and where. */
export interface PlannedRevocation {
  readonly atMs: number;
  readonly replica: number;
  readonly verdict: 'revoked' | 'allowed';
  readonly kind: 'token' | 'session' | 'subject';
  readonly value: string;
  /** An end before the usual one. */
  readonly forMs?: number;
}

/** All that will happen in one simulation, decided beforehand, so that checkers know what may be expected. */
export interface Plan {
  readonly seed: number;
  readonly replicas: number;
  readonly lengthMs: number;
  readonly hardTtlMs: number;
  readonly publications: readonly Publication[];
  readonly moods: readonly MoodInterval[];
  readonly linkFaults: readonly LinkFault[];
  readonly shocks: readonly StoreShock[];
  readonly pauses: readonly Pause[];
  readonly restarts: readonly { readonly atMs: number; readonly replica: number }[];
  /** Made-up key ids, at every replica. */
  readonly attacks: readonly Interval[];
  /** Replicas that get requests only now and then: they follow nothing but their own schedule. */
  readonly idle: ReadonlySet<number>;
  /** What operators decide about keys of the issuer that has trouble. */
  readonly decisions: readonly PlannedDecision[];
  /** When somebody who may write to the store puts back every decision that ever stood there. */
  readonly replays: readonly number[];
  /** What is revoked of tokens of that issuer, and taken back. None: replicas have no list of it. */
  readonly revocations: readonly PlannedRevocation[];
  /** Most that may be in force at once. */
  readonly quota: number;
  /** When the registration reads the id of a token from its other claim from then on. */
  readonly registeredAnewAtMs: number;
}

/** The key that is published all the time. */
export const LASTING_KEY = 'lasting';

/** A plan in which nothing happens; directed scenarios add what they are about. */
export function quietPlan(differences: Partial<Plan> = {}): Plan {
  return {
    seed: 1,
    replicas: 8,
    lengthMs: 20 * minute,
    hardTtlMs: 4 * 60 * minute,
    publications: [{ atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] }],
    moods: [],
    linkFaults: [],
    shocks: [],
    pauses: [],
    restarts: [],
    attacks: [],
    idle: new Set(),
    decisions: [],
    replays: [],
    revocations: [],
    quota: 500,
    registeredAnewAtMs: Number.POSITIVE_INFINITY,
    ...differences,
  };
}

/** A plan with trouble of every kind. */
export function randomPlan(seed: number, replicas: number, lengthMs: number): Plan {
  const dice = new Dice(seed);
  const allReplicas = [...Array(replicas).keys()];
  const some = (): ReadonlySet<number> => new Set(allReplicas.filter(() => dice.chance(0.3)));
  const moment = (): number => dice.between(0, lengthMs);
  const several = <T>(most: number, make: () => T): readonly T[] =>
    [...Array(dice.integer(0, most)).keys()].map(() => make());
  const interval = (least: number, most: number): Interval => {
    const fromMs = moment();
    return { fromMs, toMs: fromMs + dice.between(least, most) };
  };
  return quietPlan({
    seed,
    replicas,
    lengthMs,
    hardTtlMs: dice.oneOf([15 * minute, 20 * minute, 4 * 60 * minute]),
    publications: randomPublications(dice, lengthMs),
    moods: randomMoods(dice, lengthMs),
    linkFaults: [
      ...several(2, () => ({
        ...interval(2 * second, 8 * minute),
        fault: dice.oneOf(['refused', 'silent', 'slow'] as const),
        replicas: new Set(allReplicas),
      })),
      ...several(3, () => ({
        ...interval(second, 6 * minute),
        fault: dice.oneOf(['refused', 'silent', 'slow'] as const),
        replicas: some(),
      })),
      ...several(1, () => ({ ...interval(10 * second, 6 * minute), fault: 'other_side' as const, replicas: some() })),
    ],
    shocks: several(3, () => ({
      atMs: moment(),
      shock: dice.oneOf(['flush', 'regress', 'clock'] as const),
      byMs: dice.between(-10 * second, 10 * second),
    })),
    pauses: several(4, () => ({ ...interval(second, 60 * second), replica: dice.oneOf(allReplicas) })),
    restarts: several(6, () => ({ atMs: moment(), replica: dice.oneOf(allReplicas) })),
    attacks: several(2, () => interval(10 * second, 10 * minute)),
    idle: dice.chance(0.5) ? some() : new Set(),
    ...randomDecisions(new Dice(seed + DECISIONS_SEED), replicas, lengthMs),
  });
}

/** Several operators, who may disagree about a key within moments; and now and then all that they decided comes once more. */
function randomDecisions(dice: Dice, replicas: number, lengthMs: number): Pick<Plan, 'decisions' | 'replays'> {
  const decisions: PlannedDecision[] = [];
  for (let atMs = dice.between(0, minute); atMs < lengthMs;) {
    const replica = dice.integer(0, replicas - 1);
    const verdict = dice.chance(0.6) ? 'denied' : 'allowed';
    decisions.push({ atMs, replica, verdict, thumbprint: `denied-${dice.integer(1, 5)}` });
    atMs += dice.chance(0.3) ? dice.between(0, 3 * second) : dice.between(second, 90 * second);
  }
  const replays = [...Array(dice.integer(0, 3)).keys()].map(() => dice.between(0, lengthMs));
  return { decisions, replays };
}

/** Keys come and go, as with rotations, and one is now and then removed by mistake and put back. */
function randomPublications(dice: Dice, lengthMs: number): readonly Publication[] {
  let others = ['first'];
  const publications: Publication[] = [{ atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, ...others] }];
  let count = 0;
  let withdrawn: string | undefined;
  for (let atMs = dice.between(0, 4 * minute); atMs < lengthMs; atMs += dice.between(20 * second, 8 * minute)) {
    if (withdrawn !== undefined) others = [...others, withdrawn];
    const step = dice.roll();
    const victim = dice.oneOf(others);
    const removes = others.length > 1 && step < 0.5;
    withdrawn = removes && dice.chance(0.3) ? victim : undefined;
    others = removes ? others.filter((key) => key !== victim) : [...others, `key-${++count}`];
    publications.push({ atMs, keys: [LASTING_KEY, ...others] });
  }
  return publications;
}

function randomMoods(dice: Dice, lengthMs: number): readonly MoodInterval[] {
  const intervals: MoodInterval[] = [];
  for (let fromMs = dice.between(0, 8 * minute); fromMs < lengthMs;) {
    const mood = dice.oneOf(moods);
    const lengthOfThis = dice.chance(0.1) ? dice.between(10, 25) * minute : dice.between(2 * second, 4 * minute);
    // A set that stays empty is believed in the end, and then there is nothing left to check.
    const toMs = fromMs + (mood === 'empty' ? Math.min(lengthOfThis, LONGEST_EMPTY_MS) : lengthOfThis);
    intervals.push({ fromMs, toMs, mood, lagMs: dice.oneOf([8, 40, 120]) * second });
    fromMs = toMs + dice.between(minute, 8 * minute);
  }
  return intervals;
}

export function isIn(atMs: number, { fromMs, toMs }: Interval): boolean {
  return fromMs <= atMs && atMs < toMs;
}
