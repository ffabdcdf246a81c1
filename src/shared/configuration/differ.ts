import { isDeepStrictEqual } from 'node:util';

/** Whether two values of a configuration say something else. */
export function differ(one: unknown, other: unknown): boolean {
  return !isDeepStrictEqual(one, other);
}

/** Those of the settings `names` of a section that say something else, each with the key of the section before it. */
export function changedSettings<Section>(
  key: string,
  before: Section,
  after: Section,
  names: readonly (keyof Section & string)[],
): readonly string[] {
  return names.filter((name) => differ(before[name], after[name])).map((name) => `${key}.${name}`);
}
