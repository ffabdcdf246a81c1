import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aConfiguration } from './support/a-configuration.js';
import type { FollowedConfiguration } from './support/followed-configuration.js';
import { include, IncludingConfiguration, names, team, terms } from './support/including-configuration.js';

describe('what two files claim', () => {
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

  it.each([
    ['one iss', team('other', 'https://team-1.example'), 'issuers.other.issuer', 'issuers.team-1.issuer'],
    ['one id', team('team-1', 'https://other.example'), 'issuers.team-1.id', 'issuers.team-1.id'],
  ])('%s: belongs to the first by name, and the second is told', async (_name, text, path, first) => {
    const one = await write('team-1', team('team-1'));
    const two = await write('team-2', text);
    await start();
    expect(including.states).toEqual({ 'team-1': 'current', 'team-2': 'refused' });
    expect(including.problems).toMatchObject([
      { file: two, path, found: `the same as ${one}: ${first}`, conflictsWith: one },
    ]);
  });

  it('belongs to the main file above all', async () => {
    await write('team-1', team('team-1'));
    await start();
    const { issuers, ...others } = aConfiguration();
    const taken = { ...issuers[0], id: 'own', issuer: 'https://team-1.example' };
    await followed.directory.configure({ ...others, issuers: [...issuers, taken], ...include });
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp', 'own']);
    expect(including.states).toEqual({ 'team-1': 'refused' });
  });

  it('stays with the file that has it, whatever another one is called or says later', async () => {
    await write('team-5', team('team-5'));
    await start();
    await write('team-1', team('thief', 'https://team-5.example'));
    await followed.attempts(1);
    expect(including.states).toEqual({ 'team-1': 'refused', 'team-5': 'current' });
    await write('team-5', team('team-5', undefined, { requiredClaims: ['sub'] }));
    await followed.attempts(2);
    expect(including.states).toEqual({ 'team-1': 'refused', 'team-5': 'current' });
    expect(followed.issuerIds).toEqual(['corp', 'team-5']);
  });

  it('stays with it also where the other one was in force with something else before', async () => {
    await write('team-1', team('team-1'));
    await write('team-5', team('team-5'));
    await start();
    await write('team-1', team('team-1', 'https://team-5.example'));
    await followed.attempts(1);
    expect(including.states).toEqual({ 'team-1': 'last_good', 'team-5': 'current' });
    expect(followed.issuerIds).toEqual(['corp', 'team-1', 'team-5']);
  });

  it('is free again when that file lets go of it', async () => {
    await write('team-1', team('team-1'));
    await write('team-2', team('other', 'https://team-1.example'));
    await start();
    await including.remove('team-1');
    await followed.attempts(1);
    expect(including.states).toEqual({ 'team-2': 'current' });
    expect(followed.issuerIds).toEqual(['corp', 'other']);
  });

  it('does not make the main file wrong: who adds what a caller of it could not tell apart is at fault', async () => {
    const { callers, ...others } = aConfiguration();
    const anyIssuer = callers.map((caller) => ({ ...caller, issuers: 'any' }));
    await followed.directory.configure({ ...others, callers: anyIssuer, ...include });
    for (const name of names) await write(name, team(name));
    await start();
    const [one, two] = ['one', 'two'].map((id) => ({
      issuer: 'https://shared.example',
      ...terms,
      keys: { jwksUri: `https://${id}.example/jwks` },
    }));
    await write('another', stringify({ issuers: { one, two } }));
    await followed.attempts(1);
    expect(including.states['another']).toBe('refused');
    expect(including.problems).toMatchObject([
      { path: 'callers[0].issuers', found: expect.stringContaining('one and two') },
    ]);
    expect(followed.issuerIds).toEqual(['corp', ...names]);
  });

  it('is not taken by a file that is wrong itself', async () => {
    await write('team-1', team('team-1', undefined, { colour: 'blue' }));
    await write('team-2', team('other', 'https://team-1.example'));
    await start();
    expect(including.states).toEqual({ 'team-1': 'refused', 'team-2': 'current' });
  });

  const own = { tenants: ['red', 'blue'], class: 'name', keys: 'perTenant' };
  const shared = { tenants: ['red'], class: 'name', claim: 'tid', keys: 'shared' };
  const keysOf = (name: string) => ({ keys: { jwksUri: `https://${name}.example/jwks` } });
  const withoutIss = (id: string, keys: string) =>
    team(id, `https://${id}.example`, { allowMissingIss: true, ...keysOf(keys) });
  const realms = 'https://sso.example/{tenant}';
  const jwksUri = 'https://sso.example/certs';

  it.each([
    ['a tenant of another file', team('b', realms, { template: own }), team('a', 'https://sso.example/red')],
    [
      'a tenant that shares its keys',
      team('b', realms, { template: shared, keys: { jwksUri } }),
      team('a', 'https://sso.example/red'),
    ],
    ['one from below a template', team('b', 'https://sso.example/red'), team('a', realms, { template: own })],
    [
      'one from below shared keys',
      team('b', 'https://sso.example/red'),
      team('a', realms, { template: shared, keys: { jwksUri } }),
    ],
    ['what takes tokens without iss, a second one', withoutIss('b', 'b'), withoutIss('a', 'a')],
    ['the keys of what takes tokens without iss', withoutIss('b', 'b'), team('a', 'https://a.example', keysOf('b'))],
    [
      'tenants of a template',
      team('b', realms, { template: own }),
      team('a', realms, { template: shared, keys: { jwksUri } }),
    ],
  ])('%s: is not taken by a file that comes later, and has the earlier name', async (_name, first, second) => {
    const held = await write('team-2', first);
    await start();
    expect(including.states).toEqual({ 'team-2': 'current' });
    await write('team-1', second);
    await followed.attempts(1);
    expect(including.states).toEqual({ 'team-1': 'refused', 'team-2': 'current' });
    expect(new Set(including.problems.map(({ conflictsWith }) => conflictsWith))).toEqual(new Set([held]));
  });
});
