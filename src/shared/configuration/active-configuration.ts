/** The configuration in force, and how the parts of the program follow it. */
import type { PreparedAs } from './configuration-section.js';
import type { ConfigurationProblem } from './place.js';

/** What sections were made ready as, by their keys. */
type Prepared = Readonly<Record<string, unknown>>;

/** How an included file stands. */
export interface IncludedFile {
  /** Absolute path of the file; of a pattern whose directory cannot be listed, the pattern. */
  readonly file: string;
  /** Which version of it is in force: the one that is there, the last one that was good, or none. */
  readonly state: IncludeState;
  /** SHA-256 of the version in force, in hexadecimal; absent where there is none. */
  readonly digest?: string;
  /** Who that version says it belongs to. */
  readonly owner?: string;
  /** What is wrong with the one that is there. */
  readonly problems: readonly ConfigurationProblem[];
}

/** All states of included files; a fixed set, for a metric's label. */
export const includeStates = ['current', 'last_good', 'refused'] as const;

/** See {@link IncludedFile.state}. */
export type IncludeState = (typeof includeStates)[number];

/** Which configuration is in force. */
export interface ConfigurationVersion {
  /** The file, as its user named it. */
  readonly source: string;
  /**
   * SHA-256 of the file, in hexadecimal: replicas that were given the same one show the same. With included files, that of the
   * list of SHA-256 of all files in force, the main one first.
   */
  readonly digest: string;
  /** Wall time, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** The files that it includes, by name; absent: none. */
  readonly included?: readonly IncludedFile[];
}

/**
 * The configuration in force. What depends on a section follows it, and is given each change of it in one tick with all
 * others, so that no request sees half of a change.
 */
export class ActiveConfiguration {
  private readonly followers: (() => void)[] = [];

  /**
   * @param prepared what comes into force first
   * @param current its name
   */
  constructor(
    private prepared: Prepared,
    private current: ConfigurationVersion,
  ) {}

  /** Which one it is. */
  get version(): ConfigurationVersion {
    return this.current;
  }

  /** What is in force of a section now. */
  of<Value>({ key }: PreparedAs<Value>): Value {
    if (!Object.hasOwn(this.prepared, key)) throw new TypeError(`no section is registered as ${key}`);
    return this.prepared[key] as Value;
  }

  /**
   * Calls `apply` at once with what is in force of a section, and from now on whenever another configuration comes into
   * force, whether or not that section differs. Followers are called in the order in which they began to follow, when
   * {@link of} gives the new values already.
   * @param apply must neither wait nor fail
   */
  follow<Value>(section: PreparedAs<Value>, apply: (prepared: Value) => void): void {
    const follower = (): void => {
      apply(this.of(section));
    };
    this.followers.push(follower);
    follower();
  }

  /** Brings another configuration into force. */
  replace(prepared: Prepared, version: ConfigurationVersion): void {
    this.prepared = prepared;
    this.current = version;
    // A follower that begins meanwhile has been given the new values.
    for (const follower of [...this.followers]) follower();
  }
}
