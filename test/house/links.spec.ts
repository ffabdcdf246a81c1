import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { paragraphsIn, withoutCode } from './support/paragraphs.js';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const documents = files.filter((file) => file.endsWith('.md'));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Links of one document that lead nowhere in this repository. Addresses of others are not asked. */
function brokenIn(file: string): readonly string[] {
  const links = [...withoutCode(textOf(file)).matchAll(/\]\((?<to>[^)\s]+)\)/gu)].map(
    ({ groups }) => groups?.['to'] ?? '',
  );
  return links.filter((to) => {
    if (/^[a-z]+:/u.test(to)) return false;
    const [path = '', anchor] = to.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !paragraphsIn(textOf(target)).has(anchor);
  });
}

it('every link of every document leads to a file, and to a heading, that is there', () => {
  expect(documents.length).toBeGreaterThan(60);
  const broken = documents.flatMap((file) => brokenIn(file).map((to) => `${file}: ${to}`));
  expect(broken).toEqual([]);
});

it('docs/README.md leads to every page and every folder of docs', () => {
  const index = textOf('docs/README.md');
  const pages = documents
    .filter((file) => file.startsWith('docs/') && file !== 'docs/README.md')
    .map((file) => file.slice('docs/'.length))
    .map((file) => file.replace(/^(?<folder>adr|clients|providers)\/.*$/u, '$<folder>/'));
  const missing = [...new Set(pages)].filter((page) => !index.includes(`](${page}`));
  expect(missing).toEqual([]);
});

it('every page that the code, a setting or a message names is there', () => {
  // Not what stands behind a bracket: that is written into a page, and relative to it.
  const pages =
    /(?<![(/\w.])(?:docs\/[\w./-]+?|README|ARCHITECTURE|CONTRIBUTING|SECURITY|CHANGELOG|helm\/README|bench\/RESULTS)\.md(?:#[\w-]+)?/gu;
  // A test may name pages that are made up.
  const code = files.filter((file) => !/\.(?:md|png|spec\.ts)$/u.test(file));
  const named = code.flatMap((file) => [...textOf(file).matchAll(pages)].map(([page]) => ({ file, page })));
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter(({ page }) => {
    const [path = '', anchor] = page.split('#');
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !paragraphsIn(textOf(path)).has(anchor);
  });
  expect(missing).toEqual([]);
});
