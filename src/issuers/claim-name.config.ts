/** Fields of the configuration that name claims. */
import { claimNameDefect, claimText, type ClaimName } from '../claims/claim-name.js';
import { listOf, warnOfWildcard, wholeOf } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { declareField, unreadable, type FieldOptions, type Reading } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';

const name = { type: 'string', minLength: 1, maxLength: 2_048 };
const schema = { anyOf: [name, { type: 'array', minItems: 1, maxItems: 32, items: name }] };
const expected = 'a claim: its name, a JSON Pointer such as /realm_access/roles, or a list of names';
const type = 'claim';

/** The name of a claim, a JSON Pointer to one, or the list of names that leads to it; see docs/claims.md. */
export function ClaimField(
  description: string,
  options: FieldOptions & { readonly default?: ClaimName } = {},
): PropertyDecorator {
  return declareField({ ...options, description, type, schema, read: readName });
}

/** How a list of claims is read. */
export interface ClaimListOptions extends FieldOptions {
  readonly default?: readonly ClaimName[];
  /** The word `any`, written out, stands for all. */
  readonly any?: boolean;
  /** Least number of members. Default: none. */
  readonly min?: number;
  /** What is wrong with a claim that could be read, as what would have been right instead. */
  readonly refuse?: (name: ClaimName) => string | undefined;
}

/** Several of them, each once, or the word `any` where that is allowed. */
export function ClaimList(description: string, terms: ClaimListOptions = {}): PropertyDecorator {
  const { any = false, min = 0, refuse, ...options } = terms;
  const members = min > 0 ? `a list of at least ${min} ${min === 1 ? 'claim' : 'claims'}` : 'a list of claims';
  const whole = any ? `${members}, or the word any` : members;
  // A word that looks like permission for everything and would be an ordinary one.
  const items = any ? { ...schema, not: { const: 'any' } } : schema;
  const list = { type: 'array', items, minItems: min, uniqueItems: true };
  return declareField({
    ...options,
    description,
    type: any ? 'list of claims, or the word any' : 'list of claims',
    schema: any ? { anyOf: [{ const: 'any' }, list] } : list,
    read(raw, place, reading) {
      if (any && raw === 'any') return raw;
      const found = listOf(raw, place, { expected: whole, isHidden: reading.isSubstituted(place.path) });
      if (found === unreadable) return unreadable;
      if (found.length < min) return refused(place, describe(raw), whole);
      const names = wholeOf(found.map((each, i) => readMember(each, place.at(i), reading, { any, refuse })));
      if (names === unreadable || isUnique(names)) return names;
      return refused(place, describe(raw), `${whole}, each once`);
    },
  });
}

function readMember(
  raw: unknown,
  place: Place,
  reading: Reading,
  { any, refuse }: { readonly any: boolean; readonly refuse: ClaimListOptions['refuse'] },
): ClaimName | typeof unreadable {
  if (any && raw === 'any') return refused(place, describe(raw), 'the word any by itself, without a list');
  const read = readName(raw, place);
  if (read === unreadable) return unreadable;
  warnOfWildcard(raw, place, { reading, any });
  const better = refuse?.(read);
  return better === undefined ? read : refused(place, describe(claimText(read)), better);
}

function readName(raw: unknown, place: Place): ClaimName | typeof unreadable {
  if (!isName(raw)) return refused(place, describe(raw), expected);
  const better = claimNameDefect(raw);
  if (better !== undefined) return refused(place, describe(raw), better);
  return typeof raw === 'string' ? raw : Object.freeze([...raw]);
}

function isName(raw: unknown): raw is ClaimName {
  if (Array.isArray(raw)) return raw.length > 0 && raw.every((step) => isText(step));
  return isText(raw);
}

function isText(raw: unknown): boolean {
  return typeof raw === 'string' && raw !== '' && raw.length <= name.maxLength;
}

function isUnique(names: readonly ClaimName[]): boolean {
  return new Set(names.map(claimText)).size === names.length;
}

function refused(place: Place, found: string, better: string): typeof unreadable {
  place.refuse(found, better);
  return unreadable;
}
