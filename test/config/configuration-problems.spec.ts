import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aConfiguration, environment } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { load } from './support/load.js';
import { withMistake } from './support/mistake.js';
import { mistakes } from './support/wrong-configurations.js';

describe('a wrong configuration', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
  });

  afterAll(async () => {
    await directory.remove();
  });

  async function problemsOf(
    configuration: object | string,
    variables: object = environment,
  ): Promise<ConfigurationInvalid> {
    if (typeof configuration === 'string') await directory.write('assay.yaml', configuration);
    else await directory.configure(configuration);
    try {
      await load(directory.file, { ...variables });
    } catch (error) {
      if (error instanceof ConfigurationInvalid) return error;
      throw error;
    }
    throw new Error('nothing wrong was found');
  }

  it('starts from one that is not', async () => {
    await directory.configure(aConfiguration());
    expect((await load(directory.file)).warnings).toEqual([]);
  });

  it.each(mistakes)('$name: says where, what was found and what was expected', async (mistake) => {
    const { problems } = await problemsOf(withMistake(mistake));
    expect(problems).toHaveLength(1);
    const [{ path, found, expected, line } = { path: 'none' }] = problems;
    expect(path).toBe(mistake.path);
    expect(found).toEqual(typeof mistake.found === 'string' ? mistake.found : expect.stringMatching(mistake.found));
    expect(expected).toEqual(
      typeof mistake.expected === 'string' ? mistake.expected : expect.stringMatching(mistake.expected),
    );
    expect(line).toBeGreaterThan(0);
  });

  it('prints every problem at once, aligned, in the order of the file', async () => {
    const { message, problems } = await problemsOf(`server:
  http: { host: 0.0.0.0, port: 99999 }
  shutdownTimeout: 25
issuers:
  - id: corp
    issuer: https://login.corp.example?x
    algorithms: [HS256]
    audience: [https://api.corp.example]
  - id: corp
    issuer: https://login.corp.example
    keys: { jwksFile: absent.json }
    algorithms: [RS256]
    audiences: any
callers:
  - id: orders-api
    secrets: ["\${env:ABSENT}"]
    issuers: [corpp]
    audiences: any
`);
    const lines = [
      ['2', 'server.http.port'],
      ['3', 'server.shutdownTimeout'],
      ['5', 'issuers[0].audiences'],
      ['6', 'issuers[0].issuer'],
      ['7', 'issuers[0].algorithms[0]'],
      ['8', 'issuers[0].audience'],
      ['9', 'issuers[1].id'],
      ['11', 'issuers[1].keys.jwksFile'],
      ['15', 'callers[0].claims'],
      ['16', 'callers[0].secrets[0]'],
      ['17', 'callers[0].issuers[0]'],
    ];
    expect(problems.map(({ line, path }) => [String(line), path])).toEqual(lines);
    const [title, empty, ...rows] = message.trimEnd().split('\n');
    expect(title).toBe(`${directory.file}: 11 problems in the configuration`);
    expect(empty).toBe('');
    expect(new Set(rows.map((row) => row.indexOf(' found '))).size).toBe(1);
    expect(rows[3]).toMatch(/assay\.yaml:6 {3}issuers\[0\]\.issuer: +found a query in the URL, expected an https URL/);
  });

  it('names the line and the column where it is not even YAML', async () => {
    const { problems } = await problemsOf('issuers:\n  - id: corp\n\t  x: 1\n');
    expect(problems[0]).toMatchObject({ path: expect.stringMatching(/^line 3, column \d+$/), line: 3 });
  });

  it.each([
    ['an empty file', '', 'nothing'],
    ['a comment', '# nothing yet\n', 'nothing'],
    ['a list', '- a\n', 'a list'],
    ['a text', 'hunter2\n', 'a text (not shown)'],
  ])('%s is no configuration', async (_name, text, found) => {
    expect((await problemsOf(text)).problems).toMatchObject([{ path: '', found, expected: 'a mapping' }]);
  });

  it('RADM-03 shows no secret, wherever it was put by mistake', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const wrong = aConfiguration();
    Object.assign(wrong, {
      secret,
      redis: { url: secret, sentinels: secret, recordKeys: [{ id: 5, secret: [secret] }] },
    });
    Object.assign(wrong.callers[0]!, { secrets: secret, secret, assertion: secret, rateLimit: secret });
    wrong.callers.push(secret as never, {
      id: '${env:SECRET}\n',
      secrets: [{ value: { secret } }, { value: secret, expire: secret }],
    });
    Object.assign(wrong.issuers[0]!, { keys: secret, clockTolerance: '${env:SECRET}', criticality: '${env:SECRET}' });
    const { message, problems } = await problemsOf(wrong, { SECRET: secret });
    expect(problems.length).toBeGreaterThan(12);
    expect(message).not.toContain('hunter2');
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('L-02 does not start where Node was told not to check certificates', async () => {
    const variables = { ...environment, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { problems } = await problemsOf(aConfiguration(), variables);
    expect(problems).toMatchObject([{ path: '${env:NODE_TLS_REJECT_UNAUTHORIZED}' }]);
  });

  it('L-02 no key of any section sounds like a switch that weakens a check', async () => {
    const { default: schema } = await import('../../assay.schema.json', { with: { type: 'json' } });
    const keys = [...JSON.stringify(schema).matchAll(/"(\w+)":\{"description"/g)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(80);
    // The first is an event that a provider sends, the second how often a stream is asked to prove that it is alive.
    const known = ['accountDisabled', 'verifyEvery'];
    for (const key of keys.filter((each = '') => !known.includes(each)))
      expect(key).not.toMatch(/insecure|skip|verify|unsafe|disable|unauthorized/i);
  });
});
