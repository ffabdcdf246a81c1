import type { PreparedAs } from './configuration-section.js';

/** What sections were made ready as, by their keys. */
type Prepared = Readonly<Record<string, unknown>>;

/** Which configuration is in force. */
export interface ConfigurationVersion {
  /** The file, as its user named it. */
  readonly source: string;
  /** SHA-256 of the file, in hexadecimal: replicas that were given the same one show the same. */
  readonly digest: string;
  /** Wall time, milliseconds since the epoch. */
  readonly sinceMs: number;
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
