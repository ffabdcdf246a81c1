import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aConfiguration, type Raw, type RawSection } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { configured } from './support/followed-configuration.js';
import { load } from './support/load.js';

/** A list as the mapping that says the same. */
const keyed = (list: readonly RawSection[]): RawSection =>
  Object.fromEntries(list.map(({ id, ...others }) => [String(id), others]));

/** With mappings instead of lists, and `change` made to the one of the issuers. */
function withMappings(change: (issuers: Record<string, RawSection | null>) => void = () => undefined): object {
  const { issuers, callers } = aConfiguration();
  const mapping = keyed(issuers) as Record<string, RawSection>;
  change(mapping);
  return { issuers: mapping, callers: keyed(callers) };
}

describe('issuers and callers as mappings', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
  });

  afterAll(async () => {
    await directory.remove();
  });

  const loaded = async (configuration: object) => {
    await directory.configure(configuration);
    return load(directory.file);
  };

  async function problemsOf(configuration: object): Promise<ConfigurationInvalid['problems']> {
    const error: unknown = await loaded(configuration).catch((thrown: unknown) => thrown);
    if (error instanceof ConfigurationInvalid) return error.problems;
    throw new Error('nothing wrong was found');
  }

  it('say the same as lists', async () => {
    const list = configured(({ issuers }) =>
      issuers.push({ ...issuers[0], id: 'shop', issuer: 'https://shop.example' }),
    );
    const mapping = { ...list, issuers: keyed(list.issuers), callers: keyed(list.callers) };
    expect((await loaded(mapping)).configuration).toEqual((await loaded(list)).configuration);
  });

  it('may repeat the id, and nothing else in its place', async () => {
    const repeated = withMappings((issuers) => (issuers['corp']!['id'] = 'corp'));
    expect((await loaded(repeated)).configuration.issuers).toMatchObject([{ id: 'corp' }]);
    const other = withMappings((issuers) => (issuers['corp']!['id'] = 'shop'));
    expect(await problemsOf(other)).toEqual([
      { path: 'issuers.corp.id', found: '"shop"', expected: '"corp", as the key of the entry, or no id', line: 8 },
    ]);
  });

  it('register nothing for a key without a value, and say so', async () => {
    const { configuration, warnings } = await loaded(withMappings((issuers) => (issuers['gone'] = null)));
    expect(configuration.issuers.map(({ id }) => id)).toEqual(['corp']);
    expect(warnings).toMatchObject([{ path: 'issuers.gone', line: 8 }]);
  });

  it('name the place of a problem by their keys, with its line', async () => {
    const wrong = withMappings((issuers) => {
      issuers['shop'] = { ...issuers['corp'], issuer: 'https://shop.example', algorithms: ['none'] };
      issuers['Bad Id'] = { ...issuers['corp'], issuer: 'https://bad.example' };
      issuers['twice'] = { ...issuers['corp'] };
      issuers['text'] = 'corp' as unknown as RawSection;
    });
    expect(await problemsOf(wrong)).toMatchObject([
      { path: 'issuers.shop.algorithms[0]', line: 11 },
      { path: 'issuers["Bad Id"].id', found: '"Bad Id"', line: 13 },
      { path: 'issuers.twice.issuer', found: 'the same as issuers.corp.issuer', line: 18 },
      { path: 'issuers.text', found: 'a text (not shown)', expected: 'a mapping', line: 21 },
    ]);
  });

  it('name it also where the problem shows only when all is made ready', async () => {
    const raw = withMappings() as Raw;
    raw.callers = { 'orders-api': { issuers: ['corp'], audiences: 'any', claims: 'any' } } as unknown as RawSection[];
    expect(await problemsOf({ ...raw, server: { shutdownTimeout: 5 } })).toMatchObject([
      { path: 'callers.orders-api', found: 'no way to authenticate' },
      { path: 'server.shutdownTimeout' },
    ]);
  });

  it('are neither texts nor numbers', async () => {
    expect(await problemsOf({ ...aConfiguration(), issuers: 5 })).toMatchObject([
      { path: 'issuers', found: 'a number', expected: 'a list, or a mapping with each id as a key' },
    ]);
  });
});
