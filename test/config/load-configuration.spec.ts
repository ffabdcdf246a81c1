import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sections, type Configuration } from '../../src/app/sections.js';
import { loadDemoConfiguration } from '../../src/config/load-configuration.js';
import { noPause } from '../../src/shared/pause.js';
import { aConfiguration, environment, type Raw } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { load } from './support/load.js';

describe('a valid configuration', () => {
  let directory: Directory;

  beforeEach(async () => {
    directory = await Directory.create();
  });

  afterEach(async () => {
    await directory.remove();
  });

  async function loadWritten(configuration: object, variables: Readonly<Record<string, string>> = {}) {
    await directory.configure(configuration);
    return load(directory.file, { ...environment, ...variables });
  }

  async function loaded(change: (raw: Raw) => void = () => undefined): Promise<Configuration> {
    const raw = aConfiguration();
    change(raw);
    return (await loadWritten(raw)).configuration;
  }

  const withIssuer = async (members: object) =>
    (await loaded((raw) => Object.assign(raw.issuers[0]!, members))).issuers[0]!;

  it('has a default for everything that need not be written out', async () => {
    const { server, issuers, callers, telemetry } = await loaded();
    expect(server).toMatchObject({
      http: { host: '127.0.0.1', port: 8080 },
      management: { host: '127.0.0.1', port: 8081 },
      tlsTerminatedUpstream: false,
      trustedProxies: [],
      shutdownTimeout: 25_000,
    });
    expect(issuers[0]).toMatchObject({
      keys: { discovery: 'auto', jwksHosts: [] },
      tokenTypes: ['at+jwt', 'JWT', 'none'],
      clockTolerance: 30_000,
      maxLifetime: 86_400_000,
      requiredClaims: [],
      rules: [],
      requireExpiry: true,
      allowIdTokens: false,
      freshness: {
        refresh: 300_000,
        hardTtl: 14_400_000,
        missCooldown: 30_000,
        missBurst: 3,
        minSpacing: 2_000,
        removal: 'confirm',
      },
      network: { allowPrivate: false },
      criticality: 'normal',
    });
    expect(callers[0]).toMatchObject({ id: 'orders-api', proxy: false });
    expect(telemetry.logs.level).toBe('info');
  });

  it('has nothing where something optional was left out, or written with no value', async () => {
    const issuer = await withIssuer({ usernameClaim: null, network: { caFile: null } });
    for (const key of ['usernameClaim', 'defaultClientId', 'profile']) expect(key in issuer).toBe(false);
    expect('caFile' in issuer.network).toBe(false);
    expect((await loaded()).redis).toBeUndefined();
  });

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['0s', 0],
    ['1m', 60_000],
  ])('style defect 6 a duration of %s is %d milliseconds', async (written, ms) => {
    const { server } = await loaded((raw) => (raw['server'] = { shutdownTimeout: written }));
    expect(server.shutdownTimeout).toBe(ms);
  });

  it('takes every parameter of freshness from one second on', async () => {
    const freshness = { refresh: '1s', hardTtl: '1s', missCooldown: '1s', minSpacing: '1s' };
    expect((await withIssuer({ freshness })).freshness).toMatchObject({ refresh: 1_000, hardTtl: 1_000 });
  });

  it('reads rules as the claim policy wants them', async () => {
    const rules = [
      { claim: 'tenant', oneOf: ['acme', 'globex'] },
      { claim: 'email_verified', equals: true },
      { claim: 'level', equals: 5 },
      { claim: 'sub', startsWith: 'svc-' },
    ];
    expect((await withIssuer({ rules })).rules.map((rule) => ({ ...rule }))).toEqual(rules);
  });

  it('takes a secret as a text or with its end', async () => {
    const { callers } = await loaded((raw) => {
      raw.callers[0]!['secrets'] = [
        '${env:ORDERS_SECRET}',
        { value: '${env:ORDERS_SECRET}', expires: '2026-12-01T00:00:00Z' },
      ];
    });
    expect(callers[0]?.secrets).toEqual([
      { value: environment.ORDERS_SECRET },
      { value: environment.ORDERS_SECRET, expires: Date.parse('2026-12-01T00:00:00Z') },
    ]);
  });

  it('RADM-04 warns of two issuers that differ in the slash at the end', async () => {
    const raw = aConfiguration();
    raw.issuers.push({ ...raw.issuers[0], id: 'other', issuer: 'https://login.corp.example/' });
    const { configuration, warnings } = await loadWritten(raw);
    expect(configuration.issuers).toHaveLength(2);
    expect(warnings).toMatchObject([
      { path: 'issuers[0].issuer', found: expect.stringContaining('issuers[1].issuer') },
    ]);
  });

  it('warns where TLS ends upstream and no proxy is trusted: all callers would have one address', async () => {
    const warned = async (server: Record<string, unknown>) => {
      const raw = aConfiguration();
      raw['server'] = { ...(raw['server'] as object), ...server };
      return (await loadWritten(raw)).warnings.map(({ path }) => path);
    };
    expect(await warned({ tlsTerminatedUpstream: true })).toEqual(['server.trustedProxies']);
    expect(await warned({ tlsTerminatedUpstream: true, trustedProxies: ['10.0.0.0/8'] })).toEqual([]);
    expect(await warned({})).toEqual([]);
  });

  it.each([
    ['redis://redis:6379', []],
    ['rediss://assay@redis:6379', []],
    ['rediss://assay:hunter2@redis:6379', ['redis.url']],
    ['rediss://:hunter2@redis:6379', ['redis.url']],
  ])('warns of a URL of Redis that has a password in it: %s', async (url, paths) => {
    await directory.write('record-key', '3f9a0c5b7e1d284693af5c0d7b2e8146');
    const redis = { url, recordKeys: [{ id: 'k1', secret: '${file:record-key}' }] };
    const raw = { ...aConfiguration(), redis };
    expect((await loadWritten(raw)).warnings.map(({ path }) => path)).toEqual(paths);
  });

  it('warns of secrets that are written into the file, without showing them', async () => {
    const raw = aConfiguration();
    raw.callers[0]!['secrets'] = [
      'hunter2-hunter2-hunter2',
      { value: 'hunter2-hunter2-hunter2' },
      '${env:ORDERS_SECRET}',
    ];
    const { warnings } = await loadWritten(raw);
    expect(warnings.map(({ path }) => path)).toEqual(['callers[0].secrets[0]', 'callers[0].secrets[1].value']);
    expect(warnings[0]?.line).toBeGreaterThan(0);
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });

  it('does not warn of them in demo mode', async () => {
    const raw = aConfiguration();
    raw.callers[0]!['secrets'] = ['generated-secret-generated'];
    const { configuration, warnings } = await loadDemoConfiguration(raw, {
      sections,
      environment: {},
      nowMs: 0,
      pause: noPause,
    });
    expect(configuration.callers[0]?.secrets).toEqual([{ value: 'generated-secret-generated' }]);
    expect(warnings).toEqual([]);
  });

  it('takes numbers, words and truth values from the environment and from files', async () => {
    await directory.write('level', 'debug\n');
    const raw = aConfiguration();
    Object.assign(raw, {
      server: {
        http: { port: '${env:PORT}' },
        tlsTerminatedUpstream: '${env:UPSTREAM}',
        shutdownTimeout: '${env:TIMEOUT}',
      },
      telemetry: { logs: { level: '${file:level}' } },
    });
    const { configuration } = await loadWritten(raw, { PORT: '9000', UPSTREAM: 'true', TIMEOUT: '5s' });
    expect(configuration.server).toMatchObject({
      http: { port: 9_000 },
      tlsTerminatedUpstream: true,
      shutdownTimeout: 5_000,
    });
    expect(configuration.telemetry.logs.level).toBe('debug');
  });

  it('reads files relative to its own directory, and lists all that it read', async () => {
    await directory.write('keys/corp.jwks.json', '{"keys":[]}');
    await directory.write('secrets/orders', 'orders-secret-Wq7Zt3Lm9XcVb5Nh\n');
    const raw = aConfiguration();
    raw.issuers[0]!['keys'] = { jwksFile: 'keys/corp.jwks.json' };
    raw.callers[0]!['secrets'] = ['${file:secrets/orders}'];
    const { configuration, files } = await loadWritten(raw);
    expect(configuration.issuers[0]?.keys.jwksFile).toEqual({
      path: directory.at('keys/corp.jwks.json'),
      text: '{"keys":[]}',
    });
    expect(configuration.callers[0]?.secrets).toEqual([{ value: 'orders-secret-Wq7Zt3Lm9XcVb5Nh' }]);
    const names = ['assay.yaml', 'keys/corp.jwks.json', 'secrets/orders'];
    expect([...files.keys()].sort()).toEqual(names.map((name) => directory.at(name)));
  });

  it.each([
    ['a directory', 'it is not a regular file', () => directory.write('odd/inside', '')],
    ['a pipe', 'it is not a regular file', () => execFileSync('mkfifo', [directory.at('odd')])],
    ['not UTF-8', 'it is not UTF-8', () => directory.write('odd', Buffer.from([0xc3, 0x28]))],
    ['too large', 'it is larger than 16 MiB', () => directory.write('odd', Buffer.alloc(16 * 1024 ** 2 + 1, 'a'))],
    [
      'a link to itself',
      'its symbolic links go round in circles',
      () => execFileSync('ln', ['-s', 'odd', directory.at('odd')]),
    ],
  ])('refuses a named file that is %s', async (_name, reason, make) => {
    await make();
    const raw = aConfiguration();
    raw.issuers[0]!['keys'] = { pemFile: 'odd' };
    await expect(loadWritten(raw)).rejects.toThrow(`"odd": ${reason}`);
  });

  it('is one clear problem when it is not there itself', async () => {
    await expect(load(directory.file, {})).rejects.toThrow(
      /assay\.yaml {2}the whole file: found there is no such file, expected a YAML file/,
    );
  });

  it('cannot be changed by anybody', async () => {
    const configuration = await loaded();
    const parts = [configuration, configuration.server, configuration.server.http, configuration.issuers];
    for (const part of [
      ...parts,
      configuration.issuers[0],
      configuration.issuers[0]?.audiences,
      configuration.callers[0],
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('is read by the JSON that other programs write', async () => {
    await directory.write('assay.yaml', JSON.stringify(aConfiguration(), undefined, 2));
    expect((await load(directory.file)).configuration.issuers[0]?.id).toBe('corp');
  });
});
