/** Decisions are cited by their number, so no two of them may have the same one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'adr');
const pages = readdirSync(folder).sort();

it('numbers the decisions one after another, each once', () => {
  const numbers = pages.map((page) => Number(page.slice(0, 4)));
  expect(numbers).toEqual(pages.map((_page, i) => i + 1));
});

it.each(pages)('%s has its number in its title, too', (page) => {
  expect(readFileSync(join(folder, page), 'utf8')).toMatch(new RegExp(`^# ${Number(page.slice(0, 4))}\\. `));
});
