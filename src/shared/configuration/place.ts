/** One thing that is wrong with a configuration: where, what was found, what was expected, and what to do. */
export interface ConfigurationProblem {
  /** Path in the file, such as `issuers[0].keys.jwksUri`. */
  readonly path: string;
  /** What was found, shortened; never a secret. */
  readonly found: string;
  /** What was expected, with an example where that helps; ends in a "did you mean" where one is near. */
  readonly expected: string;
  /** Line of the file, counted from 1; the loader adds it where it knows. */
  readonly line?: number;
}

/** Collects problems, so that all of them are reported at once. */
export type ProblemReporter = (problem: ConfigurationProblem) => void;

/** Who is given what is found wrong with a configuration. */
export interface ProblemReporters {
  /** Gets what cannot be used. */
  readonly report: ProblemReporter;
  /** Gets what works and should not. */
  readonly warn: ProblemReporter;
}

/**
 * Says where in the configuration a value stands, and takes what is wrong with it: one value instead of a path and two
 * reporters, so that a problem cannot be reported at another path than the one that was judged.
 */
export class Place {
  private parent: Place | undefined;
  /** The key or index within the parent. */
  private step: string | number = '';
  /** The key that this place itself stands for: what is said of it is said of this place. */
  private shortKey: string | undefined;
  /** Made when it is needed: of a sound value it is not. */
  private knownPath: string | undefined;
  private hasRefusal = false;

  /**
   * @param reporters get everything that is found at this place and below it
   * @param path of this place; empty for the whole file
   */
  constructor(
    private readonly reporters: ProblemReporters,
    path = '',
  ) {
    this.knownPath = path;
  }

  /** Path in the file, such as `issuers[0].keys.jwksUri`. */
  get path(): string {
    this.knownPath ??= pathBelow(this.parent?.path ?? '', this.step);
    return this.knownPath;
  }

  /** The place of a key of a mapping, or of a member of a list. */
  at(step: string | number): Place {
    const place = new Place(this.reporters);
    place.parent = this;
    place.step = step;
    place.knownPath = step === this.shortKey ? this.path : undefined;
    return place;
  }

  /** This place as that of a mapping of which only the value of `key` is written: the two have one path. */
  asShortFormOf(key: string): Place {
    const place = this.again();
    place.shortKey = key;
    return place;
  }

  /** The same place for another attempt to read what is there: nothing was refused through it yet. */
  again(): Place {
    const place = new Place(this.reporters, this.path);
    place.parent = this;
    return place;
  }

  /**
   * Reports what cannot be used.
   * @param found shortened; never a secret
   * @param expected with an example where that helps
   */
  refuse(found: string, expected: string): void {
    this.markRefused();
    this.reporters.report({ path: this.path, found, expected });
  }

  /** Reports what works and should not; parameters as of {@link refuse}. */
  warn(found: string, expected: string): void {
    this.reporters.warn({ path: this.path, found, expected });
  }

  /** Whether nothing was refused here or below: through this object, or one that was made from it. */
  get isSound(): boolean {
    return !this.hasRefusal;
  }

  private markRefused(): void {
    this.hasRefusal = true;
    this.parent?.markRefused();
  }
}

function pathBelow(parent: string, step: string | number): string {
  return typeof step === 'number' ? `${parent}[${step}]` : pathTo(parent, step);
}

/** Longest key that a path spells out, in UTF-16 code units. */
const MAX_KEY = 80;

/** `issuers[0].keys`, or `["odd key"]` where a key is not a plain word. */
export function pathTo(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${JSON.stringify(key.slice(0, MAX_KEY))}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g;

/** The keys and indices that a path made by {@link pathTo} leads through. */
export function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(step)].map(([, index, quoted, word]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (word ?? '') : (JSON.parse(quoted) as string);
  });
}
