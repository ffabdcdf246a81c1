// A page of docs/clients about a server: what its reader pastes, and the table of what the users of that server see.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/shared/package-root.js';
import { clientBlocks } from '../../../tools/client-pages.mjs';

/** What can come of a question, in the words of the tables. */
export const cases = [
  'good token',
  'bad token',
  'wrong credentials',
  'rate limit',
  'keys unknown',
  'nobody answers',
] as const;

/** One of them. */
export type Case = (typeof cases)[number];

/** The block of a page in a language that the test serves, word for word. */
export function servedBlock(page: string, language: string): string {
  const block = clientBlocks().find((each) => each.page === page && each.language === language && each.isServed);
  if (block === undefined) throw new Error(`${page} has no block "${language} serve"`);
  return block.text;
}

/** What the page says that users see. */
export function promised(page: string): Record<string, string> {
  const text = readFileSync(join(packageRoot, 'docs', 'clients', page), 'utf8');
  const rows = [...text.matchAll(/^\| ([^|`]+?) +\| `([^`]+)` +\|/gm)];
  return Object.fromEntries(rows.map(([, which = '', seen = '']) => [which, seen]));
}
