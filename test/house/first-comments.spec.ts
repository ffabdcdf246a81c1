/** A reader who opens a file learns from its first lines why it exists, before anything that it is made of. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', 'src/**/*.ts', 'console/src/**/*.ts*'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && !file.endsWith('.spec.ts'));

/** What is seen without scrolling. */
const FIRST_LINES = 25;

/** Shorter files are seen as a whole. */
const SHORT = 50;

/** A comment, and the exported thing that it stands at, perhaps with decorators between them. */
const documented =
  /^\/\*\*(?:(?!\*\/)[^])*\*\/\n(?:(?:@| |\}).*\n)*export (?:default |abstract |async )*(?:class|interface|function\*?|const|type) (\w+)/gm;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Whether the thing has the name of the file: `Issuer` of `issuer.ts`, `adminSection` of `admin.section.ts`, `TextField` of no file. */
function isMainOf(file: string, name: string): boolean {
  const [first = ''] = basename(file).split('.');
  return plain(name).includes(plain(first)) || plain(basename(file)).includes(plain(name));
}

it(`every file says within ${FIRST_LINES} lines why it exists: on top, or at the export that has its name`, () => {
  expect(files.length).toBeGreaterThan(600);
  const silent = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (/^\/[*/]/.test(text) || text.split('\n').length <= SHORT) return false;
    const seen = [...text.matchAll(documented)].filter(
      ({ index }) => text.slice(0, index).split('\n').length <= FIRST_LINES,
    );
    return !seen.some(([, name = '']) => isMainOf(file, name));
  });
  expect(silent).toEqual([]);
});
