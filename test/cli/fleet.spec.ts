import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator, viewer } from '../admin/support/admin-world.js';
import { IndependentRegions } from '../admin/support/independent-regions.js';
import { freePort } from '../fakes/free-port.js';
import { runAssay } from './support/run-assay.js';

describe('assay fleet', { timeout: 60_000 }, () => {
  let world: IndependentRegions;
  let folder: string;

  beforeAll(async () => {
    world = await IndependentRegions.start();
    folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
    await writeFile(join(folder, 'viewer'), viewer);
    await world.inTheEnd(async () => (await world.fleet())['isHealthy'] === true);
  });

  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...words: string[]) => {
    const access = ['--service', world.eu.managementUrl, '--admin-token-file', join(folder, 'viewer')];
    world.eu.clock.forward(2_000);
    return runAssay(['fleet', ...words, ...access]);
  };

  it('says in a sentence that all agree, with a line for each region, and ends with 0', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    const [sentence, , ...rows] = stdout.trimEnd().split('\n');
    expect(sentence).toBe('All 2 replicas in 2 regions agree');
    expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['region', 'state', 'replicas', 'issuers', 'denied keys', 'as of'],
      ['eu', 'this one', '1 of 1 live', '1 FRESH', '0', '0 s ago'],
      ['us', 'reachable', '1 of 1 live', '1 FRESH', '0', expect.stringMatching(/^\d+(\.\d+)? s ago$/)],
    ]);
  });

  it('names what differs, with what to do and what it is about, and ends with 1; for programs as the API says it', async () => {
    const path = `/admin/v1/issuers/corp/keys/${world.thumbprint}/deny`;
    await world.eu.ask('POST', path, { token: operator, body: { reason: 'stolen' } });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/\ndenied_keys_differ: .*\n {2}to do: .*\n/);
    expect(stdout).toContain(`\n  corp ${world.thumbprint}\n`);
    const json = await run('--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ isHealthy: false, findings: [{ kind: 'denied_keys_differ' }] });
    await world.eu.ask('DELETE', path, { token: operator });
  });

  it('shows of a region that is cut off what it last said, and that not everything is known, and ends with 1', async () => {
    await world.link.stop();
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^The region us is not reachable/);
    expect(stdout).toMatch(/\n {2}us {2,}unreachable \(connect\) {2,}1 of 1 live {2,}1 FRESH {2,}0 {2,}\d/);
    expect(stdout).toContain('\nNot everything is known: ');
    await world.mend();
  });

  it('ends with 69 where nobody answers, and with 64 for a word that it does not know', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    expect(await runAssay(['fleet', '--service', nobody])).toMatchObject({ code: 69, stdout: '' });
    expect(await runAssay(['fleet', 'eu'])).toMatchObject({ code: 64, stdout: '' });
  });
});
