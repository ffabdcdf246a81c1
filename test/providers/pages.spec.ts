import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { presets } from '../../src/issuers/presets/presets.js';
import { presetNames, type PresetName } from '../../src/issuers/presets/preset.js';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aCertificate } from '../builders/a-certificate.js';
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
  beforeAll(async () => {
    directory = await Directory.create();
    await directory.write('idp-client', 'a secret of ours there');
  });
  afterAll(() => directory.remove());

  /** Where a secret of ours is mounted. */
  const secret = '/run/secrets/idp-client';
  const mounted = (text: string) => text.replaceAll(secret, `${directory.path}/idp-client`);

  const loadWith = async (issuers: object, ofCaller: object = {}) => {
    const { callers, ...others } = aConfiguration();
    const anybody = callers.map((caller) => ({ ...caller, issuers: 'any', ...ofCaller }));
    await directory.write('assay.yaml', mounted(JSON.stringify({ ...others, callers: anybody, ...issuers })));
    return load(directory.file);
  };

  const usable = [...presets.values()].filter(({ refusal }) => refusal === undefined);

  it.each(usable.map(({ name }) => name))('is accepted without a warning: %s', async (name) => {
    const { warnings, configuration } = await loadWith(registrationIn(pageOf(name)));
    expect(warnings).toEqual([]);
    expect(configuration.issuers).toMatchObject([{ id: name, preset: name }]);
  });

  it.each(usable.map(({ name }) => name))(
    'is a whole file behind the rest that the overview says: %s',
    async (name) => {
      const [, rest = ''] = /```yaml\n(# the rest of assay\.yaml\n.*?)```/s.exec(pageOf('README')) ?? [];
      const [, registration = ''] = /## Registration\n.*?```yaml\n(.*?)```/s.exec(pageOf(name)) ?? [];
      await directory.write('assay.yaml', mounted(`${rest}${registration}`));
      const { warnings, configuration } = await load(directory.file, {
        ORDERS_API_SECRET: randomBytes(32).toString('hex'),
      });
      expect(warnings).toEqual([]);
      expect(configuration.callers).toMatchObject([{ id: 'orders-api' }]);
    },
  );

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

  describe('as a part of something', () => {
    /** Where a pod finds what it needs to ask the API server. */
    const pod = '/var/run/secrets/kubernetes.io/serviceaccount';
    beforeAll(async () => {
      await directory.write('ca.crt', (await aCertificate({ isAuthority: true })).pem);
      await directory.write('token', 'a.b.c');
    });

    /** The registration of a page, with this beside what it says. */
    const registered = (name: string, part: object) => {
      const page = presets.get(name as PresetName)?.refusal === undefined ? pageOf(name) : pageOf('cognito');
      const [[id, section] = ['', {}]] = Object.entries((registrationIn(page) as { issuers: object }).issuers);
      return { issuers: { [id]: { ...(section as object), ...part } } };
    };

    /** What becomes of a block, by what its first line says that it is a part of. */
    const places: Readonly<Record<string, (name: string, part: object) => Promise<{ readonly warnings: unknown }>>> = {
      'a registration': (name, part) => loadWith(registered(name, part)),
      'a caller': (name, part) => loadWith(registered(name, {}), part),
      'a profile of a caller': (name, part) =>
        loadWith(registered(name, {}), { secrets: undefined, proxy: true, ...part }),
    };

    /** Those of other programs, by what has to be in them. */
    const foreign: Readonly<Record<string, RegExp>> = {
      'a job of a workflow': /id-token/,
      '.gitlab-ci.yml': /id_tokens/,
      'a pod': /serviceAccountToken/,
      'a manifest': /system:auth-delegator/,
    };

    const blocks = presetNames.flatMap((name) =>
      [...pageOf(name).matchAll(/^( *)```yaml\n\1# part of (.+)\n([\s\S]*?)```/gm)].map(
        ([, , whole = '', text = '']) => [name, whole, text] as const,
      ),
    );

    it.each(blocks)('is accepted: %s, part of %s', async (name, whole, text) => {
      const part = parse(text.replaceAll(pod, directory.path)) as object;
      const load = places[whole];
      if (load) expect((await load(name, part)).warnings).toEqual([]);
      else expect(JSON.stringify(part)).toMatch(foreign[whole] ?? 'neither ours nor known');
    });

    const rules = presetNames.flatMap((name) =>
      [...pageOf(name).matchAll(/`(\{ claim: [^`]*\})`/g)].map(([, text = '']) => [name, text] as const),
    );

    it.each(rules)('is a rule: %s %s', async (name, text) => {
      const { issuers } = registrationIn(pageOf(name)) as { issuers: Record<string, { rules?: object[] }> };
      const all = [...(issuers[name]?.rules ?? []), parse(text) as object];
      expect((await loadWith(registered(name, { rules: all }))).warnings).toEqual([]);
    });

    it('none is overlooked', () => {
      const marked = presetNames.flatMap((name) => pageOf(name).match(/# part of/g) ?? []);
      expect(blocks).toHaveLength(marked.length);
      const yaml = presetNames.flatMap((name) => pageOf(name).split('## Registration')[0]?.match(/```/g) ?? []);
      expect(yaml).toHaveLength(2 * marked.length);
      expect(rules.length).toBeGreaterThan(0);
    });
  });
});
