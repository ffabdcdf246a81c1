import { describe, expect, it } from 'vitest';
import { only, render, scenarios, type Manifest } from './support/helm.js';
import { podTemplate } from './support/pods.js';

const minimal = 'ci/minimal-values.yaml';
const secretFile = '${file:/run/secrets/assay/k}';
const all = Object.entries(scenarios).map(([name, files]) => [name, render(...files)] as const);
const scenario = (wanted: string): readonly Manifest[] => all.find(([name]) => name === wanted)![1];

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
    const [, management] = (only(scenario('sentinel'), 'NetworkPolicy')['spec'] as { ingress: typeof ingress }).ingress;
    expect(management!.from).toEqual([{ podSelector: {} }]);
    // Whom the values name, and the pod of helm test.
    const labels = only(scenario('production'), 'Pod').metadata['labels'] as object;
    for (const { from } of ingress) {
      expect(from).toHaveLength(2);
      const [, tester] = from as { podSelector: { matchLabels: object } }[];
      expect(labels).toMatchObject(tester!.podSelector.matchLabels);
    }
  });

  const closed = { networkPolicy: { enabled: true } };
  const issuer = (more: object) => ({
    config: { issuers: [{ id: 'x', issuer: 'https://x.example', algorithms: ['RS256'], audiences: 'any', ...more }] },
  });
  const operator = { id: 'ops', secret: secretFile, role: 'operator' };
  const us = { name: 'us', url: 'https://admin.us.example:7444', tokenFile: '/run/secrets/us' };
  const withRedis = (redis: object) => ({
    config: { redis: { recordKeys: [{ id: 'k1', secret: secretFile }], ...redis } },
  });

  it.each<[string, object, readonly number[]]>([
    ['discovery', issuer({ keys: { discovery: 'oidc' } }), [443]],
    [
      'discovery at a port',
      issuer({ issuer: 'https://x.example:8443/realm', keys: { discovery: 'oidc' } }),
      [443, 8443],
    ],
    ['keys elsewhere', issuer({ keys: { discovery: 'oidc', jwksHosts: ['k.example:9443'] } }), [443, 9443]],
    ['metadata elsewhere', issuer({ keys: { discovery: 'oidc', discoveryUrl: 'http://in.example/x' } }), [443, 80]],
    ['a key set', issuer({ keys: { jwksUri: 'https://[fd00::1]:7443/jwks' } }), [7443]],
    ['keys of a file', issuer({ issuer: 'https://x.example:8443', keys: { jwksFile: 'k.json' } }), []],
    ['the API server', issuer({ keys: { jwksUri: 'https://kubernetes.default.svc/openid/v1/jwks' } }), [443, 6443]],
    ['a collector', { config: { telemetry: { tracing: { endpoint: 'http://collector:4318' } } } }, [4318, 443]],
    ['a collector of metrics', { config: { telemetry: { metrics: { endpoint: 'https://c' } } } }, [443]],
    ['another region', { config: { admin: { tokens: [operator], regions: [us] } } }, [443, 7444]],
    ['more', { networkPolicy: { egress: { issuerPorts: [8444] } } }, [443, 8444]],
    ['Redis', withRedis({ url: `rediss://u:${secretFile}@r.example:6380/0` }), [443, 6380]],
    ['Redis at the usual port', withRedis({ url: 'redis://r.example' }), [443, 6379]],
    ['a read replica', withRedis({ url: 'redis://r', readUrl: 'redis://l:6390/0' }), [443, 6379, 6390]],
    ['Redis that is all in a secret', withRedis({ url: secretFile }), [443, 6379]],
    ['Sentinels', withRedis({ sentinels: [{ host: 's', port: 26379 }], sentinelName: 'm' }), [26379, 443, 6379]],
    ['a cluster', withRedis({ cluster: [{ host: 'c' }, { host: 'c', port: 7001 }] }), [443, 6379, 7001]],
  ])('to the outside, where the network is closed: %s', (_name, values, expected) => {
    const { egress } = only(render(minimal, closed, values), 'NetworkPolicy')['spec'] as {
      egress: { ports: { port: number }[] }[];
    };
    const ports = egress.flatMap((rule) => rule.ports.map(({ port }) => port)).filter((port) => port !== 53);
    expect(ports.sort()).toEqual([...expected].sort());
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
