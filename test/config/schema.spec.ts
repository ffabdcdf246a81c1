import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import type { ConfigurationProblem } from '../../src/shared/configuration/place.js';
import { aConfiguration, environment } from './support/a-configuration.js';
import { contractExample } from './support/contract-example.js';
import { Directory } from './support/directory.js';
import { load } from './support/load.js';
import { withMistake } from './support/mistake.js';
import { mistakes } from './support/wrong-configurations.js';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(JSON.parse(read('assay.schema.json')) as object);

/** What YAML makes of it: members that are undefined are not there. */
const asWritten = (configuration: object): unknown => JSON.parse(JSON.stringify(configuration));

/** The examples in Markdown, in order. */
const examples = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!).filter((yaml) => yaml.includes('issuers:'));

describe('the schema and the loader agree', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
    for (const file of ['tls.crt', 'tls.key', 'ca.crt']) await directory.write(file, file);
    await directory.write('orders', 'orders-secret-Wq7Zt3Lm9XcVb5Nh');
  });

  afterAll(async () => {
    await directory.remove();
  });

  /** The problems of a text, with the files of the examples where a test can put them. */
  async function problemsOf(yaml: string): Promise<readonly ConfigurationProblem[]> {
    const local = yaml.replace('/run/secrets/orders', 'orders').replaceAll(/\/var\/run\/secrets\/[\w./]*\//g, '');
    await directory.write('assay.yaml', local);
    await directory.write('token', 'token');
    try {
      await load(directory.file, {
        ORDERS_API_SECRET: environment.ORDERS_SECRET,
        INVENTORY_SECRET: 'inventory-secret-Pk3Vb8Xm2Zq7',
        ...environment,
      });
      return [];
    } catch (error) {
      if (error instanceof ConfigurationInvalid) return error.problems;
      throw error;
    }
  }

  it('about the shortest configuration', async () => {
    expect(validate(aConfiguration())).toBe(true);
    expect(await problemsOf(JSON.stringify(aConfiguration()))).toEqual([]);
  });

  it('about issuers and callers that are mappings: what must be there, and what must not', async () => {
    const { issuers, callers } = aConfiguration();
    const [{ id: corp, ...issuer }, { id: orders, ...caller }] = [issuers[0]!, callers[0]!];
    const mapping = { issuers: { [String(corp)]: issuer, gone: null }, callers: { [String(orders)]: caller } };
    expect(validate(mapping), ajv.errorsText(validate.errors)).toBe(true);
    expect(await problemsOf(JSON.stringify(mapping))).toEqual([]);
    for (const wrong of [{ corp: {} }, { corp: { ...issuer, audience: 'x' } }, { corp: [issuer] }, [issuer]]) {
      expect(validate({ ...mapping, issuers: wrong })).toBe(false);
      expect(await problemsOf(JSON.stringify({ ...mapping, issuers: wrong }))).not.toEqual([]);
    }
  });

  it.each([
    ['docs/configuration.md', 5],
    ['README.md', 2],
  ])('about the examples in %s', async (file, count) => {
    const texts = examples(read(file));
    expect(texts).toHaveLength(count);
    for (const yaml of texts) {
      expect(validate(parse(yaml)), ajv.errorsText(validate.errors)).toBe(true);
      expect(await problemsOf(yaml)).toEqual([]);
    }
  });

  it('about every key that is promised: what is not built yet is refused by name, and nothing is unknown', async () => {
    expect(validate(parse(contractExample)), ajv.errorsText(validate.errors)).toBe(true);
    for (const { found } of await problemsOf(contractExample)) expect(found).toMatch(/not available in this version/);
  });

  it.each(mistakes.filter((mistake) => !mistake.needsLoader))('$name is refused by both', (mistake) => {
    expect(validate(asWritten(withMistake(mistake)))).toBe(false);
  });

  it.each(mistakes.filter((mistake) => mistake.needsLoader))('$name needs the loader', (mistake) => {
    expect(validate(asWritten(withMistake(mistake))), ajv.errorsText(validate.errors)).toBe(true);
  });
});
