/** A type has one meaning: whoever reads its name in another file must not have to ask which one it is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', 'src/**/*.ts'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && !file.endsWith('.spec.ts'));

const declared = /^export (?:abstract )?(?:class|interface|type) (\w+)/gm;

it('no two files export a type of the same name', () => {
  expect(files.length).toBeGreaterThan(600);
  const places = Map.groupBy(
    files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(declared)].map(([, name = '']) => ({ name, file })),
    ),
    ({ name }) => name,
  );
  const twice = [...places].filter(([, them]) => them.length > 1).map(([, them]) => them);
  expect(twice).toEqual([]);
});
