import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { presets } from '../../src/issuers/presets/presets.js';
import { presetNames } from '../../src/issuers/presets/preset.js';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aConfiguration } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'providers');
const pageOf = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');

/** What a reader is told to paste. */
const registrationIn = (page: string): object => {
  const [, yaml = ''] = /## Registration\n.*?```yaml\n(.*?)```/s.exec(page) ?? [];
  return parse(yaml) as object;
};

it('every preset has a page, and every page a preset', () => {
  const pages = readdirSync(folder).map((file) => file.replace('.md', ''));
  expect(pages.sort()).toEqual(['README', ...presetNames].sort());
  expect([...presets.keys()]).toEqual([...presetNames]);
});

describe('what a page says to paste', () => {
  let directory: Directory;
  beforeAll(async () => void (directory = await Directory.create()));
  afterAll(() => directory.remove());

  const loadWith = async (issuers: object) => {
    const { callers, ...others } = aConfiguration();
    const anybody = callers.map((caller) => ({ ...caller, issuers: 'any' }));
    await directory.write('assay.yaml', JSON.stringify({ ...others, callers: anybody, ...issuers }));
    return load(directory.file);
  };

  const usable = [...presets.values()].filter(({ refusal }) => refusal === undefined);

  it.each(usable.map(({ name }) => name))('is accepted without a warning: %s', async (name) => {
    const { warnings, configuration } = await loadWith(registrationIn(pageOf(name)));
    expect(warnings).toEqual([]);
    expect(configuration.issuers).toMatchObject([{ id: name, preset: name }]);
  });

  it.each(usable.map((preset) => [preset.name, preset] as const))(
    'is refused without what it asks for: %s',
    async (name, { asks }) => {
      const { issuers } = registrationIn(pageOf(name)) as { issuers: Record<string, object> };
      const demanded = asks.filter((ask) => !('isAdvice' in ask));
      const paths = demanded.map((ask) => ('rule' in ask ? 'rules' : ask.setting));
      for (const path of paths) {
        const broken = loadWith({ issuers: { [name]: { ...issuers[name], [path]: null } } });
        await expect(broken).rejects.toThrow(ConfigurationInvalid);
        await expect(broken).rejects.toThrow(`preset ${name}`);
      }
      expect(paths.length).toBeGreaterThan(0);
    },
  );
});
