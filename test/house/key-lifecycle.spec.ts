import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

it('docs/key-lifecycle.md names only tests that exist', () => {
  const text = readFileSync(join(root, 'docs/key-lifecycle.md'), 'utf8');
  const files = [...text.matchAll(/`((?:test|src)\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);

  expect(files.length).toBeGreaterThan(7);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('docs/key-lifecycle.md names cases that the tests have', () => {
  const text = readFileSync(join(root, 'docs/key-lifecycle.md'), 'utf8');
  const named = [...text.matchAll(/`((?:test|src)\/[\w./-]+\.ts)`, ([^;|\n]+?) *[;|]/g)];
  const missing = named.filter(([, file = '', name = '']) => !readFileSync(join(root, file), 'utf8').includes(name));

  expect(named.length).toBeGreaterThan(10);
  expect(missing.map(([row]) => row)).toEqual([]);
});
