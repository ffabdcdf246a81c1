/** Fields of the configuration whose values are made of others: sections, lists and maps. */
import { ValidateBy } from 'class-validator';
import { describe, describeKind } from './describe.js';
import {
  declareField,
  unreadable,
  type Field,
  type FieldOptions,
  type ListField,
  type Reading,
  type SectionClass,
} from './field.js';
import type { Place } from './place.js';
import { isMapping, readSection, type Mapping } from './read-section.js';

/** Most members of any list: far above what is written by hand, below what would take long to read. */
const MOST_MEMBERS = 10_000;

/** How a mapping that is a section is read. */
export interface SectionOptions extends FieldOptions {
  /** With `{}` the fields of a section that is left out have their own defaults. */
  readonly default?: Mapping;
}

/** A mapping that is a section of its own. */
export function Section(
  description: string,
  section: () => SectionClass,
  options: SectionOptions = {},
): PropertyDecorator {
  return declareField(sectionField(description, section, options));
}

/** As {@link Section}, without a property that it belongs to. */
export function sectionField(description: string, section: () => SectionClass, options: SectionOptions = {}): Field {
  return {
    ...options,
    description,
    type: 'mapping',
    schema: { type: 'object' },
    section,
    read: (raw, place, reading) => readSection(section(), raw, place, reading),
  };
}

/** How a list of sections is read. */
export interface ListOptions extends FieldOptions {
  readonly default?: readonly unknown[];
  /** The key that a member stands for when it is a plain text instead of a mapping. */
  readonly shortForm?: string;
  /** The key that names a member, where the list may also be written as a mapping: it is one when it comes to be read. */
  readonly keyedBy?: string;
  /** What to say of an empty list, which is then refused; absent: it may be empty. */
  readonly emptyRefusal?: string;
}

/** A list whose members are sections. */
export function ListOf(description: string, section: () => SectionClass, options: ListOptions = {}): PropertyDecorator {
  return declareField(listField(description, section, options));
}

/** As {@link ListOf}, without a property that it belongs to. */
export function listField(
  description: string,
  section: () => SectionClass,
  { shortForm, keyedBy, emptyRefusal, ...options }: ListOptions = {},
): ListField {
  const expected = keyedBy === undefined ? 'a list' : `a list, or a mapping with each ${keyedBy} as a key`;
  const membersOf = (raw: unknown, place: Place) => listOf(raw, place, { expected, isHidden: true });
  const readMember = (raw: unknown, place: Place, reading: Reading): unknown =>
    shortForm === undefined
      ? readSection(section(), raw, place, reading)
      : readShortened(section(), shortForm, raw, place, reading);
  return {
    ...options,
    ...(shortForm !== undefined && { shortForm }),
    ...(keyedBy !== undefined && { keyedBy }),
    description,
    type: 'list',
    schema: { type: 'array', ...(emptyRefusal !== undefined && { minItems: 1 }) },
    section,
    membersOf,
    read(raw, place, reading) {
      const list = membersOf(raw, place);
      if (emptyRefusal !== undefined && list !== unreadable && list.length === 0) {
        place.refuse('an empty list', emptyRefusal);
        return unreadable;
      }
      return list === unreadable ? list : wholeOf(list.map((each, i) => readMember(each, place.at(i), reading)));
    },
  };
}

function readShortened(section: SectionClass, key: string, member: unknown, place: Place, reading: Reading): unknown {
  if (typeof member === 'string') return readSection(section, { [key]: member }, place.asShortFormOf(key), reading);
  if (isMapping(member)) return readSection(section, member, place, reading);
  place.refuse(describeKind(member), 'a text or a mapping');
  return unreadable;
}

/** How a list of words is read. */
export interface WordListOptions extends FieldOptions {
  readonly default?: readonly string[] | 'any';
  /** The word `any`, written out, stands for all. */
  readonly any?: boolean;
  /** Least number of members. Default: none. */
  readonly min?: number;
  /** Only these words. */
  readonly words?: readonly string[];
  /** What to say of a word that is not among `words`; undefined: the usual. */
  readonly refusal?: (word: string) => string | undefined;
}

/** A list of texts without repetition, or the word `any` where that is allowed. */
export function TextList(description: string, terms: WordListOptions = {}): PropertyDecorator {
  const { any = false, min = 0, words, refusal, ...options } = terms;
  const members = min > 0 ? `a list of at least ${min} ${min === 1 ? 'text' : 'texts'}` : 'a list of texts';
  const expected = any ? `${members}, or the word any` : members;
  // A word that looks like permission for everything and would be an ordinary one.
  const notAny = any ? { not: { const: 'any' } } : {};
  const items = words ? { enum: words } : { type: 'string', minLength: 1, ...notAny };
  const list = { type: 'array', items, minItems: min, uniqueItems: true };
  const declare = declareField({
    ...options,
    description,
    type: any ? 'list of texts, or the word any' : 'list of texts',
    schema: any ? { anyOf: [{ const: 'any' }, list] } : list,
    read(raw, place, reading) {
      if (any && raw === 'any') return raw;
      const expectedWord = (word: unknown): string | undefined =>
        any && word === 'any' ? 'the word any by itself, without a list' : refusalOf(word, words, refusal);
      const list = listOf(raw, place, { expected, isHidden: reading.isSubstituted(place.path) });
      if (list === unreadable) return list;
      if (!words) for (const [i, word] of list.entries()) warnOfWildcard(word, place.at(i), { reading, any });
      return wholeOf(list.map((word, i) => readWord(word, place.at(i), reading, expectedWord(word))));
    },
  });
  const validate = ValidateBy({
    name: 'wordList',
    validator: {
      validate: (value) => value === 'any' || (Array.isArray(value) && value.length >= min && isUnique(value)),
      defaultMessage: () => `${expected}, each once`,
    },
  });
  return (prototype, name) => {
    declare(prototype, name);
    validate(prototype, name);
  };
}

/** Nothing here is a pattern: what looks like one is compared as it is written, and fits nothing. */
export function warnOfWildcard(
  word: unknown,
  place: Place,
  { reading, any }: { readonly reading: Reading; readonly any: boolean },
): void {
  if (typeof word !== 'string') return;
  const meansAll = any && /^(all|any|everything|everyone)$/i.test(word) && word !== 'any';
  if (!word.includes('*') && !meansAll) return;
  const found = reading.isSubstituted(place.path) ? describeKind(word) : describe(word);
  place.warn(found, any ? `${literally}; for all of them, the word any, without a list` : literally);
}

/** What is said of a text that looks like a pattern. */
export const literally = 'a text without a pattern: this one is compared as it is written, and fits only itself';

function readWord(raw: unknown, place: Place, reading: Reading, expected: string | undefined): unknown {
  if (expected === undefined) return raw;
  place.refuse(reading.isSubstituted(place.path) ? describeKind(raw) : describe(raw), expected);
  return unreadable;
}

/** What would have been right instead of `word`; `undefined` where it is right. */
function refusalOf(
  word: unknown,
  words: readonly string[] | undefined,
  refusal: WordListOptions['refusal'],
): string | undefined {
  if (typeof word !== 'string' || word === '') return 'a text';
  if (!words || words.includes(word)) return undefined;
  return refusal?.(word) ?? `one of ${words.join(', ')}`;
}

function isUnique(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}

/** Whatever JSON can say; for documents that have a specification of their own. */
export function JsonField(description: string, options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    ...options,
    description,
    type: 'mapping',
    schema: { type: 'object' },
    read(raw, place) {
      if (isMapping(raw)) return raw;
      place.refuse(describeKind(raw), 'a mapping');
      return unreadable;
    },
  });
}

/** The members of a list, none of them read yet. `isHidden`: what is there instead of one must not be shown. */
export function listOf(
  raw: unknown,
  place: Place,
  { expected, isHidden }: { readonly expected: string; readonly isHidden: boolean },
): readonly unknown[] | typeof unreadable {
  if (Array.isArray(raw) && raw.length <= MOST_MEMBERS) return raw as readonly unknown[];
  place.refuse(isHidden ? describeKind(raw) : describe(raw), expected);
  return unreadable;
}

/** The list, frozen, where each of its members could be read. */
export function wholeOf<T>(members: readonly (T | typeof unreadable)[]): readonly T[] | typeof unreadable {
  return members.includes(unreadable) ? unreadable : Object.freeze(members as readonly T[]);
}
