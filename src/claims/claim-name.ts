/** What the configuration calls a claim, and how that is read from a token: written once, and compiled when the configuration changes. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';

/**
 * A claim as the configuration writes it, in one of three forms. A text is the name of a claim as it is: dots and slashes mean
 * themselves, so that `https://example.com/roles` and `kubernetes.io` are names. A text that begins with `/` is a JSON Pointer
 * (RFC 6901). A list is the way through objects, name by name.
 */
export type ClaimName = string | readonly string[];

/** Reads a claim; `undefined` where the token does not have it. */
export type ClaimReader = (claims: JsonObject) => JsonValue | undefined;

/** The way to a claim. */
interface ClaimPath {
  /** At least one. */
  readonly steps: readonly string[];
  /** Whether a step may be the index of an array: only a pointer says so, since a name such as `0` is a name. */
  readonly mayIndex: boolean;
}

/** No token has anything deeper: the parser of tokens stops there. */
const MOST_STEPS = 32;

/** RFC 6901 §4: no sign, no leading zero. `-` names what is behind the end, and so nothing. */
const arrayIndex = /^(?:0|[1-9][0-9]{0,9})$/;

/** Why this is the name of no claim, as what would have been right instead; `undefined` where it is one. */
export function claimNameDefect(name: ClaimName): string | undefined {
  if (typeof name === 'string' && /^\/.*~(?![01])/s.test(name)) {
    return 'a JSON Pointer (RFC 6901), in which ~ is written ~0, and a / within a name ~1';
  }
  const { steps } = pathOf(name);
  if (steps.length > MOST_STEPS) return `at most ${MOST_STEPS} names: no token is nested deeper`;
  return steps.length === 0 || steps.includes('') ? 'a name in each step: no claim has an empty one' : undefined;
}

/** One text for each claim, however it is written: the name itself, or the pointer. */
export function claimText(name: ClaimName): string {
  const { steps, mayIndex } = pathOf(name);
  const [first = ''] = steps;
  if (steps.length === 1 && !first.startsWith('/')) return first;
  return mayIndex ? String(name) : pointerTo(steps);
}

/** The names on the way to a claim, the last one its own. */
export function stepsTo(name: ClaimName): readonly string[] {
  return pathOf(name).steps;
}

/** RFC 6901 §3. */
export function pointerTo(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Compiles a name: own members only, whatever prototype an object has.
 * @throws {RangeError} for what is the name of no claim
 */
export function claimReader(name: ClaimName): ClaimReader {
  const { steps, mayIndex } = soundPath(name);
  const [first = '', ...further] = steps;
  if (further.length === 0) return (claims) => (Object.hasOwn(claims, first) ? claims[first] : undefined);
  return (claims) => {
    let value: JsonValue | undefined = Object.hasOwn(claims, first) ? claims[first] : undefined;
    for (const step of further) {
      if (value === undefined) return undefined;
      value = within(value, step, mayIndex);
    }
    return value;
  };
}

/**
 * Whether a token does not have a claim. Where something of another type stands in its way, it is not absent but wrong: what
 * a rule permits to be absent must not be permitted by writing a text where an object was expected.
 * @throws {RangeError} for what is the name of no claim
 */
export function claimAbsence(name: ClaimName): (claims: JsonObject) => boolean {
  const { steps, mayIndex } = soundPath(name);
  return (claims) => {
    let value: JsonValue | undefined = claims;
    for (const step of steps) {
      const mayHoldIt = isJsonArray(value) ? mayIndex && arrayIndex.test(step) : isJsonObject(value);
      if (!mayHoldIt) return false;
      value = within(value, step, mayIndex);
      if (value === undefined) return true;
    }
    return false;
  };
}

function within(value: JsonValue, step: string, mayIndex: boolean): JsonValue | undefined {
  if (isJsonArray(value)) return mayIndex && arrayIndex.test(step) ? value[Number(step)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function soundPath(name: ClaimName): ClaimPath {
  const defect = claimNameDefect(name);
  if (defect !== undefined) throw new RangeError(`not the name of a claim: ${defect}`);
  return pathOf(name);
}

function pathOf(name: ClaimName): ClaimPath {
  if (typeof name !== 'string') return { steps: name, mayIndex: false };
  if (!name.startsWith('/')) return { steps: [name], mayIndex: false };
  const steps = name.slice(1).split('/');
  // RFC 6901 §4: `~01` is `~1`, and not a slash.
  return { steps: steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')), mayIndex: true };
}
