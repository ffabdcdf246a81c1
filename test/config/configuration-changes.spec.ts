import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sections, type Configuration } from '../../src/app/sections.js';
import { auditChanges, changesBetween } from '../../src/config/configuration-changes.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { aConfiguration, environment, type Raw } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { configured, withIssuer } from './support/followed-configuration.js';
import { load } from './support/load.js';

describe('what a configuration changes', () => {
  let directory: Directory;

  beforeEach(async () => {
    directory = await Directory.create();
  });

  afterEach(async () => {
    await directory.remove();
  });

  async function loaded(raw: Raw): Promise<Configuration> {
    await directory.configure(raw);
    return (await load(directory.file)).configuration;
  }

  const collector = 'http://collector:4318';
  const redis = { url: 'redis://r', recordKeys: [{ id: 'k1', secret: '${env:ORDERS_SECRET}' }] };

  it.each([
    ['http', { server: { http: { port: 1 } } }, ['server.http']],
    ['gRPC', { server: { grpc: { enabled: false } } }, ['server.grpc']],
    ['management', { server: { management: { port: 1 } } }, ['server.management']],
    ['proxies', { server: { trustedProxies: ['10.0.0.0/8'] } }, ['server.trustedProxies']],
    ['limits', { server: { limits: { eventLoopDelay: '2s' } } }, ['server.limits']],
    ['the time to stop', { server: { shutdownTimeout: '1s' } }, ['server.shutdownTimeout']],
    ['TLS', { server: { tls: { certFile: 'assay.yaml', keyFile: 'assay.yaml' } } }, ['server.tls']],
    ['its own name', { server: { identifier: 'https://assay.example' } }, []],
    ['Redis', { redis }, ['redis']],
    ['where traces go', { telemetry: { tracing: { endpoint: collector } } }, ['telemetry.tracing']],
    ['where metrics go', { telemetry: { metrics: { endpoint: collector } } }, ['telemetry.metrics']],
    ['the log level', { telemetry: { logs: { level: 'debug' } } }, []],
    ['a cache', { cache: { verifiedTokens: '0B' } }, []],
    ['an issuer', withIssuer('shop'), []],
  ])('names the settings that need a restart: %s', async (_what, change, needRestart) => {
    const before = await loaded(aConfiguration());
    const after = await loaded({ ...aConfiguration(), ...change });
    expect(changesBetween(sections, before, after).needRestart).toEqual(needRestart);
    expect(changesBetween(sections, after, before).needRestart).toEqual(needRestart);
    expect(changesBetween(sections, after, after).needRestart).toEqual([]);
  });

  it('is written down by name: issuers with actions of their own when they are added, and all else as a part', async () => {
    const audit = new RecordingAudit();
    const first = await loaded(withIssuer('shop'));
    auditChanges(audit, sections, {
      before: undefined,
      after: { configuration: first, digest: 'one' },
    });
    expect(audit.records.splice(0)).toEqual([{ action: 'configuration_loaded', fields: { digest: 'one' } }]);

    const raw = configured(({ issuers, callers }) => {
      issuers[0]!['audiences'] = 'any';
      issuers.push({ ...issuers[0], id: 'k8s', issuer: 'https://k8s.example' });
      callers.push({ ...callers[0], id: 'billing' });
    });
    const second = await loaded({ ...raw, cache: { verifiedTokens: '0B' } });
    auditChanges(audit, sections, {
      before: { configuration: first },
      after: { configuration: second, digest: 'two' },
    });
    expect(audit.records).toEqual([
      { action: 'configuration_loaded', fields: { digest: 'two' } },
      { action: 'issuer_added', fields: { issuer: 'k8s' } },
      { action: 'configuration_changed', fields: { change: 'added', part: 'caller billing' } },
      { action: 'issuer_removed', fields: { issuer: 'shop' } },
      { action: 'issuer_changed', fields: { issuer: 'corp' } },
      { action: 'configuration_changed', fields: { change: 'changed', part: 'cache' } },
    ]);
    expect(JSON.stringify(audit.records)).not.toContain(environment.ORDERS_SECRET);
  });
});
