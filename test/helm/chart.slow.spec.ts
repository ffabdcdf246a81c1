import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sections } from '../../src/app/sections.js';
import { changesBetween } from '../../src/config/configuration-changes.js';
import { chart, only, release, render, scenarios, withValues, type Manifest } from './support/helm.js';
import { loadFromConfigMap } from './support/loaded-configuration.js';
import { podSpecs, podTemplate, unrestricted, type Container } from './support/pods.js';

const minimal = 'ci/minimal-values.yaml';
const production = 'ci/production-values.yaml';
const secretFile = '${file:/run/secrets/assay/k}';
const all = Object.entries(scenarios).map(([name, files]) => [name, render(...files)] as const);
const scenario = (wanted: string): readonly Manifest[] => all.find(([name]) => name === wanted)![1];

const deploymentOf = (manifests: readonly Manifest[], name = 'assay'): Manifest => only(manifests, 'Deployment', name);
const podOf = (manifests: readonly Manifest[], name?: string) => podTemplate(deploymentOf(manifests, name)).spec;
const containerOf = (manifests: readonly Manifest[]): Container => podOf(manifests).containers[0]!;

describe('a pod of the chart', () => {
  it.each(all)(
    '%s: fits the restricted profile, writes nothing, and has no token that it does not need',
    (name, manifests) => {
      for (const pod of podSpecs(manifests)) {
        expect(unrestricted(pod)).toEqual([]);
        expect(pod.containers.map(({ securityContext }) => securityContext['readOnlyRootFilesystem'])).toEqual([true]);
      }
      const tokens = podSpecs(manifests).filter(({ automountServiceAccountToken }) => automountServiceAccountToken);
      expect(tokens).toHaveLength(name === 'service-accounts' ? 2 : 0);
    },
  );

  it.each([
    ['minimal', 5, 25],
    ['production', 5, 40],
    ['grpc-probes', 0, 120],
  ])('%s: has time to be forgotten (%d s), to finish (%d s), and to end', (name, drainSeconds, shutdownSeconds) => {
    const manifests = scenario(name);
    expect(podOf(manifests).terminationGracePeriodSeconds).toBe(drainSeconds + shutdownSeconds + 5);
    const sleep = drainSeconds === 0 ? undefined : { preStop: { sleep: { seconds: drainSeconds } } };
    expect(containerOf(manifests).lifecycle).toEqual(sleep);
  });

  it.each([
    ['500ms', 1],
    ['90s', 90],
    ['1h', 3600],
  ])('reads a shutdown timeout of %s', (shutdownTimeout, seconds) => {
    const manifests = render(minimal, { config: { server: { shutdownTimeout } } });
    expect(podOf(manifests).terminationGracePeriodSeconds).toBe(5 + seconds + 5);
  });

  it('is probed without a shell; only liveness can restart it, and that never over gRPC', () => {
    const management = (path: string) => ({ httpGet: { path, port: 'management' } });
    for (const name of ['minimal', 'grpc-probes']) {
      expect(containerOf(scenario(name)).startupProbe).toMatchObject(management('/startupz'));
      expect(containerOf(scenario(name)).livenessProbe).toMatchObject(management('/livez'));
    }
    expect(containerOf(scenario('minimal')).readinessProbe).toMatchObject(management('/readyz'));
    expect(containerOf(scenario('grpc-probes')).readinessProbe).toMatchObject({ grpc: { port: 9090 } });
  });

  it('gets its files as directories, which kubelet can swap', () => {
    for (const [, manifests] of all)
      for (const pod of podSpecs(manifests))
        for (const { volumeMounts = [] } of pod.containers)
          expect(volumeMounts.filter(({ subPath }) => subPath !== undefined)).toEqual([]);
  });

  it('is spread over zones and nodes, each roll-out by itself', () => {
    const spread = podOf(scenario('minimal')).topologySpreadConstraints!;
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    const labels = podTemplate(deploymentOf(scenario('minimal'))).metadata.labels;
    for (const { labelSelector, matchLabelKeys } of spread) {
      expect(labels).toMatchObject((labelSelector as { matchLabels: object }).matchLabels);
      expect(matchLabelKeys).toEqual(['pod-template-hash']);
    }
  });
});

describe('a change of the configuration', () => {
  const renderedWith = (config: object): readonly Manifest[] => render(minimal, { config });
  const checksum = (manifests: readonly Manifest[]): string =>
    podTemplate(deploymentOf(manifests)).metadata.annotations['checksum/restart-settings']!;
  const loaded = async (manifests: readonly Manifest[]) =>
    (await loadFromConfigMap(only(manifests, 'ConfigMap', 'assay'))).configuration;
  const before = renderedWith({});

  it.each([
    ['a log level', { telemetry: { logs: { level: 'debug' } } }],
    ['an identifier', { server: { identifier: 'https://assay.example.com' } }],
    ['an administrator', { admin: { tokens: [{ id: 'ops', secret: secretFile, role: 'viewer' }] } }],
    ['a port', { server: { http: { port: 8443 } } }],
    ['gRPC reflection', { server: { grpc: { reflection: true } } }],
    ['the management port', { server: { management: { port: 9000 } } }],
    ['the shutdown timeout', { server: { shutdownTimeout: '30s' } }],
    ['trusted proxies', { server: { trustedProxies: ['10.0.0.0/8'] } }],
    ['limits', { server: { limits: { eventLoopDelay: '2s' } } }],
    ['Redis', { redis: { url: 'redis://r', recordKeys: [{ id: 'k1', secret: secretFile }] } }],
  ])('of %s rolls the pods exactly if the program says that it needs a restart', async (_name, config) => {
    const after = renderedWith(config);
    const { needRestart, ...changes } = changesBetween(sections, await loaded(before), await loaded(after));
    expect(changes).not.toEqual({ added: [], removed: [], changed: [] });
    expect(checksum(after) !== checksum(before)).toBe(needRestart.length > 0);
  });
});

describe('labels', () => {
  it('stand once each, whatever is given twice; what is said of one thing counts more than what is said of everything', () => {
    const given = { commonLabels: { team: 'identity', tier: 'back' }, podLabels: { team: 'tokens' } };
    const monitoring = { serviceMonitor: { enabled: true, labels: { tier: 'front' } } };
    const manifests = render(minimal, { ...given, monitoring });
    expect(podTemplate(deploymentOf(manifests)).metadata.labels).toMatchObject({ team: 'tokens', tier: 'back' });
    expect(only(manifests, 'ServiceMonitor').metadata['labels']).toMatchObject({ team: 'identity', tier: 'front' });
    for (const { metadata } of manifests) expect(metadata['labels']).toMatchObject({ team: 'identity' });
  });
});

describe('the Secret of the chart', () => {
  it('has its values as data, so that one that is taken away is gone after the upgrade', () => {
    const values = { 'orders-api': 'secret-ü', key: 'two\nlines' };
    for (const { data, ...secret } of render(minimal, { secrets: { values } }).filter(
      ({ kind }) => kind === 'Secret',
    )) {
      expect(secret).not.toHaveProperty('stringData');
      const decoded = Object.entries(data as Record<string, string>).map(([name, text]) => [
        name,
        Buffer.from(text, 'base64').toString(),
      ]);
      expect(Object.fromEntries(decoded)).toEqual(values);
    }
  });
});

describe('what is carried along', () => {
  it('the alerts and the dashboard, as they are', () => {
    const read = (file: string): string => readFileSync(join(chart, 'files', file), 'utf8');
    const manifests = scenario('production');
    expect(only(manifests, 'PrometheusRule')['spec']).toEqual(parse(read('alerts.yaml')));
    const dashboard = only(manifests, 'ConfigMap', 'assay-dashboard')['data'] as Record<string, string>;
    expect(JSON.parse(dashboard['assay.json']!)).toEqual(JSON.parse(read('dashboard.json')));
  });

  it('the example of the README: it renders, and Assay accepts it', async () => {
    const [example] = /```yaml\n([^`]*)```/.exec(readFileSync(join(chart, 'README.md'), 'utf8'))!.slice(1);
    const { problems } = await loadFromConfigMap(only(render(parse(example!) as object), 'ConfigMap', 'assay'));
    expect(problems).toEqual([]);
  });

  const notes = (...values: (string | object)[]): string =>
    withValues(
      ['install', release.name, chart, '--dry-run=client', '--namespace', release.namespace],
      values,
    ).stdout.split('NOTES:')[1] ?? '';

  it.each<[string, object, string]>([
    ['a secret', { secrets: [secretFile] }, 'curl -s -u a:$SECRET -d token='],
    [
      'a token',
      { token: { issuer: 'corp', subject: 'a', audience: 'https://assay.example' } },
      'curl -s -H "Authorization: Bearer $CALLER_TOKEN" -d token=',
    ],
    ['a certificate', { certificate: { sanDns: 'a.example' } }, '--cert client.crt --key client.key -d client_id=a'],
    ['an assertion', { assertion: { jwksUri: 'https://a.example/jwks' } }, 'client_assertion=$ASSERTION -d token='],
  ])('NOTES.txt: how a caller asks that has %s', (_name, credential, command) => {
    const caller = { id: 'a', issuers: ['corp'], audiences: 'any', claims: 'any', ...credential };
    expect(notes(minimal, { config: { callers: [caller] } })).toContain(command);
  });

  it('NOTES.txt: https wherever the pods speak TLS, and a warning where a Gateway does not know', () => {
    const server = { tlsTerminatedUpstream: null, tls: { certFile: '/x/tls.crt', keyFile: '/x/tls.key' } };
    expect(notes(minimal, { config: { server } })).not.toContain('http://assay.');
    expect(notes(minimal, { config: { server } })).toContain(
      'Inside of the cluster it is https://assay.tokens.svc:8080.',
    );
    expect(notes('ci/gateway-values.yaml')).not.toContain('the Gateway does not know');
    expect(notes('ci/gateway-values.yaml', { backendTLS: { enabled: false } })).toContain('the Gateway does not know');
  });

  it('NOTES.txt: the next commands, and a warning where replicas share nothing', () => {
    expect(notes(production)).toContain('helm --namespace tokens test assay --logs');
    expect(notes(production)).toContain('-u orders-api:$SECRET -d token=$TOKEN https://assay.tokens.svc');
    expect(notes(production)).not.toContain('NOTE: no config.redis');
    expect(notes('ci/everything-else-values.yaml')).toContain('NOTE: no config.redis');
  });
});
