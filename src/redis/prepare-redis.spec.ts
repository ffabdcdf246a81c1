import { beforeAll, describe, expect, it } from 'vitest';
import { aCertificate } from '../../test/builders/a-certificate.js';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import type { ConfigurationProblem } from '../shared/configuration/place.js';
import { FileText } from '../shared/configuration/field.js';
import { prepareRedis, type RedisSettings } from './prepare-redis.js';
import type { RedisSection } from './redis.config.js';

const recordKeys = [{ id: 'k1', secret: '3f9a0c5b7e1d284693af5c0d7b2e8146' }];

function prepare(section: Partial<RedisSection>): {
  settings: RedisSettings;
  problems: readonly ConfigurationProblem[];
} {
  const recorded = new RecordedProblems();
  const whole = { recordKeys, tls: false, ...section } as RedisSection;
  const settings = prepareRedis(whole, 'https://assay.example', recorded.place('redis'));
  return { settings, problems: recorded.problems };
}

const passwordFile = new FileText('/run/secrets/redis/token', 'first');
const node = { host: 'redis-0', port: 6379 };
const url = 'redis://redis:6379/0';

describe('prepareRedis', () => {
  it.each<Partial<RedisSection>>([
    { url },
    { url: 'rediss://user:p%40ss@[::1]' },
    { url, readUrl: 'redis://replica/3' },
    { sentinels: [node], sentinelName: 'mymaster', username: 'assay', password: 'x', tls: true },
    { cluster: [node], password: 'x' },
  ])('takes %j', (section) => {
    expect(prepare(section).problems).toEqual([]);
  });

  it('says where the primary and the replica are, and whose records these are', () => {
    expect(prepare({ url, readUrl: 'redis://replica', region: 'eu' }).settings).toEqual({
      primary: { url },
      reader: { url: 'redis://replica' },
      region: 'eu',
      environment: 'https://assay.example',
      recordKeys,
    });
  });

  it.each<[Partial<RedisSection>, string]>([
    [{ url: 'http://redis' }, 'redis.url'],
    [{ url: 'redis' }, 'redis.url'],
    [{ url: 'redis:///0' }, 'redis.url'],
    [{ url: 'redis://redis/orders' }, 'redis.url'],
    [{ url, readUrl: 'replica:6379' }, 'redis.readUrl'],
    [{ url, sentinelName: 'mymaster' }, 'redis.sentinelName'],
    [{ url, username: 'u' }, 'redis.username'],
    [{ url, password: 'p' }, 'redis.password'],
    [{ url, tls: true }, 'redis.tls'],
    [{ sentinels: [node] }, 'redis.sentinelName'],
    [{ sentinels: [], sentinelName: 'mymaster' }, 'redis.sentinels'],
    [{ cluster: [] }, 'redis.cluster'],
    [{ cluster: [node], readUrl: url }, 'redis.readUrl'],
    [{ url, passwordFile: new FileText('/p', '\n') }, 'redis.passwordFile'],
    [{ url: 'redis://:p@redis', passwordFile }, 'redis.passwordFile'],
    [{ cluster: [node], password: 'p', passwordFile }, 'redis.passwordFile'],
    [
      { sentinels: [node], sentinelName: 'm', sentinelPassword: 'p', sentinelPasswordFile: passwordFile },
      'redis.sentinelPasswordFile',
    ],
    [{ url, sentinelUsername: 'u' }, 'redis.sentinelUsername'],
    [{ cluster: [node], sentinelPassword: 'p' }, 'redis.sentinelPassword'],
    [{ cluster: [node], sentinelTls: true }, 'redis.sentinelTls'],
    [{ url: 'rediss://redis', clientCertFile: new FileText('/c', '') }, 'redis.clientKeyFile'],
    [{ url: 'rediss://redis', clientKeyFile: new FileText('/k', '') }, 'redis.clientCertFile'],
    [
      { url: 'rediss://redis', clientCertFile: new FileText('/c', 'no PEM'), clientKeyFile: new FileText('/k', '') },
      'redis.clientCertFile',
    ],
    [{ url: 'rediss://redis', caFile: new FileText('/ca.crt', 'no PEM') }, 'redis.caFile'],
    [{ url, recordKeys: [] }, 'redis.recordKeys'],
    [{ url, recordKeys: [...recordKeys, ...recordKeys] }, 'redis.recordKeys[1].id'],
    [{ url, recordKeys: [{ id: 'k1', secret: 'hunter2' }] }, 'redis.recordKeys[0].secret'],
    [{ url, recordKeys: [{ id: 'k1', secret: 'change-me'.repeat(1).padEnd(40, 'e') }] }, 'redis.recordKeys[0].secret'],
  ])('reports %j at %s', (section, path) => {
    expect(prepare(section).problems.map((problem) => problem.path)).toEqual([path]);
  });

  it('reports authorities that nobody would be asked about', () => {
    const { problems } = prepare({ url, caFile: new FileText('/ca.crt', 'no PEM') });

    expect(problems.map(({ path }) => path)).toEqual(['redis.caFile', 'redis.caFile']);
  });

  describe('with files that are read again', () => {
    let files: Pick<RedisSection, 'clientCertFile' | 'clientKeyFile'> & { readonly caFile: FileText };

    beforeAll(async () => {
      const { pem, keyPem } = await aCertificate({ isAuthority: true });
      files = {
        caFile: new FileText('/ca', pem),
        clientCertFile: new FileText('/crt', pem),
        clientKeyFile: new FileText('/key', keyPem),
      };
    });

    it('gives the files on as files, so that they can be', () => {
      const { settings, problems } = prepare({ url: 'rediss://assay@redis', passwordFile, ...files });
      const { caFile: ca, clientCertFile: clientCert, clientKeyFile: clientKey } = files;

      expect(problems).toEqual([]);
      expect(settings.primary).toEqual({
        url: 'rediss://assay@redis',
        password: passwordFile,
        ca,
        clientCert,
        clientKey,
      });
    });

    it('reports a certificate and a key that do not belong together', async () => {
      const { keyPem } = await aCertificate();
      const { problems } = prepare({ url: 'rediss://redis', ...files, clientKeyFile: new FileText('/key', keyPem) });
      expect(problems.map(({ path }) => path)).toEqual(['redis.clientCertFile']);
    });

    it('reports certificates that nobody would see', () => {
      const paths = prepare({ url, ...files }).problems.map(({ path }) => path);
      expect(paths).toEqual(['redis.caFile', 'redis.clientCertFile', 'redis.clientKeyFile']);
    });
  });

  it.each<[Partial<RedisSection>, object]>([
    [
      { url: 'redis://a@redis', readUrl: 'redis://replica' },
      { username: 'a', password: passwordFile },
    ],
    [
      { url: 'redis://a@redis', readUrl: 'redis://b@replica' },
      { username: 'a', password: passwordFile },
    ],
    [{ url: 'redis://redis', readUrl: 'redis://replica' }, { password: passwordFile }],
    [{ url: 'redis://a@redis', readUrl: 'redis://:own@replica' }, {}],
    [
      { sentinels: [node], sentinelName: 'm', username: 'c', readUrl: 'redis://replica' },
      { username: 'c', password: passwordFile },
    ],
  ])('gives a replica without a password the one of the file: %j', (section, expected) => {
    const { settings, problems } = prepare({ ...section, passwordFile });
    expect(problems).toEqual([]);
    expect(settings.reader).toEqual({ url: section.readUrl, ...expected });
  });

  it('RADM-03 shows neither a URL nor a secret', () => {
    const { problems } = prepare({ url: 'http://u:hunter2@redis', recordKeys: [{ id: 'k1', secret: 'hunter2' }] });

    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});
