import { listOf, wholeOf } from './composite-fields.js';
import { describe, describeKind } from './describe.js';
import { declareField, unreadable, type FieldOptions, type Reading } from './field.js';
import type { Place } from './place.js';
import { isMapping } from './read-section.js';

/** What the names are, those that stand as keys and those in the lists. */
export interface NameTerms extends FieldOptions {
  readonly pattern: RegExp;
  /** What the pattern demands, as a phrase. */
  readonly expected: string;
}

/**
 * A mapping of names to lists of names, such as `{ write: [read] }`. Keys are names here, and no settings: none is unknown, and each is
 * judged as those in the lists are.
 */
export function ListsByName(description: string, { pattern, expected, ...options }: NameTerms): PropertyDecorator {
  const names = { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', pattern: pattern.source } };
  return declareField({
    ...options,
    description,
    type: 'lists by name',
    schema: { type: 'object', propertyNames: { pattern: pattern.source }, additionalProperties: names },
    read(raw, place, reading) {
      if (!isMapping(raw)) {
        place.refuse(describeKind(raw), `a mapping of names to lists of names, such as { a: [b, c] }`);
        return unreadable;
      }
      const entries = Object.entries(raw).map(([name, list]): readonly [string, unknown] => {
        if (!pattern.test(name)) place.at(name).refuse(`the key ${describe(name)}`, expected);
        return [name, readNames(list, place.at(name), { pattern, expected, reading })];
      });
      return place.isSound ? new Map(entries) : unreadable;
    },
  });
}

function readNames(
  raw: unknown,
  place: Place,
  { pattern, expected, reading }: NameTerms & { readonly reading: Reading },
): readonly string[] | typeof unreadable {
  const list = listOf(raw, place, { expected: 'a list of names, such as [b, c]', isHidden: true });
  if (list === unreadable) return list;
  if (list.length === 0) {
    place.refuse('an empty list', 'at least one name, or no such key');
    return unreadable;
  }
  return wholeOf(
    list.map((name, i) => {
      const at = place.at(i);
      const isName = typeof name === 'string' && pattern.test(name);
      if (isName && list.indexOf(name) === i) return name;
      const found = reading.isSubstituted(at.path) ? describeKind(name) : describe(name);
      at.refuse(found, isName ? 'each name once' : expected);
      return unreadable;
    }),
  );
}
