import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');

it('docs/threat-model.md names only tests that exist', () => {
  const files = [...text.matchAll(/`((?:test|src)\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);

  expect(files.length).toBeGreaterThan(40);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('docs/threat-model.md shows each gain by a test', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.split(' | ').length === 3);
  const gains = rows.filter((row) => !/^\| (they can|party|an? |who |proxies|Redis,|everybody)/.test(row));

  expect(gains.length).toBeGreaterThan(30);
  expect(gains.filter((row) => !/`(?:test|src)\/[\w./-]+\.ts` \|$/.test(row))).toEqual([]);
});
