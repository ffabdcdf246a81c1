import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sections } from '../../src/app/sections.js';
import { changesBetween } from '../../src/config/configuration-changes.js';
import { chart, helm, only, release, render, scenarios, type Manifest } from './support/helm.js';
import { loadFromConfigMap } from './support/loaded-configuration.js';
import { podSpecs, podTemplate, unrestricted, type Container } from './support/pods.js';

const minimal = 'ci/minimal-values.yaml';
const production = 'ci/production-values.yaml';
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
      expect(tokens).toHaveLength(name === 'service-accounts' ? 1 : 0);
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
    (await loadFromConfigMap(only(manifests, 'ConfigMap'))).configuration;
  const before = renderedWith({});
  const secretFile = '${file:/run/secrets/assay/k}';

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

describe('what can be reached', () => {
  it.each(all)(
    '%s: each Service and policy selects pods of the chart, and names ports that they have',
    (_name, manifests) => {
      const pods = manifests.filter(({ kind }) => kind === 'Deployment').map(podTemplate);
      for (const service of manifests.filter(({ kind }) => kind === 'Service')) {
        const { selector, ports } = service['spec'] as { selector: object; ports: { targetPort: string }[] };
        const selected = pods.filter(({ metadata }) =>
          Object.entries(selector).every(([key, value]) => metadata.labels[key] === value),
        );
        expect(selected).toHaveLength(1);
        const names = selected[0]!.spec.containers[0]!.ports.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(ports.map(({ targetPort }) => targetPort)));
      }
    },
  );

  it('of the management listener, nothing from outside of the cluster', () => {
    for (const [, manifests] of all) {
      const routes = manifests.filter(({ kind }) => ['Ingress', 'HTTPRoute', 'GRPCRoute'].includes(kind));
      expect(JSON.stringify(routes)).not.toMatch(/management|808[1]|admin|authorize/);
      const types = manifests
        .filter(({ kind, metadata }) => kind === 'Service' && metadata.name.endsWith('-management'))
        .map((service) => (service['spec'] as { type: string }).type);
      expect(types).toEqual(['ClusterIP']);
    }
  });

  it('by Prometheus: the ServiceMonitor selects the management Service, and no other', () => {
    const manifests = scenario('production');
    const { selector } = only(manifests, 'ServiceMonitor')['spec'] as {
      selector: { matchLabels: Record<string, string> };
    };
    const selected = manifests.filter(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        Object.entries(selector.matchLabels).every(
          ([key, value]) => (metadata['labels'] as Record<string, string>)[key] === value,
        ),
    );
    expect(selected.map(({ metadata }) => metadata.name)).toEqual(['assay-management']);
  });

  it('by a closed network: exactly the ports of the pod, and management for whom it names', () => {
    const { ingress } = only(scenario('production'), 'NetworkPolicy')['spec'] as {
      ingress: { ports: { port: number }[]; from?: unknown[] }[];
    };
    expect(ingress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([[8080, 9090], [8081]]);
    expect(ingress.every(({ from }) => from?.length === 1)).toBe(true);
    const [, management] = (only(scenario('sentinel'), 'NetworkPolicy')['spec'] as { ingress: typeof ingress }).ingress;
    expect(management!.from).toEqual([{ podSelector: {} }]);
  });

  it('under TLS says so to whoever routes', () => {
    const protocols = (name: string) =>
      (only(scenario(name), 'Service', 'assay')['spec'] as { ports: { appProtocol: string }[] }).ports.map(
        ({ appProtocol }) => appProtocol,
      );
    expect(protocols('minimal')).toEqual(['http', 'kubernetes.io/h2c']);
    expect(protocols('production')).toEqual(['https', 'https']);
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
    const { problems } = await loadFromConfigMap(only(render(parse(example!) as object), 'ConfigMap'));
    expect(problems).toEqual([]);
  });

  it('NOTES.txt: the next commands, and a warning where replicas share nothing', () => {
    const notes = (...values: string[]): string =>
      helm(
        ...['install', release.name, chart, '--dry-run=client', '--namespace', release.namespace],
        ...values.flatMap((file) => ['--values', join(chart, file)]),
      ).stdout.split('NOTES:')[1] ?? '';
    expect(notes(production)).toContain('helm --namespace tokens test assay --logs');
    expect(notes(production)).toContain('-u orders-api:$SECRET -d token=$TOKEN https://assay.tokens.svc');
    expect(notes(production)).not.toContain('NOTE: no config.redis');
    expect(notes('ci/everything-else-values.yaml')).toContain('NOTE: no config.redis');
  });
});
