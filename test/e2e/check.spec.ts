import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, issuerSection, ordersApi } from './support/configuration.js';

const root = join(import.meta.dirname, '..', '..');
const ports = { http: 8080, grpc: 9090, management: 8081 };
// Nobody answers at these addresses: the command must not ask.
const corp = issuerSection('corp', { issuer: 'https://login.corp.invalid' });
const redis = { url: 'redis://redis.invalid', recordKeys: [{ id: 'k1', secret: '${env:RECORD_KEY}' }] };
const environment = { RECORD_KEY: 'record-key-Wq7Zt3Lm9XcVb5NhRk2Jd8Fs' };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line of the program', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-check-'));
    file = join(folder, 'assay.yaml');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = (configuration: object): Promise<void> => writeFile(file, JSON.stringify(configuration, null, 2));

  function assay(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const node = join(root, 'node_modules', '.bin', 'node');
      const options = { cwd: folder, env: { PATH: process.env['PATH'], ...environment, ...env } };
      execFile(node, [join(root, 'dist', 'main.js'), ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  it('check: says what is wrong with every included file, each in its place', async () => {
    await write({ ...configurationOf(ports, [corp]), include: '*.issuers.yaml' });
    const members = { ...corp, id: undefined };
    const [one, two] = [join(folder, '1.issuers.yaml'), join(folder, '2.issuers.yaml')];
    await writeFile(one, JSON.stringify({ issuers: { shop: { ...members, algorithms: ['none'] } } }, null, 2));
    await writeFile(two, JSON.stringify({ issuers: { other: members } }, null, 2));
    const { code, stderr } = await assay(['check', file]);
    expect(code).toBe(78);
    expect(stderr).toMatch(/3 problems/);
    expect(stderr).toContain(`${one}:9  issuers.shop.algorithms[0]: found "none"`);
    const { stdout } = await assay(['check', '--json', file]);
    const { problems } = JSON.parse(stdout) as { readonly problems: readonly object[] };
    expect(problems).toMatchObject([
      { file: one, path: 'issuers.shop.issuer', found: 'the same as issuers[0].issuer' },
      { file: one, path: 'issuers.shop.algorithms[0]' },
      { file: two, path: 'issuers.other.issuer' },
    ]);
  });

  it('check: a good file is good, and asks nobody: exit code 0, and the digest that sha256sum prints', async () => {
    const configuration = { ...configurationOf(ports, [corp]), redis };
    await write(configuration);
    const digest = createHash('sha256')
      .update(JSON.stringify(configuration, null, 2))
      .digest('hex');
    const { code, stdout, stderr } = await assay(['check', file]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${file}: the configuration is good\n  SHA-256 ${digest}\n`);
    const { stdout: json } = await assay(['check', '--json', file]);
    expect(JSON.parse(json)).toMatchObject({ file, isValid: true, digest, problems: [] });
  });

  it('check: says of a wrong file exactly what the service says, with the same exit code', async () => {
    const wrong = {
      ...configurationOf(ports, [
        { ...corp, algorithms: ['HS256'] },
        { ...corp, id: 'second' },
      ]),
      redis: { ...redis, url: '${env:NOWHERE}' },
      calers: [],
    };
    await write(wrong);
    const { code, stdout, stderr } = await assay(['check', file]);
    expect([code, stdout]).toEqual([78, '']);
    const service = await AssayProcess.run({ directory: folder, env: { ASSAY_CONFIG: file, ...environment } }, ports);
    expect(await service.exited()).toBe(78);
    expect(stderr).toBe(service.errors);
    for (const path of ['issuers[0].algorithms[0]', 'issuers[1].issuer', 'redis.url', 'calers'])
      expect(stderr).toContain(`${path}:`);

    const json = await assay(['check', '--json', file]);
    expect([json.code, json.stderr]).toEqual([78, '']);
    const { isValid, problems } = JSON.parse(json.stdout) as { isValid: boolean; problems: { path: string }[] };
    expect(isValid).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({
        path: 'issuers[0].algorithms[0]',
        line: expect.any(Number) as number,
        found: expect.any(String) as string,
        expected: expect.any(String) as string,
      }),
    );
  });

  it('check: finds problems that show only when issuers are prepared, and files that are not there', async () => {
    await write(configurationOf(ports, [corp, { ...corp, id: 'second' }]));
    expect(await assay(['check', file])).toMatchObject({ code: 78 });
    expect((await assay(['check', file])).stderr).toContain('issuers[1].issuer:');
    expect(await assay(['check', join(folder, 'absent.yaml')])).toMatchObject({ code: 78 });
  });

  it('check: takes the file that the service would take, and prints no secret', async () => {
    await write({ ...configurationOf(ports, [corp]), redis, admin: { tokens: 'planted-secret-8hT2kPq4Lm' } });
    const { code, stderr } = await assay(['check'], { ASSAY_CONFIG: file });
    expect(code).toBe(78);
    expect(stderr).toContain('admin.tokens:');
    expect(stderr).not.toContain('RECORD_KEY');
    expect(stderr).not.toContain(environment.RECORD_KEY);
    expect(await assay(['check'], { NODE_ENV: 'production' })).toMatchObject({ code: 78 });
    await rm(file);
    const nothing = await assay(['check']);
    expect(nothing).toMatchObject({ code: 64 });
    expect(nothing.stderr).toContain('assay check assay.yaml');
  });

  it('check --online: the world is not as a good file says: exit code 69, and nothing of a secret', async () => {
    await write({ ...configurationOf(ports, [corp]), redis });
    const { code, stdout, stderr } = await assay(['check', '--online', file]);
    expect([code, stderr]).toEqual([69, '']);
    expect(stdout).toMatch(
      /^ {2}issuer corp {4}FAILED {3}no keys: dns at login\.corp\.invalid \(resolve\).*; to do: /m,
    );
    expect(stdout).toMatch(/^ {2}redis primary {2}FAILED {3}.*; to do: /m);
    expect(stdout).not.toContain(environment.RECORD_KEY);
  });

  it('config show: what would be in force, without any secret, with the digest that check says', async () => {
    const configuration = { ...configurationOf(ports, [corp]), redis };
    await write(configuration);
    const { code, stdout, stderr } = await assay(['config', 'show', file]);
    expect([code, stderr]).toEqual([0, '']);
    const { digest } = JSON.parse((await assay(['check', '--json', file])).stdout) as { readonly digest: string };
    expect(stdout.split('\n')[0]).toBe(`# ${file}, SHA-256 ${digest}`);
    expect(parse(stdout)).toMatchObject({
      redis: { url: '(not shown)', recordKeys: [{ id: 'k1', secret: '(not shown)' }] },
      issuers: [{ id: 'corp', freshness: { refresh: '5m', hardTtl: '4h' } }],
      callers: [{ secrets: [{ value: '(not shown)' }] }],
    });
    for (const secret of [environment.RECORD_KEY, ordersApi.secret]) expect(stdout).not.toContain(secret);
    const json = await assay(['config', 'show', '--section', 'issuers', '--json', file]);
    expect(JSON.parse(json.stdout)).toMatchObject({ file, digest, configuration: { issuers: [{ id: 'corp' }] } });
    const misspelt = await assay(['config', 'show', '--section', 'isuers', file]);
    expect(misspelt).toMatchObject({ code: 64, stderr: expect.stringContaining('did you mean issuers?') as string });
    await write({ ...configuration, calers: [] });
    expect(await assay(['config', 'show', file])).toMatchObject({ code: 78, stdout: '' });
  });

  it('what was typed by mistake is not repeated where it may be a token', async () => {
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLXBsYW50ZWQ';
    for (const args of [[token], ['check', 'a', token], ['check', `--${token}`], ['help', token]]) {
      const { code, stdout, stderr } = await assay(args);
      expect(code).toBe(64);
      expect(stdout + stderr).not.toContain(token.slice(0, 20));
    }
  });

  it.each([
    [['chekc'], 'there is no command "chekc". Did you mean check?'],
    [['serve-all'], 'says whether a configuration file is good'],
    [['check', 'a', 'b'], 'one at a time, and not 2'],
    [['config'], 'Did you mean config show?'],
    [['config', 'shwo'], 'Did you mean config show?'],
    [['version', 'a'], 'assay version takes no operand, and not 1'],
    [['check', '--jsno'], "Unknown option '--jsno'"],
    [['help', 'chekc'], 'Did you mean check?'],
  ])('a wrong call is explained, and ends with 64: %j', async (args, sentence) => {
    const { code, stdout, stderr } = await assay(args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('Usage: assay');
  });

  it.each([[['--help']], [['help']], [['help', 'check']], [['check', '--help']], [['config', '--help']]])(
    '%j explains',
    async (args) => {
      const { code, stdout, stderr } = await assay(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: assay/);
      if (args.includes('check'))
        for (const word of ['0', '78', '64', '--json', 'FILE']) expect(stdout).toContain(word);
    },
  );

  it('says its version', async () => {
    expect((await assay(['--version'])).stdout).toMatch(/^assay \d+\.\d+\.\d+\n$/);
    const { code, stdout } = await assay(['version', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      node: expect.stringMatching(/^\d+\./),
    });
  });
});
