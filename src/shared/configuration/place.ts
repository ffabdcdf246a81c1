/** One thing that is wrong with a configuration: where, what was found, what was expected, and what to do. */
export interface ConfigurationProblem {
  /** The file, where it is not the main one. */
  readonly file?: string;
  /** Path in the file, such as `issuers[0].keys.jwksUri`. */
  readonly path: string;
  /** What was found, shortened; never a secret. */
  readonly found: string;
  /** What was expected, with an example where that helps; ends in a "did you mean" where one is near. */
  readonly expected: string;
  /** Line of the file, counted from 1; the loader adds it where it knows. */
  readonly line?: number;
  /** Another file than the main one, without which this would be no problem: it says the same, and was first. */
  readonly conflictsWith?: string;
}

/** Collects problems, so that all of them are reported at once. */
export type ProblemReporter = (problem: ConfigurationProblem) => void;

/** Who is given what is found wrong with a configuration. */
export interface ProblemReporters {
  /** Gets what cannot be used. */
  readonly report: ProblemReporter;
  /** Gets what works and should not. */
  readonly warn: ProblemReporter;
  /**
   * Where a member of a list is really written; `undefined` where it is written in this list.
   * @param list path of the list
   */
  readonly originOf?: (list: string, index: number) => Origin | undefined;
  /** Which file was first to say what only one may say; absent where there is one file only. */
  readonly claims?: FirstClaims;
}

/** Remembers which file was first to say what only one file may say. The main file is always first, and not remembered. */
export interface FirstClaims {
  /**
   * Whether this file has it since before.
   * @param kind what only one may say, as words
   */
  isHeldBy(file: string, kind: string, text: string): boolean;
  /** The file has it now. */
  record(file: string, kind: string, text: string): void;
}

/** Where something is written that is read as a member of a list: under a key, or in another file. */
export interface Origin {
  /** The file, where it is not the main one. */
  readonly file?: string | undefined;
  /** Path as of {@link Place.path}. */
  readonly path: string;
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
  private origin: Origin | undefined;

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

  /** The place of a whole file that is not the main one. */
  static ofFile(reporters: ProblemReporters, file: string): Place {
    const place = new Place(reporters, fileAsPath(file));
    place.origin = { file, path: place.path };
    return place;
  }

  /** The file that this is a place in; `undefined` for the main one. */
  get file(): string | undefined {
    return this.origin ? this.origin.file : this.parent?.file;
  }

  /** Path such as `issuers[0].keys.jwksUri`; in another file than the main one, behind the name of that file. */
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
    place.origin = typeof step === 'number' ? this.reporters.originOf?.(this.path, step) : undefined;
    if (place.origin) place.knownPath = place.origin.path;
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
   * @param first the place that was first to say what only one may say, where that is what is wrong
   */
  refuse(found: string, expected: string, first?: Place): void {
    this.markRefused();
    const other = first?.file;
    const conflict = other === undefined || other === this.file ? {} : { conflictsWith: other };
    this.reporters.report({ ...this.position, found, expected, ...conflict });
  }

  /** Whether the file of this place is the one that says this since before. */
  holds(kind: string, text: string): boolean {
    return this.file !== undefined && this.reporters.claims?.isHeldBy(this.file, kind, text) === true;
  }

  /** Remembers that the file of this place is the first to say this. */
  claim(kind: string, text: string): void {
    if (this.file !== undefined) this.reporters.claims?.record(this.file, kind, text);
  }

  /** Reports what works and should not; parameters as of {@link refuse}. */
  warn(found: string, expected: string): void {
    this.reporters.warn({ ...this.position, found, expected });
  }

  private get position(): Pick<ConfigurationProblem, 'file' | 'path'> {
    const { file, path } = this;
    return file === undefined ? { path } : { file, path: path.slice(fileAsPath(file).length) };
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

/** What paths in this file begin with, so that no two places have one path. Keys that are no plain words are in quotes. */
function fileAsPath(file: string): string {
  return `${file}${FILE_END}`;
}

const FILE_END = ': ';

/** Longest key that a path spells out, in UTF-16 code units. */
const MAX_KEY = 80;

/** `issuers[0].keys`, or `["odd key"]` where a key is not a plain word. */
export function pathTo(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${JSON.stringify(key.slice(0, MAX_KEY))}]`;
  return parent === '' || parent.endsWith(FILE_END) ? `${parent}${key}` : `${parent}.${key}`;
}

const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g;

/** The keys and indices that a path made by {@link pathTo} leads through. */
export function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(step)].map(([, index, quoted, word]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (word ?? '') : (JSON.parse(quoted) as string);
  });
}
