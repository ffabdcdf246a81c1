import type { Place } from '../shared/configuration/place.js';

/** One scope name (RFC 6749 §3.3) that is not a pattern. */
export const plainScope = /^[\x21\x23-\x29\x2b-\x5b\x5d-\x7e]{1,256}$/;

/** What {@link plainScope} demands. */
export const plainScopeExpected =
  'one scope, as tokens have it: without spaces, quotes and backslashes, and without *, because each scope is written out';

/** Most scopes that one hierarchy names: what follows from it stays small, whatever is written. */
export const MOST_SCOPES = 256;

/** Which scope lies within which: a token that has the one may do what needs the other. Exact names, and no patterns. Immutable. */
export class ScopeHierarchy {
  /**
   * @param implied for each scope all those within it, near and far
   * @param names all scopes, each once, in the order in which they are written
   */
  private constructor(
    private readonly implied: ReadonlyMap<string, ReadonlySet<string>>,
    readonly names: readonly string[],
  ) {}

  /**
   * @param lists for each scope those directly within it
   * @returns `undefined` after reporting a circle, or too many scopes
   */
  static from(lists: ReadonlyMap<string, readonly string[]>, place: Place): ScopeHierarchy | undefined {
    const names = [...new Set([...lists].flatMap(([scope, within]) => [scope, ...within]))];
    if (names.length > MOST_SCOPES) {
      place.refuse(`${names.length} scopes`, `at most ${MOST_SCOPES}`);
      return undefined;
    }
    const implied = new Map<string, ReadonlySet<string>>();
    for (const scope of lists.keys()) collect(scope, { lists, implied, path: [], place });
    return place.isSound ? new ScopeHierarchy(implied, names) : undefined;
  }

  /** Which of the scopes of a token grants `needed`: itself, or else the first that it lies within; `undefined`: none. */
  grantor(held: readonly string[], needed: string): string | undefined {
    if (held.includes(needed)) return needed;
    return held.find((scope) => this.implied.get(scope)?.has(needed));
  }
}

/** Which of the scopes of a token grants `needed`, where there may be no hierarchy. */
export function grantorOf(
  hierarchy: ScopeHierarchy | undefined,
  held: readonly string[],
  needed: string,
): string | undefined {
  return hierarchy ? hierarchy.grantor(held, needed) : held.find((scope) => scope === needed);
}

interface Collecting {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** What is known so far; a scope is in it only when all within it is known. */
  readonly implied: Map<string, ReadonlySet<string>>;
  /** From the scope with which it began. */
  readonly path: readonly string[];
  readonly place: Place;
}

/** All within `scope`. A circle is refused once, where it closes: its scopes would be one and the same. */
function collect(scope: string, { lists, implied, path, place }: Collecting): ReadonlySet<string> {
  const known = implied.get(scope);
  if (known) return known;
  const found = new Set<string>();
  for (const [i, within] of (lists.get(scope) ?? []).entries()) {
    const circle = [...path, scope];
    if (circle.includes(within)) {
      const way = [...circle.slice(circle.indexOf(within)), within].join(' → ');
      place.at(scope).at(i).refuse(`a circle: ${way}`, 'a scope that does not imply this one, near or far');
      continue;
    }
    found.add(within);
    for (const further of collect(within, { lists, implied, path: circle, place })) found.add(further);
  }
  // Kept even where nothing was found: the scope is not searched a second time, and a circle is refused once.
  if (lists.has(scope)) implied.set(scope, found);
  return found;
}
