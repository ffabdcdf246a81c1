import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, freePorts } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi } from './support/configuration.js';

const COUNT = 10;
const BAD = 6;

/** In force within this time after a change of a file. */
const SOON_MS = 5_000;

describe('ten included files of ten teams', () => {
  let folder: string;
  let issuers: readonly FakeIssuer[];
  let assay: AssayProcess;

  const fileOf = (team: number): string => join(folder, 'issuers.d', `team-${team}.yaml`);
  const write = (team: number, members: object = {}): Promise<void> => {
    const section = issuerSection(`team-${team}`, issuers[team]!);
    return writeFile(fileOf(team), JSON.stringify({ issuers: { [`team-${team}`]: { ...section, ...members } } }));
  };
  const isActive = async (team: number): Promise<boolean> =>
    (await introspect(assay, await issuers[team]!.sign(), ordersApi)).body['active'] === true;
  const live = async (): Promise<readonly number[]> => {
    const active = await Promise.all(issuers.map((_, team) => isActive(team)));
    return active.flatMap((is, team) => (is ? [team] : []));
  };
  const all = Array.from({ length: COUNT }, (_, team) => team);
  const good = all.filter((team) => team !== BAD);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-included-'));
    await mkdir(join(folder, 'issuers.d'));
    issuers = await Promise.all(all.map(() => FakeIssuer.start()));
    const ports = await freePorts();
    const main = { ...configurationOf(ports, []), include: ['issuers.d/*.yaml'] };
    await writeFile(join(folder, 'assay.yaml'), JSON.stringify(main));
    for (const team of all) await write(team, team === BAD ? { algorithms: ['none'] } : {});
    assay = await AssayProcess.run({ env: { ASSAY_CONFIG: join(folder, 'assay.yaml') } }, ports);
    await assay.ready();
  });

  afterEach(async () => {
    await assay.stop();
    await Promise.all([...issuers.map((issuer) => issuer.stop()), rm(folder, { recursive: true })]);
  });

  const included = async (): Promise<readonly Record<string, unknown>[]> => {
    const answer = await fetch(`${assay.managementUrl}/admin/v1/configuration`);
    return ((await answer.json()) as { readonly included: readonly Record<string, unknown>[] }).included;
  };

  it('nine are in force and one is told; it is mended, another becomes wrong, a third goes', async () => {
    expect(await live()).toEqual(good);
    const [told] = (await included()).filter(({ state }) => state !== 'current');
    const problem = { file: fileOf(BAD), path: `issuers.team-${BAD}.algorithms[0]`, found: '"none"' };
    expect(told).toMatchObject({ file: fileOf(BAD), state: 'refused', problemCount: 1, problems: [problem] });
    const metrics = async () => (await fetch(`${assay.managementUrl}/metrics`)).text();
    expect(await metrics()).toMatch(/^assay_config_included_files\{state="refused"\} 1$/m);

    await write(BAD);
    await eventually(() => isActive(BAD), undefined, SOON_MS);
    expect(await metrics()).toMatch(/^assay_config_included_files\{state="refused"\} 0$/m);

    await writeFile(fileOf(2), 'issuers: {');
    await eventually(async () => (await included())[2]?.['state'] === 'last_good', undefined, SOON_MS);
    expect(await live()).toEqual(all);

    await rm(fileOf(4));
    await eventually(async () => !(await isActive(4)), undefined, SOON_MS);
    expect(await live()).toEqual(all.filter((team) => team !== 4));
  });
});
