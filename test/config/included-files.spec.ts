import { mkdir, rm, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aConfiguration } from './support/a-configuration.js';
import type { FollowedConfiguration } from './support/followed-configuration.js';
import { include, IncludingConfiguration, names, team } from './support/including-configuration.js';

describe('a configuration that includes files', () => {
  let including: IncludingConfiguration;
  let followed: FollowedConfiguration;

  beforeEach(async () => {
    including = await IncludingConfiguration.create();
    followed = including.followed;
  });

  afterEach(async () => {
    await followed.remove();
  });

  const write = (name: string, text: string) => including.write(name, text);
  const start = () => including.start();

  it('registers what all of them say but for the one that is wrong, which is told where and why', async () => {
    for (const name of names) await write(name, team(name));
    const bad = await write('team-4', team('team-4', undefined, { algorithms: ['none'], colour: 'blue' }));
    await start();
    expect(followed.issuerIds).toEqual(['corp', ...names.filter((name) => name !== 'team-4')]);
    expect(including.problems).toMatchObject([
      { file: bad, path: 'issuers.team-4.algorithms[0]', line: 5, found: '"none"' },
      { file: bad, path: 'issuers.team-4.colour', line: 8 },
    ]);
    expect(followed.logger.lines.at(-1)).toEqual({
      level: 'error',
      sentence: 'included file refused: nothing of it is in force',
      fields: { file: bad, problems: 2 },
    });
  });

  it('takes up the one that is mended, without anybody asking', async () => {
    await write('team-1', team('team-1'));
    await write('team-2', 'issuers: [');
    await start();
    expect(including.states).toEqual({ 'team-1': 'current', 'team-2': 'refused' });
    await write('team-2', team('team-2'));
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp', 'team-1', 'team-2']);
    expect(including.states).toEqual({ 'team-1': 'current', 'team-2': 'current' });
  });

  it('keeps the last good version of one that becomes wrong, while the others go on changing', async () => {
    await write('team-1', team('team-1'));
    await write('team-2', team('team-2'));
    await start();
    await write('team-1', team('team-1', 'https://other.example', { algorithms: [] }));
    await followed.attempts(1);
    await write('team-2', team('new'));
    await followed.attempts(2);
    expect(
      followed.inForce
        .at(-1)
        ?.issuers.map(({ id, issuer }) => [id, issuer])
        .slice(1),
    ).toEqual([
      ['team-1', 'https://team-1.example'],
      ['new', 'https://new.example'],
    ]);
    expect(including.states).toEqual({ 'team-1': 'last_good', 'team-2': 'current' });
    expect(followed.logger.sentences).toContain('included file refused: its last good version stays in force');
  });

  it.each([
    ['empty', ''],
    ['no mapping', '- a'],
    ['not YAML', 'issuers: {'],
    ['with a section of the main file', 'issuers: {}\nserver: {}'],
    ['a list of something else', 'issuers: 5'],
  ])('keeps the last good version of one that is %s', async (_name, text) => {
    await write('team-1', team('team-1'));
    await start();
    await write('team-1', text);
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp', 'team-1']);
    expect(including.problems).not.toEqual([]);
  });

  it('keeps it also where the file that it names has gone', async () => {
    const withFile = (file: string) => team('team-1', undefined, { network: { bearerTokenFile: file } });
    await followed.directory.write('token', 'a-token');
    await write('team-1', withFile('token'));
    await start();
    await rm(followed.directory.at('token'));
    await followed.attempts(1);
    expect(including.states).toEqual({ 'team-1': 'last_good' });
    expect(followed.inForce.at(-1)?.issuers[1]?.network.bearerTokenFile?.text).toBe('a-token');
  });

  it('removes what was registered in a file that is removed, with all other files of its volume in place', async () => {
    for (const name of names) await write(name, team(name));
    await start();
    await including.remove('team-7');
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp', ...names.filter((name) => name !== 'team-7')]);
    expect(followed.logger.lines.at(-1)?.fields).toMatchObject({ removed: ['issuer team-7'], added: [], changed: [] });
  });

  it('follows a directory that appears, and the swaps of symbolic links of a volume', async () => {
    await start();
    expect(followed.logger.sentences).toEqual(['configuration warning']);
    await mkdir(followed.directory.at('issuers.d'));
    await followed.attempts(1);
    await followed.directory.swapIn('issuers.d', { 'team-1.yaml': team('team-1'), 'team-2.yaml': team('team-2') });
    await followed.attempts(2);
    expect(followed.issuerIds).toEqual(['corp', 'team-1', 'team-2']);
    await followed.directory.swapIn('issuers.d', { 'team-1.yaml': team('team-1'), 'team-2.yaml': team('other') });
    await followed.attempts(3);
    expect(followed.issuerIds).toEqual(['corp', 'team-1', 'other']);
  });

  it('may register everything in them, and nothing in the main file', async () => {
    await followed.directory.configure({ ...include });
    await write('team-1', stringify(aConfiguration()));
    await start();
    expect(followed.issuerIds).toEqual(['corp']);
    expect(followed.inForce.at(-1)?.callers).toMatchObject([{ id: 'orders-api' }]);
  });

  it('does not start, and does not change, where the main file is wrong; all problems of all files are told', async () => {
    await write('team-1', team('team-1', 'https://team-1.example', { algorithms: ['none'] }));
    await followed.directory.configure({ ...aConfiguration(), ...include, colour: 'blue' });
    await expect(followed.start()).rejects.toMatchObject({
      problems: [{ path: 'colour' }, { path: 'issuers.team-1.algorithms[0]' }],
    });
  });

  it('is not held up by rights to an issuer that has gone: it warns', async () => {
    const { issuers, callers } = aConfiguration();
    const rights = callers.map((caller) => ({ ...caller, issuers: ['corp', 'team-1'] }));
    await followed.directory.configure({ issuers, callers: rights, ...include });
    await write('team-1', team('team-1'));
    await start();
    await including.remove('team-1');
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp']);
    expect(followed.logger.lines).toMatchObject([
      { sentence: 'configuration warning', fields: { path: 'callers[0].issuers[1]', found: '"team-1"' } },
      { sentence: 'configuration reloaded' },
    ]);
  });

  it('cannot know that a file has gone where the directory cannot be listed', async () => {
    await write('team-1', team('team-1'));
    await start();
    const directory = followed.directory.at('issuers.d');
    await rm(directory, { recursive: true });
    await symlink('issuers.d', directory);
    await followed.reload();
    expect(followed.issuerIds).toEqual(['corp', 'team-1']);
    expect(including.problems).toContainEqual(expect.objectContaining({ found: 'a directory that cannot be listed' }));
  });
});
