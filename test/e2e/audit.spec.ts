import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { recipes } from '../gateway/support/recipe.js';
import { AssayProcess, emptyDirectory } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi, type Section } from './support/configuration.js';
import { leaksIn } from './support/leaks.js';

const hashKey = 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E';
const subject = 'subject-canary-5Jx1';
const jti = 'jti-canary-Lp08';

type Line = Readonly<Record<string, unknown>>;

describe('the audit trail of the program', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  let directory: string;
  let file: string;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    directory = await emptyDirectory();
    file = join(directory, 'audit', 'trail.jsonl');
    await mkdir(join(directory, 'audit'));
  });

  afterEach(async () => {
    await assay.stop();
    await issuer.stop();
  });

  async function start(audit: Section = {}): Promise<void> {
    const telemetry = { audit: { file, hashKey, activeSampleRatio: 1, ...audit } };
    assay = await AssayProcess.start(
      (ports) => ({
        ...configurationOf(ports, [issuerSection('corp', issuer, { criticality: 'critical' })], {
          grpc: { enabled: false },
        }),
        telemetry,
      }),
      { directory },
    );
    // A decision takes keys: on a busy machine the first question may come before them.
    await eventually(async () => (await fetch(`${assay.managementUrl}/readyz`)).status === 200);
  }

  async function linesOf(path = file): Promise<readonly Line[]> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }

  async function decisions(path = file): Promise<readonly Line[]> {
    return (await linesOf(path)).filter(({ action }) => action === 'decision');
  }

  const sign = (claims: object = {}) => issuer.sign({ sub: subject, jti, ...claims });

  it('says which key signed what, and can be searched by the id of a token, as the manual says', async () => {
    await start();
    expect((await introspect(assay, await sign())).body).toMatchObject({ active: true });
    await introspect(assay, await sign({ jti: 'another' }));
    await eventually(async () => (await decisions()).length === 2);
    const [added] = (await linesOf()).filter(({ action }) => action === 'key_added');
    const [script = ''] = recipes('../audit.md', 'sh');
    const env = { ...process.env, JTI: jti, KEY: hashKey, TRAIL: file };
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
    ).toMatchObject([
      {
        door: 'introspect',
        caller: ordersApi.id,
        verdict: 'active',
        issuer: 'corp',
        thumbprint: added!['thumbprint'],
      },
    ]);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('is complete when the program was told to stop: what waited and what was only counted is written', async () => {
    await start();
    const expired = await sign({ exp: 1 });
    for (const token of [await sign(), expired, expired, 'garbage', 'garbage', 'garbage'])
      await introspect(assay, token);
    assay.signal('SIGTERM');
    expect(await assay.exited()).toBe(0);

    const told = (await linesOf()).filter(({ action }) => String(action).startsWith('decision'));
    expect(told.map(({ action, verdict, reason, count }) => [action, verdict, reason, count])).toEqual([
      ['decision', 'active', undefined, undefined],
      ['decision', 'inactive', 'expired', undefined],
      ['decisions_refused', 'inactive', 'expired', 1],
      ['decisions_refused', 'inactive', 'malformed', 3],
    ]);
  });

  it('goes on in a new file when somebody has renamed the old one', async () => {
    await start();
    await introspect(assay, await sign());
    await eventually(async () => (await decisions()).length === 1);
    await rename(file, `${file}.1`);
    await introspect(assay, await sign());
    await eventually(async () => (await decisions()).length === 1);
    expect(await decisions(`${file}.1`)).toHaveLength(1);
  });

  it('holds back no answer while it cannot be written, says so, and catches up', async () => {
    await start();
    await rm(join(directory, 'audit'), { recursive: true });
    expect((await introspect(assay, await sign())).body).toMatchObject({ active: true });
    await assay.says('audit trail cannot be written; its records wait in memory');
    expect((await introspect(assay, await sign({ exp: 1 }))).body).toEqual({ active: false });
    await mkdir(join(directory, 'audit'));
    await eventually(async () => (await decisions()).length === 2);
  });

  it('has whole lines and nothing else on a disk that is full in the middle of one, and each once when there is room again', async () => {
    await start();
    const before = (await stat(file)).size;
    // The kernel then behaves as on a full disk: it takes a part of a write, and refuses the next.
    const roomFor = (bytes: number | 'unlimited') =>
      promisify(execFile)('prlimit', ['--pid', String(assay.pid), `--fsize=${bytes}:unlimited`]);
    await roomFor(before + 700);
    for (let i = 0; i < 6; i++) await introspect(assay, await sign({ jti: `${jti}${i}` }));
    await assay.says('audit trail cannot be written; its records wait in memory');
    const kept = await decisions();
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(6);
    await promisify(execFile)('jq', ['-e', '.action', file]);
    await roomFor('unlimited');
    await eventually(async () => (await decisions()).length === 6);
    expect(new Set((await decisions()).map(({ jtiHash }) => jtiHash)).size).toBe(6);
  });

  it('counts in the log what it could not write to the end', async () => {
    await start();
    await rm(join(directory, 'audit'), { recursive: true });
    expect((await introspect(assay, await sign())).body).toMatchObject({ active: true });
    assay.signal('SIGTERM');
    expect(await assay.exited()).toBe(0);
    expect(assay.log.find(({ msg }) => msg === 'audit records of decisions are lost')).toMatchObject({ unwritten: 1 });
  });

  it('INV-01 repeats no token, no secret, no subject and no id of a token; standard output is no exception', async () => {
    await start({ file: undefined });
    const tokens = [
      await sign(),
      await sign({ exp: 1 }),
      await sign({ aud: 'https://nobody.example' }),
      `${await sign()}x`,
    ];
    for (const token of tokens) await introspect(assay, token);
    assay.signal('SIGTERM');
    expect(await assay.exited()).toBe(0);
    expect(assay.log.filter(({ stream, action }) => stream === 'audit' && action === 'decision')).toHaveLength(3);
    const planted = [subject, jti, hashKey, ordersApi.secret, ...tokens.flatMap((token) => token.split('.'))];
    expect(leaksIn(assay.output, planted)).toEqual([]);
  });
});
