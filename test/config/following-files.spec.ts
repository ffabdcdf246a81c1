import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { aConfiguration } from './support/a-configuration.js';
import { issuersSection } from '../../src/issuers/issuers.section.js';
import { configured, FollowedConfiguration, withIssuer } from './support/followed-configuration.js';

describe('a configuration that follows its files', () => {
  let followed: FollowedConfiguration;

  beforeEach(async () => {
    followed = await FollowedConfiguration.create();
  });

  afterEach(async () => {
    await followed.remove();
  });

  it('comes into force at the start', async () => {
    expect((await followed.start()).of(issuersSection)).toHaveLength(1);
    expect(followed.issuerIds).toEqual(['corp']);
    expect(followed.results).toEqual([]);
  });

  it('comes into force again when it changed, and says by name what did', async () => {
    await followed.start();
    await followed.directory.configure(withIssuer('shop'));
    await followed.attempts(1);
    expect(followed.issuerIds).toEqual(['corp', 'shop']);
    await followed.directory.configure(
      configured((raw) => {
        raw.issuers[0]!['audiences'] = 'any';
        raw.callers[0]!['claims'] = 'any';
      }),
    );
    await followed.attempts(2);
    expect(followed.results).toEqual(['success', 'success']);
    expect(followed.logger.lines).toMatchObject([
      {
        level: 'info',
        sentence: 'configuration reloaded',
        fields: { added: ['issuer shop'], removed: [], changed: [] },
      },
      {
        sentence: 'configuration reloaded',
        fields: { added: [], removed: ['issuer shop'], changed: ['issuer corp', 'caller orders-api'] },
      },
    ]);
  });

  it('follows the swap of symbolic links of a Kubernetes volume', async () => {
    const { directory } = followed;
    await rm(directory.file);
    await directory.swap({ 'assay.yaml': stringify(aConfiguration()) });
    await followed.start();
    for (const [i, id] of ['shop', 'k8s'].entries()) {
      await directory.swap({ 'assay.yaml': stringify(withIssuer(id)) });
      await followed.attempts(i + 1);
      expect(followed.issuerIds).toEqual(['corp', id]);
    }
  });

  it('follows the files that it names, also those that it names since the last change', async () => {
    await followed.start();
    await followed.directory.write('secret', 'first-secret-first-secret');
    await followed.directory.configure(configured((raw) => (raw.callers[0]!['secrets'] = ['${file:secret}'])));
    await followed.attempts(1);
    await followed.directory.replace('secret', 'second-secret-second-secret');
    await followed.attempts(2);
    expect(followed.inForce.at(-1)?.callers[0]?.secrets).toEqual([{ value: 'second-secret-second-secret' }]);
    expect(followed.logger.lines.at(-1)?.fields).toEqual({ added: [], removed: [], changed: ['caller orders-api'] });
    expect(JSON.stringify(followed.logger.lines)).not.toContain('secret-');
  });

  it('recovers when a bad change is mended in a file that it names', async () => {
    await followed.start();
    await followed.directory.configure(configured((raw) => (raw.callers[0]!['secrets'] = ['${file:late/secret}'])));
    await followed.attempts(1);
    await followed.directory.write('late/secret', 'a-secret-that-came-late');
    await vi.waitFor(async () => {
      await followed.clock.advance(10_000);
      expect(followed.results).toEqual(['failure', 'success']);
    });
    expect(followed.inForce.at(-1)?.callers[0]?.secrets).toEqual([{ value: 'a-secret-that-came-late' }]);
  });

  it('names settings that need a restart', async () => {
    await followed.start();
    await followed.directory.configure({
      ...aConfiguration(),
      server: { http: { port: 9_999 }, limits: { eventLoopDelay: '2s' }, shutdownTimeout: '1s' },
    });
    await followed.attempts(1);
    expect(followed.logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      sentence: 'changed settings take effect with the next start',
      fields: { settings: ['server.http', 'server.limits', 'server.shutdownTimeout'] },
    });
  });

  it('logs the warnings of what comes into force, with their lines', async () => {
    await followed.directory.configure(configured((raw) => (raw.callers[0]!['secrets'] = ['hunter2-hunter2-hunter2'])));
    await followed.start();
    expect(followed.logger.lines).toMatchObject([
      {
        level: 'warn',
        sentence: 'configuration warning',
        fields: { path: 'callers[0].secrets[0]', line: expect.any(Number) },
      },
      {
        level: 'warn',
        sentence: 'configuration warning',
        fields: { path: 'callers[0].secrets[0]', found: 'a weak secret of 23 characters' },
      },
    ]);
    expect(JSON.stringify(followed.logger.lines)).not.toContain('hunter2');
  });
});
