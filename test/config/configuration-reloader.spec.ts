import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { callersSection } from '../../src/callers/registration/callers.section.js';
import { issuersSection } from '../../src/issuers/issuers.section.js';
import { ConfigurationInvalid } from '../../src/config/configuration-invalid.js';
import { aConfiguration } from './support/a-configuration.js';
import { configured, FollowedConfiguration, withIssuer } from './support/followed-configuration.js';

describe('a change comes into force whole, or not at all', () => {
  let followed: FollowedConfiguration;

  beforeEach(async () => {
    followed = await FollowedConfiguration.create();
  });

  afterEach(async () => {
    await followed.remove();
  });

  it('does not start when it is wrong', async () => {
    await followed.directory.write('assay.yaml', 'issuers: 5');
    await expect(followed.start()).rejects.toThrow(ConfigurationInvalid);
    expect(followed.inForce).toEqual([]);
  });

  it.each([
    ['a syntax error', 'issuers: [', /^line/],
    [
      'an issuer twice',
      stringify(configured((raw) => raw.issuers.push({ ...raw.issuers[0], id: 'b' }))),
      'issuers[1].issuer',
    ],
    ['an unknown field', stringify({ ...aConfiguration(), isuers: [] }), 'isuers'],
    [
      'a missing secret',
      stringify(configured((raw) => (raw.callers[0]!['secrets'] = ['${file:absent}']))),
      'callers[0].secrets[0]',
    ],
  ])('L-01 keeps what is in force when the change has %s, and says so', async (_name, text, path) => {
    await followed.start();
    await followed.directory.write('assay.yaml', text);
    await followed.attempts(1);
    expect(followed.results).toEqual(['failure']);
    expect(followed.inForce).toHaveLength(1);
    expect(followed.logger.lines[0]).toMatchObject({ level: 'error', sentence: 'configuration problem' });
    expect(followed.logger.lines[0]?.fields['path']).toEqual(
      typeof path === 'string' ? path : expect.stringMatching(path),
    );
    expect(followed.logger.lines.at(-1)).toMatchObject({
      level: 'error',
      sentence: 'configuration not reloaded: the old one stays in force',
    });
  });

  it('L-01 logs every problem of a bad change', async () => {
    await followed.start();
    await followed.directory.configure(
      configured((raw) => Object.assign(raw.issuers[0]!, { algorithms: ['none'], x: 1, y: 2 })),
    );
    await followed.attempts(1);
    expect(followed.logger.sentences.filter((sentence) => sentence === 'configuration problem')).toHaveLength(3);
  });

  it('RADM-06 applies nothing of a change that cannot be prepared', async () => {
    let isWrong = false;
    followed.beforeIssuers = (place) => {
      if (isWrong) place.at(0).at('keys').at('pemFile').refuse('no key', 'a key');
    };
    await followed.start();
    isWrong = true;
    await followed.directory.configure(withIssuer('shop'));
    await followed.attempts(1);
    expect(followed.inForce).toHaveLength(1);
    expect(followed.logger.lines[0]).toMatchObject({
      sentence: 'configuration problem',
      fields: { path: 'issuers[0].keys.pemFile', line: 2 },
    });
  });

  it('RADM-06 applies nothing of a change whose preparation breaks', async () => {
    let isBroken = false;
    followed.beforeIssuers = () => {
      if (isBroken) throw new Error('out of order');
    };
    await followed.start();
    isBroken = true;
    await followed.directory.configure(withIssuer('shop'));
    await followed.attempts(1);
    expect(followed.results).toEqual(['failure']);
    expect(followed.inForce).toHaveLength(1);
    isBroken = false;
    await followed.directory.configure(withIssuer('k8s'));
    await followed.attempts(2);
    expect(followed.issuerIds).toEqual(['corp', 'k8s']);
  });

  it('brings all sections into force at once, those that follow them included', async () => {
    const active = await followed.start();
    const seen: unknown[] = [];
    active.follow(issuersSection, (issuers) => {
      seen.push([issuers.length, active.of(callersSection).registered.length]);
    });
    const callers = configured((raw) => raw.callers.push({ ...raw.callers[0], id: 'other' })).callers;
    await followed.directory.configure({ ...withIssuer('shop'), callers });
    await followed.attempts(1);
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('reloads when it is told to, and says when there is nothing new', async () => {
    await followed.start();
    await followed.reload();
    expect(followed.results).toEqual(['unchanged']);
    expect(followed.logger.sentences).toEqual(['configuration unchanged']);
    expect(followed.inForce).toHaveLength(1);
  });

  it('never prepares two changes at once, and never misses the last', async () => {
    let running = 0;
    const finish: (() => void)[] = [];
    followed.beforeIssuers = async () => {
      running += 1;
      expect(running).toBe(1);
      if (followed.inForce.length > 0) await new Promise<void>((resolve) => finish.push(resolve));
      running -= 1;
    };
    await followed.start();
    await followed.directory.configure(withIssuer('one'));
    const first = followed.reload();
    await followed.directory.configure(withIssuer('two'));
    const others = Promise.all([followed.reload(), followed.reload()]);
    await vi.waitFor(() => {
      finish.pop()?.();
      expect(followed.issuerIds).toEqual(['corp', 'two']);
    });
    await Promise.all([first, others]);
  });

  it('brings nothing into force once it is stopped, not even what is being prepared', async () => {
    const prepared = Promise.withResolvers<undefined>();
    let prepares = 0;
    followed.beforeIssuers = async () => {
      if ((prepares += 1) > 1) await prepared.promise;
    };
    await followed.start();
    await followed.directory.configure(withIssuer('shop'));
    const reloading = followed.reload();
    await vi.waitFor(() => {
      expect(prepares).toBe(2);
    });
    followed.stop();
    prepared.resolve(undefined);
    await reloading;
    await followed.reload();
    expect(followed.issuerIds).toEqual(['corp']);
    expect(followed.results).toEqual(['unchanged']);
    expect(prepares).toBe(2);
  });
});
