import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const architecture = text('ARCHITECTURE.md');

const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The table of folders: name, module, what lives there. */
const rows = [...architecture.matchAll(/^\| `(\w+)\/` \| (?:`(\w+)` )?\|/gm)].map(([, folder = '', module]) => ({
  folder,
  module,
}));

const modulesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.module.ts'))
    .flatMap((file) => [...text(join('src', folder, file)).matchAll(/^export class (\w+Module)\b/gm)])
    .map(([, name = '']) => name);

describe('ARCHITECTURE.md says the house as it is', () => {
  it('has a row for each folder of src/, and no others', () => {
    expect(rows.map(({ folder }) => folder).sort()).toEqual(folders);
  });

  it.each(rows.filter(({ module }) => module !== undefined))('$folder/ has $module', ({ folder, module }) => {
    expect(modulesOf(folder)).toContain(module);
  });

  it('names the module of every feature that has one', () => {
    const named = new Set(rows.flatMap(({ module }) => module ?? []));
    // What the HTTP applications are made of, what hands the configuration on, and a part of a feature, is none.
    const isHelper = (module: string): boolean =>
      /^(\w+Http|Metrics|Configuration|Revocations|Events|FleetEvents)Module$/.test(module);
    const unnamed = folders.flatMap(modulesOf).filter((module) => !named.has(module) && !isHelper(module));
    expect(unnamed).toEqual([]);
  });

  it('names only files that exist', () => {
    const files = [...architecture.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:ts|mjs|json|cjs|tpl))`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, 'src', file)))).toEqual([]);
  });
});

describe('the order of the folders', () => {
  const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    readonly forbidden: readonly { readonly name: string; readonly to: { readonly path?: string } }[];
  };
  const leftmost = forbidden.find(({ name }) => name === 'shared-looks-left')?.to.path ?? '';
  const enforced = ['shared', ...(/\(([^)]*)\)/.exec(leftmost)?.[1] ?? '').split('|')];

  it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('is in %s as it is enforced', (file) => {
    const [written = ''] = /^shared ‹.*$/m.exec(text(file)) ?? [];
    expect(written.split(' ‹ ')).toEqual(enforced);
  });

  it('has a place for each folder', () => {
    expect(enforced.toSorted()).toEqual(folders);
  });
});
