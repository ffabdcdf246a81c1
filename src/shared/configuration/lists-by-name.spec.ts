import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { unreadable } from './field.js';
import { ListsByName } from './lists-by-name.js';
import { readSection } from './read-section.js';
import { showSection } from './show-section.js';

class Kitchen {
  @ListsByName('what each dish is made of', { pattern: /^[a-z:_]+$/, expected: 'a name in lower case' })
  readonly dishes?: ReadonlyMap<string, readonly string[]>;
}

function read(dishes: unknown, isSubstituted = false) {
  const recorded = new RecordedProblems();
  const reading = { file: () => 'none', isSubstituted: () => isSubstituted, isDemo: false };
  const value: Kitchen | typeof unreadable = readSection(Kitchen, { dishes }, recorded.place(), reading);
  return { value, said: recorded.problems.map(({ path, found, expected }) => [path, found, expected]) };
}

describe('ListsByName', () => {
  it('becomes a map, whatever the names are, and is shown as it is written', () => {
    const written = JSON.parse('{"soup":["leek","salt"],"__proto__":["salt"],"soup:cold":["leek"]}') as object;
    const { value, said } = read(written);
    expect(said).toEqual([]);
    if (typeof value === 'symbol') throw new Error('unreadable');
    expect([...value.dishes!]).toEqual([
      ['soup', ['leek', 'salt']],
      ['__proto__', ['salt']],
      ['soup:cold', ['leek']],
    ]);
    expect(showSection(Kitchen, value)['dishes']).toMatchObject({ soup: ['leek', 'salt'] });
  });

  it.each<[unknown, string, string, string]>([
    [['soup'], 'dishes', 'a list', 'a mapping of names to lists of names, such as { a: [b, c] }'],
    ['soup', 'dishes', 'a text (not shown)', 'a mapping of names to lists of names, such as { a: [b, c] }'],
    [{ soup: 'leek' }, 'dishes.soup', 'a text (not shown)', 'a list of names, such as [b, c]'],
    [{ soup: null }, 'dishes.soup', 'nothing', 'a list of names, such as [b, c]'],
    [{ soup: [] }, 'dishes.soup', 'an empty list', 'at least one name, or no such key'],
    [{ soup: ['leek', 'Salt'] }, 'dishes.soup[1]', '"Salt"', 'a name in lower case'],
    [{ soup: ['leek', 7] }, 'dishes.soup[1]', '7', 'a name in lower case'],
    [{ soup: ['leek', 'leek'] }, 'dishes.soup[1]', '"leek"', 'each name once'],
    [{ Soup: ['leek'] }, 'dishes.Soup', 'the key "Soup"', 'a name in lower case'],
  ])('refuses %j at its place, with what to write instead', (dishes, path, found, expected) => {
    expect(read(dishes)).toEqual({ value: unreadable, said: [[path, found, expected]] });
  });

  it('says all that is wrong at once, and shows nothing that came from the environment', () => {
    const { said } = read({ soup: ['A', 'B'], SALAD: [] }, true);
    expect(said.map(([path, found]) => [path, found])).toEqual([
      ['dishes.soup[0]', 'a text (not shown)'],
      ['dishes.soup[1]', 'a text (not shown)'],
      ['dishes.SALAD', 'the key "SALAD"'],
      ['dishes.SALAD', 'an empty list'],
    ]);
  });
});
