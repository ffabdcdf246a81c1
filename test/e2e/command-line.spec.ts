import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, emptyDirectory } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi } from './support/configuration.js';

const root = join(import.meta.dirname, '..', '..');
const hashKey = 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E';
const subject = 'subject-canary-5Jx1';

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs the built program with these words, in a process of its own. */
function run(directory: string, words: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const node = join(root, 'node_modules', '.bin', 'node');
    const options = { cwd: directory, env: { PATH: process.env['PATH'] } };
    const child = execFile(node, [join(root, 'dist', 'main.js'), ...words], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

describe('the command line beside a running service', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  let directory: string;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    directory = await emptyDirectory();
    const audit = { file: join(directory, 'trail.jsonl'), hashKey, activeSampleRatio: 1, subHash: true };
    const corp = issuerSection('corp', issuer, { criticality: 'critical' });
    const server = { grpc: { enabled: false } };
    assay = await AssayProcess.start((ports) => ({ ...configurationOf(ports, [corp], server), telemetry: { audit } }), {
      directory,
    });
    await eventually(async () => (await fetch(`${assay.managementUrl}/readyz`)).status === 200);
  });

  afterEach(async () => {
    await assay.stop();
    await issuer.stop();
  });

  it('finds who asked about a token of a subject, and which key had signed it', async () => {
    const token = await issuer.sign({ sub: subject });
    expect((await introspect(assay, token)).body).toMatchObject({ active: true });
    const find = () => run(directory, ['audit', 'find', '--subject', '-', '--json'], subject);
    await eventually(async () => (await find()).code === 0);
    const { output } = await find();
    expect(JSON.parse(output)).toMatchObject({
      action: 'decision',
      door: 'introspect',
      caller: ordersApi.id,
      verdict: 'active',
      issuer: 'corp',
      thumbprint: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(output).not.toContain(subject);
    expect(await run(directory, ['audit', 'find', '--subject', 'nobody'])).toMatchObject({ code: 1 });
  });

  it('explains a token by the same file, and ends as the verdict says; nothing of the token is printed', async () => {
    const [good, expired] = [await issuer.sign({ sub: subject }), await issuer.sign({ exp: 1_700_000_000 })];
    const answers = [await run(directory, ['explain'], good), await run(directory, ['explain'], expired)];
    expect(answers.map(({ code }) => code)).toEqual([0, 1]);
    expect(answers[1]!.output).toContain('code: expired');
    [good, expired].forEach((token, i) => {
      for (const part of token.split('.')) expect(answers[i]!.output).not.toContain(part);
    });
    issuer.behaveForKeys(() => undefined);
    expect(await run(directory, ['explain'], good)).toMatchObject({ code: 69 });
  });

  it('lists keys, and prints a registration', async () => {
    const keys = await run(directory, ['keys', issuer.issuer, '--allow-private']);
    expect(keys).toMatchObject({ code: 0, output: expect.stringContaining('1 of 1 keys can be used') as string });
    const added = await run(directory, ['issuer', 'add', issuer.issuer, '--allow-private']);
    expect(added).toMatchObject({ code: 0, output: expect.stringContaining('audiences: []') as string });
    issuer.publishDocument({ keys: [] });
    expect(await run(directory, ['keys', issuer.issuer, '--allow-private'])).toMatchObject({ code: 1 });
  });
});
