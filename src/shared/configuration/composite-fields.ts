import { ValidateBy } from 'class-validator';
import type { Steps } from '../steps.js';
import { describe, describeKind } from './describe.js';
import { declareField, unreadable, type FieldOptions, type Reading, type SectionClass } from './field.js';
import { pathTo } from './path.js';
import { readSection } from './read-section.js';

/** Most members of any list: far above what anybody writes by hand, below what would take long to read. */
const MOST_MEMBERS = 10_000;

/** A mapping that is a section of its own. With a default of `{}` its fields have their own defaults. */
export function Section(
  description: string,
  section: () => SectionClass,
  options: FieldOptions & { readonly default?: Readonly<Record<string, unknown>> } = {},
): PropertyDecorator {
  return declareField({
    ...options,
    description,
    type: 'mapping',
    schema: { type: 'object' },
    section,
    readInSteps: (raw, path, reading) => readSection(section(), raw, path, reading),
  });
}

/** How a list of sections is read. */
export interface ListOptions extends FieldOptions {
  readonly default?: readonly unknown[];
  /** The key that a member stands for when it is a plain text instead of a mapping. */
  readonly shortForm?: string;
}

/** A list whose members are sections. */
export function ListOf(
  description: string,
  section: () => SectionClass,
  { shortForm, ...options }: ListOptions = {},
): PropertyDecorator {
  return declareField({
    ...options,
    ...(shortForm !== undefined && { shortForm }),
    description,
    type: 'list',
    schema: { type: 'array' },
    section,
    *readInSteps(raw, path, reading) {
      const list = listOf(raw, path, reading, { expected: 'a list', isHidden: true });
      if (list === unreadable) return list;
      const members: unknown[] = [];
      for (const [i, member] of list.entries()) {
        const at = `${path}[${i}]`;
        members.push(
          shortForm === undefined
            ? yield* readSection(section(), member, at, reading)
            : yield* readShortened(section(), shortForm, member, at, reading),
        );
      }
      return wholeOf(members);
    },
  });
}

function* readShortened(
  section: SectionClass,
  key: string,
  member: unknown,
  path: string,
  reading: Reading,
): Steps<unknown> {
  if (typeof member === 'string') {
    return yield* readSection(section, { [key]: member }, path, atParent(reading, path, key));
  }
  if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
    return yield* readSection(section, member, path, reading);
  }
  reading.report({ path, found: describeKind(member), expected: 'a text or a mapping' });
  return unreadable;
}

/** What concerns the key of a short form concerns, for whoever wrote the file, the member itself. */
function atParent(reading: Reading, parent: string, key: string): Reading {
  const written = (path: string): string => (path === pathTo(parent, key) ? parent : path);
  return {
    ...reading,
    report: (problem) => {
      reading.report({ ...problem, path: written(problem.path) });
    },
    warn: (problem) => {
      reading.warn({ ...problem, path: written(problem.path) });
    },
    isSubstituted: (path) => reading.isSubstituted(written(path)),
  };
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
    read(raw, path, reading) {
      if (any && raw === 'any') return raw;
      const expectedWord = (word: unknown): string | undefined =>
        any && word === 'any' ? 'the word any by itself, without a list' : refusalOf(word, words, refusal);
      const list = listOf(raw, path, reading, { expected, isHidden: reading.isSubstituted(path) });
      if (list === unreadable) return list;
      return wholeOf(list.map((word, i) => readWord(word, `${path}[${i}]`, reading, expectedWord(word))));
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

function readWord(raw: unknown, path: string, reading: Reading, expected: string | undefined): unknown {
  if (expected === undefined) return raw;
  reading.report({ path, found: reading.isSubstituted(path) ? describeKind(raw) : describe(raw), expected });
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
    read(raw, path, reading) {
      if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw;
      reading.report({ path, found: describeKind(raw), expected: 'a mapping' });
      return unreadable;
    },
  });
}

/** The members of a list, none of them looked at yet. `isHidden`: what is there instead of one must not be shown. */
function listOf(
  raw: unknown,
  path: string,
  { report }: Reading,
  { expected, isHidden }: { readonly expected: string; readonly isHidden: boolean },
): readonly unknown[] | typeof unreadable {
  if (Array.isArray(raw) && raw.length <= MOST_MEMBERS) return raw as readonly unknown[];
  report({ path, found: isHidden ? describeKind(raw) : describe(raw), expected });
  return unreadable;
}

function wholeOf(members: readonly unknown[]): unknown {
  return members.includes(unreadable) ? unreadable : Object.freeze(members);
}
