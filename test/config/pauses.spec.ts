import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sections } from '../../src/app/sections.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { prepareSections } from '../../src/config/prepare-sections.js';
import { RecordedProblems } from '../builders/recorded-problems.js';
import { aConfiguration, environment } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { configured } from './support/followed-configuration.js';
import { team } from './support/including-configuration.js';

const COUNT = 200;

const FILES = 100;

describe('a configuration of many issuers and callers', () => {
  let directory: Directory;
  let pauses = 0;

  const pause = async (): Promise<void> => void (pauses += 1);

  beforeEach(async () => {
    directory = await Directory.create();
    pauses = 0;
  });

  afterEach(async () => {
    await directory.remove();
  });

  async function write(change: (i: number) => object = () => ({})): Promise<void> {
    const raw = configured(({ issuers, callers }) => {
      for (let i = 0; i < COUNT; i++) {
        issuers.push({ ...issuers[0], id: `i${i}`, issuer: `https://i${i}.example`, ...change(i) });
        callers.push({ ...callers[0], id: `c${i}` });
      }
    });
    // YAML would be written with aliases.
    await directory.write('assay.yaml', JSON.stringify(raw));
  }

  const load = () => loadConfiguration(directory.file, { sections, environment, nowMs: 0, pause });

  it('is read with a pause at each of them, and while the text is parsed', async () => {
    await write();
    await load();
    expect(pauses).toBeGreaterThan(2 * COUNT + 50);
  });

  it('is made ready with a pause at each of them', async () => {
    await write();
    const { configuration } = await load();
    pauses = 0;
    const recorded = new RecordedProblems();
    await prepareSections(sections, configuration, { place: recorded.place(), nowMs: 0, pause });
    recorded.expectNone();
    expect(pauses).toBeGreaterThan(2 * COUNT);
  });

  it('is examined with pauses where all of it is wrong', async () => {
    await write(() => ({ colour: 'blue' }));
    await expect(load()).rejects.toThrow(`${COUNT} problems`);
    expect(pauses).toBeGreaterThan(5 * COUNT);
  });

  it('of many included files is read with a pause at each file, and judged with one at each of their issuers: again, where one is wrong', async () => {
    const rights = { files: 'issuers.d/*.yaml', idPrefix: 'team-', issuers: ['https://teams.example'] };
    await directory.configure({ ...aConfiguration(), include: 'issuers.d/*.yaml', owners: [rights] });
    const issuerOf = (i: number) => `https://teams.example/${i}`;
    for (let i = 0; i < FILES; i++) {
      await directory.write(`issuers.d/${i}.yaml`, team(`team-${i}`, issuerOf(i)));
    }
    const { included } = await load();
    expect(included.every(({ state }) => state === 'current')).toBe(true);
    const sound = pauses;
    // While each file is taken apart; and for its issuer while it is filled in, held to the rights of its file, read, and made ready.
    expect(sound).toBeGreaterThan(3 * FILES + 4 * FILES);
    await directory.write('issuers.d/50.yaml', team('team-50', 'https://elsewhere.example'));
    pauses = 0;
    const { included: again } = await load();
    expect(again.filter(({ state }) => state !== 'current')).toHaveLength(1);
    expect(pauses).toBeGreaterThan(sound + 5 * FILES);
  });
});
