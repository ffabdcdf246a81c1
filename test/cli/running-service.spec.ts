import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from '../admin/support/admin-world.js';
import { callerSection, ordersApi } from '../e2e/support/configuration.js';
import { freePort } from '../fakes/free-port.js';
import { runAssay } from './support/run-assay.js';

const subject = 'anna-canary-7Hq2';

describe('the commands that ask a running service', () => {
  let issuer: FakeIssuer;
  let service: AdminService;
  let folder: string;
  let tokens: Readonly<Record<'viewer' | 'operator', string>>;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const expires = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString();
    const batch = {
      ...callerSection('batch', ordersApi.secret),
      secrets: [{ value: `${ordersApi.secret}-2`, expires }],
    };
    service = await AdminService.start([quickIssuer(issuer)], {
      admin: adminSection,
      callers: [callerSection(ordersApi.id, ordersApi.secret), batch],
    });
    folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
    tokens = { viewer: join(folder, 'viewer'), operator: join(folder, 'operator') };
    await writeFile(tokens.viewer, `${viewer}\n`);
    await writeFile(tokens.operator, `${operator}\n`);
  });

  afterAll(async () => {
    await service.stop();
    await issuer.stop();
    await rm(folder, { recursive: true });
  });

  const run = (words: readonly string[], { input = '', as = tokens.operator }: { input?: string; as?: string } = {}) =>
    runAssay([...words, '--service', service.managementUrl, '--admin-token-file', as], { input });

  const explain = ['explain', '--running', '--caller', 'orders-api'];

  it('revoke and revocations: a subject from standard input; explain then says who refuses its tokens', async () => {
    const token = await issuer.sign({ sub: subject });
    expect(await run(explain, { input: token })).toMatchObject({ code: 0, stderr: '' });
    const revoke = ['revoke', 'corp', '--kind', 'subject', '--reason', 'left the company'];
    const { code, stdout } = await run(revoke, { input: `${subject}\n` });
    expect(code).toBe(0);
    expect(stdout).toContain('kind: subject');
    const listed = await run(['revocations', 'corp', '--json']);
    expect(listed.code).toBe(0);
    expect(JSON.stringify(JSON.parse(listed.stdout))).toContain('left the company');
    const explained = await run(explain, { input: token });
    expect(explained).toMatchObject({ code: 1, stderr: '' });
    expect(explained.stdout).toContain('revoked_subject');
    for (const part of token.split('.')) expect(explained.stdout).not.toContain(part);
  });

  it('hygiene: each finding with what to do, and what was watched too briefly where that is asked for', async () => {
    const all = await run(['hygiene', '--undecided'], { as: tokens.viewer });
    expect(all).toMatchObject({ code: 1, stderr: '' });
    expect(all.stdout).toMatch(
      /^secret_ending: A secret of batch ends on .*; no other one stays\n  to do: Register a new/,
    );
    expect(all.stdout).toMatch(
      /\n1 findings, watched since \d{4}-.*\n\nrotation_overdue: corp has published no new key yet/,
    );
    const seen = await run(['hygiene', '--seen'], { as: tokens.viewer });
    expect(seen.stdout).toMatch(
      /\n {2}issuer {2,}longest lifetime {2,}allowed {2,}algorithms\n {2}corp {4}\S+ +1d {7}ES256 (not seen|2\d{3}-)/,
    );
    const none = await run(['hygiene', '--kind', 'right_unused'], { as: tokens.viewer });
    expect(none).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 findings/) as string });
    const json = await run(['hygiene', '--caller', 'batch', '--json'], { as: tokens.viewer });
    expect(JSON.parse(json.stdout)).toMatchObject({ findings: [{ kind: 'secret_ending', caller: 'batch' }] });
    const wrong = await run(['hygiene', '--kind', 'gossip']);
    expect(wrong).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('secret_ending, secret_shared') as string,
    });
  });

  it('a refusal is told in the words of the service, with what to do, and no secret', async () => {
    const asViewer = await run(explain, { input: 'x', as: tokens.viewer });
    expect(asViewer).toMatchObject({ code: 1, stdout: '' });
    expect(asViewer.stderr).toMatch(/status 403: role_insufficient.*to do: use the token of an operator/);
    const stranger = join(folder, 'stranger');
    await writeFile(stranger, 'stranger-token-Wq7Zt3Lm9XcVb5Nh');
    const wrong = await run(['revocations', 'corp'], { as: stranger });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('status 401');
    const nobody = await run(['revocations', 'nobody']);
    expect(nobody.stderr).toContain('status 404');
    const field = await run(['revoke', 'corp', '--kind', 'person', '--reason', 'x'], { input: 'y' });
    expect(field.stderr).toContain('one of token, session');
    for (const { stderr } of [asViewer, wrong, nobody, field])
      for (const secret of [viewer, operator]) expect(stderr).not.toContain(secret);
  });

  it('nobody there, or somebody who leads elsewhere: 69', async () => {
    const ask = (port: number) => runAssay(['revocations', 'corp', '--service', `http://127.0.0.1:${port}`]);
    const port = await freePort();
    expect(await ask(port)).toMatchObject({ code: 69, stderr: expect.stringContaining('does not answer') });
    const leads = createServer((_request, response) => {
      response.writeHead(302, { location: `${service.managementUrl}/admin/v1/issuers` }).end();
    });
    await new Promise<void>((resolve) => leads.listen(port, '127.0.0.1', resolve));
    expect(await ask(port)).toMatchObject({ code: 69 });
    await new Promise((resolve) => leads.close(resolve));
  });

  it.each([
    [['revoke', 'corp', '--reason', 'x'], '--kind and --reason are needed'],
    [['revoke', 'corp', '--kind', 'subject', '--reason', 'x'], 'standard input has to say which subject'],
    [['revoke'], 'ISSUER is missing'],
    [['revocations', 'corp', '--admin-token-file', '/nonexistent'], 'the file cannot be read (ENOENT)'],
    [['revocations', 'corp', '--admin-token-file', '/etc/passwd'], 'the admin token: one line, as in admin.tokens'],
  ])('a wrong call is a sentence, and 64: %j', async (words, sentence) => {
    const { code, stderr } = await runAssay(words);
    expect(code).toBe(64);
    expect(stderr).toContain(sentence);
  });
});
