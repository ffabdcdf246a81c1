import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { Place } from '../../src/shared/configuration/place.js';
import { noPause } from '../../src/shared/pause.js';
import { signalsSection } from '../../src/signals/signals.section.js';
import { aConfiguration, type RawSection } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';

const logout = { backchannelLogout: { audience: 'assay-client' } };
const signal: RawSection = { id: 'corp-logout', issuer: 'corp', ...logout };

const refused = (): never => {
  throw new Error('nothing is wrong, and nothing else is needed');
};

describe('the section signals', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
  });
  afterAll(() => directory.remove());

  const prepared = async (signals: unknown, issuers = aConfiguration().issuers) => {
    await directory.configure({ ...aConfiguration(), issuers, signals });
    const { configuration } = await load(directory.file);
    const context = { place: new Place({ report: refused, warn: () => undefined }), nowMs: 0, pause: noPause };
    return signalsSection.prepare(configuration.signals, { ...context, sectionOf: refused });
  };

  /** `place: found; expected`, of everything that is wrong. */
  async function problemsOf(signals: unknown, issuers = aConfiguration().issuers): Promise<readonly string[]> {
    const error: unknown = await prepared(signals, issuers).catch((thrown: unknown) => thrown);
    if (!(error instanceof ConfigurationInvalid)) throw new Error('nothing wrong was found');
    return error.problems.map(({ path, found, expected }) => `${path}: ${found}; ${expected}`);
  }

  it('may be left out, and may be a list or a mapping from ids', async () => {
    expect(await prepared(undefined)).toEqual([]);
    const terms = { id: 'corp-logout', issuerId: 'corp', mostPerMinute: 600 };
    expect(await prepared([signal])).toEqual([expect.objectContaining(terms)]);
    expect(await prepared({ 'corp-logout': { issuer: 'corp', ...logout } })).toEqual([expect.objectContaining(terms)]);
  });

  it('says what the header of a logout token may say', async () => {
    const typesOf = async (more: object) => [
      ...((await prepared([{ ...signal, ...more }]))[0]?.logout?.tokenTypes ?? []),
    ];
    expect(await typesOf({})).toEqual(['logout+jwt']);
    expect(await typesOf({ legacyTyp: true })).toEqual(['logout+jwt', 'jwt', 'none']);
  });

  it('names an issuer that is registered', async () => {
    expect(await problemsOf([{ ...signal, issuer: 'crop' }])).toEqual([
      'signals[0].issuer: "crop"; the id of a registered issuer; did you mean corp?',
    ]);
  });

  it.each(['a/b', '..', 'a b', '-a', 'ä', 'x'.repeat(65)])(
    'refuses the id %s, which is no part of a URL',
    async (id) => {
      const [problem, ...others] = await problemsOf([{ ...signal, id }]);
      expect(problem).toContain('letters, digits, - and _, a letter or digit first: it is a part of a URL');
      expect(others).toEqual([]);
    },
  );

  it('refuses an id twice, and a signal that has no way to arrive', async () => {
    expect(await problemsOf([signal, signal])).toEqual([
      'signals[1].id: the same as signals[0].id; an id that no other signal has: it is a part of its URL',
    ]);
    expect(await problemsOf([{ id: 'idle', issuer: 'corp' }])).toEqual([
      'signals[0]: no way for it to arrive; backchannelLogout: { audience: … }, push: { secret: … }, or poll: { url: … }',
    ]);
  });

  it('demands the audience, and knows no other key', async () => {
    expect(await problemsOf([{ ...signal, backchannelLogout: {} }])).toEqual([
      'signals[0].backchannelLogout.audience: nothing; text; it must be written out',
    ]);
    const [problem] = await problemsOf([{ ...signal, legacyType: true }]);
    expect(problem).toMatch(/^signals\[0\]\.legacyType: an unknown key; .*did you mean legacyTyp\?$/);
  });

  it('refuses issuers of many tenants, and workloads, with what to do instead', async () => {
    const [corp] = aConfiguration().issuers;
    const many = { ...corp, id: 'many', issuer: 'https://login.example/{tenant}/', template: { tenants: ['a'] } };
    const workloads = {
      ...corp,
      id: 'mesh',
      issuer: undefined,
      keys: undefined,
      spiffe: { trustDomain: 'mesh.example' },
    };
    const problems = await problemsOf(
      [
        { ...signal, id: 'one', issuer: 'many' },
        { ...signal, id: 'two', issuer: 'mesh' },
      ],
      [many, workloads] as never,
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        'signals[0].issuer: an issuer of many tenants; an issuer of its own for the tenant whose users log out',
        'signals[1].issuer: a SPIFFE trust domain; an issuer that users log in at: workloads have no sessions',
      ]),
    );
  });
});
