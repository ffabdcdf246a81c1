/** Notices a name that was probably meant as a path: `realm_access.roles` is one name, and no token has a claim called so. */
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { claimReader, pointerTo, type ClaimName, type ClaimReader } from './claim-name.js';

/** Tokens without the claim in which the one that was meant is searched for: enough to find it, and a bound on the work. */
const MOST_SEARCHES = 100;

/** Most parts of a name that are searched for in every combination. */
const MOST_PARTS = 8;

/** Whether tokens have the claim that the configuration names, where the name looks like a path. */
export class NameDoubt {
  private wasFound = false;
  private misses = 0;
  private meantAt: string | undefined;

  private constructor(
    readonly claim: string,
    private readonly read: ClaimReader,
  ) {}

  /** @returns `undefined` where the name looks like no path: a URI is a name of its own, and a pointer or a list is what it is */
  static about(name: ClaimName): NameDoubt | undefined {
    if (typeof name !== 'string' || partsOf(name) === undefined) return undefined;
    return new NameDoubt(name, claimReader(name));
  }

  /** Whether there were tokens, and none of them had the claim. */
  get isFounded(): boolean {
    return this.misses > 0 && !this.wasFound;
  }

  /** What to do about it, for operators. */
  get remedy(): string {
    return remedyFor(this.claim, this.meantAt);
  }

  /** Takes notice of one token, whose signature was good. */
  see(claims: JsonObject): void {
    if (this.wasFound) return;
    if (this.read(claims) !== undefined) this.wasFound = true;
    else if (this.misses++ < MOST_SEARCHES) this.meantAt ??= pointerIn(claims, this.claim);
  }
}

/** Those of the names that look like paths; `undefined` where there are none, as nearly always. */
export function doubtsAbout(names: readonly ClaimName[]): readonly NameDoubt[] | undefined {
  const doubts = names.flatMap((name) => NameDoubt.about(name) ?? []);
  return doubts.length === 0 ? undefined : doubts;
}

/** What operators should know of a name that looks like a path, where this token has no claim of that name. */
export function hintAbout(name: ClaimName, claims: JsonObject): string | undefined {
  if (!NameDoubt.about(name) || claimReader(name)(claims) !== undefined) return undefined;
  return remedyFor(String(name), pointerIn(claims, String(name)));
}

function remedyFor(name: string, meantAt: string | undefined): string {
  if (meantAt !== undefined) return `${name} is one name; the claim within others is written ${meantAt}`;
  const example = pointerTo(partsOf(name) ?? []);
  return `${name} is one name; a claim within others is written as a pointer, such as ${example}, or as a list of names`;
}

/** The parts of a name that looks like a path; `undefined` where it does not. */
function partsOf(name: string): readonly string[] | undefined {
  if (name.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(name)) return undefined;
  // JSONPath and fragments of URLs begin so.
  const path = name.replace(/^[$#][./]/, '');
  const parts = path.split(path.includes('/') ? '/' : '.');
  const isPath = (parts.length > 1 || path !== name) && !parts.includes('');
  return isPath ? parts : undefined;
}

/** Where the token has the claim that the name was meant for. Names with dots are found too: `/kubernetes.io/namespace`. */
function pointerIn(claims: JsonObject, name: string): string | undefined {
  const parts = partsOf(name) ?? [];
  if (parts.length > MOST_PARTS) return undefined;
  const steps = stepsIn(claims, parts, name.includes('/') ? '/' : '.');
  return steps && pointerTo(steps);
}

function stepsIn(
  value: JsonValue | undefined,
  parts: readonly string[],
  separator: string,
): readonly string[] | undefined {
  if (parts.length === 0) return [];
  if (!isJsonObject(value)) return undefined;
  for (let taken = parts.length; taken > 0; taken--) {
    const member = parts.slice(0, taken).join(separator);
    const rest = Object.hasOwn(value, member) ? stepsIn(value[member], parts.slice(taken), separator) : undefined;
    if (rest) return [member, ...rest];
  }
  return undefined;
}
