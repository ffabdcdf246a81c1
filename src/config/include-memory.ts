/** Remembers the last good version of each included file, so that a bad one changes nothing. */
import type { FirstClaims } from '../shared/configuration/place.js';
import type { IncludedSource } from './included-files.js';

/** The claims of one attempt, beside those that are in force. */
export class AttemptedClaims implements FirstClaims {
  /** Which file has what, by kind and text. */
  readonly made = new Map<string, string>();

  /** @param inForce what was made before */
  constructor(private readonly inForce: ReadonlyMap<string, string>) {}

  isHeldBy(file: string, kind: string, text: string): boolean {
    return this.inForce.get(nameOf(kind, text)) === file;
  }

  record(file: string, kind: string, text: string): void {
    this.made.set(nameOf(kind, text), file);
  }
}

/** Kinds are sentences of one line. */
function nameOf(kind: string, text: string): string {
  return `${kind}\n${text}`;
}

/**
 * What a running process remembers of included files: the last version of each that was in force, and which file has which
 * `iss` and id, so that no other file can take it. A process that starts knows nothing: then the names of files decide.
 */
export class IncludeMemory {
  private versions: ReadonlyMap<string, IncludedSource> = new Map();
  private claims: ReadonlyMap<string, string> = new Map();

  /** Files of which a version is remembered. */
  get files(): readonly string[] {
    return [...this.versions.keys()];
  }

  /** The version of this file that was in force last. */
  lastGoodOf(file: string): IncludedSource | undefined {
    return this.versions.get(file);
  }

  newClaims(): AttemptedClaims {
    return new AttemptedClaims(this.claims);
  }

  /**
   * A configuration comes into force.
   * @param there files that there are; others are forgotten
   * @param used the versions that are in force
   */
  remember(there: readonly string[], used: readonly IncludedSource[], claims: AttemptedClaims): void {
    const before = there.flatMap((file) => this.versions.get(file) ?? []);
    this.versions = new Map([...before, ...used].map((source) => [source.file, source]));
    this.claims = claims.made;
  }
}
