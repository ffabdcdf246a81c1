import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aConfiguration, type Raw } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { load } from './support/load.js';

describe('a run reports every problem, whenever it shows', () => {
  let directory: Directory;

  beforeEach(async () => {
    directory = await Directory.create();
  });

  afterEach(async () => {
    await directory.remove();
  });

  /** Path and finding of all that is said of a configuration, in order. */
  async function problemsOf(change: (raw: Raw) => void): Promise<readonly string[]> {
    const raw = aConfiguration();
    change(raw);
    await directory.configure(raw);
    try {
      await load(directory.file);
    } catch (error) {
      if (error instanceof ConfigurationInvalid) return error.problems.map(({ path, found }) => `${path}: ${found}`);
      throw error;
    }
    return [];
  }

  it('of sections that cannot be read, and of others that cannot be made ready', async () => {
    await directory.write('odd.pem', 'no PEM at all');
    const problems = await problemsOf(({ issuers, callers }) => {
      const [corp] = issuers;
      issuers[0] = { ...corp, colour: 'blue' };
      issuers.push({ ...corp, id: 'shop', issuer: 'https://shop.example', keys: { pemFile: 'odd.pem' } });
      callers.push({ ...callers[0], id: 'nobody', secrets: undefined }, { ...callers[0], id: 'weak', secrets: ['x'] });
    });
    expect(problems).toEqual([
      'issuers[0].colour: an unknown key',
      'issuers[1].keys.pemFile: holds no PEM block',
      'callers[1]: no way to authenticate',
      'callers[2].secrets[0]: a secret of 1 characters',
    ]);
  });

  it('beside a server that cannot be read, without blaming others for what it would have said', async () => {
    const jwks = { keys: [{ kty: 'EC' }] };
    const problems = await problemsOf((raw) => {
      raw['server'] = { identifier: 'https://assay.example.com', colour: 'blue' };
      raw.callers.push({ ...raw.callers[0], id: 'signs', secrets: undefined, assertion: { jwks } });
    });
    expect(problems).toEqual([
      'callers[1].assertion.jwks.keys[0]: a key that cannot be read',
      'server.colour: an unknown key',
    ]);
  });

  it('in sections of the top as well', async () => {
    const problems = await problemsOf((raw) => {
      raw['admin'] = { tokens: [{ id: 'ops', secret: 'short', role: 'operator' }] };
      raw['redis'] = { url: 'http://redis', recordKeys: [{ id: 'k1', secret: 'x'.repeat(40) }] };
      raw['isuers'] = [];
    });
    expect(problems).toEqual([
      'admin.tokens[0].secret: a secret of 5 characters',
      'redis.url: something else',
      'redis.recordKeys[0].secret: a secret of words, repeats or few different characters',
      'isuers: an unknown key',
    ]);
  });

  it('each once', async () => {
    const problems = await problemsOf(({ callers }) => {
      callers[0]!['secrets'] = ['${env:ABSENT}'];
      callers.push({ ...callers[0], secrets: ['${env:ORDERS_SECRET}'] });
    });
    expect(problems).toEqual([
      'callers[0].secrets[0]: ${env:ABSENT}: the environment variable is not set, or empty',
      'callers[1].id: the same as callers[0].id',
    ]);
  });
});
