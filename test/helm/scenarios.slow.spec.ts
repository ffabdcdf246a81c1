import { describe, expect, it } from 'vitest';
import { chart, only, render, scenarios, withValues, type Manifest } from './support/helm.js';
import { loadFromConfigMap } from './support/loaded-configuration.js';
import { problemsOf } from './support/manifest-problems.js';

const names = Object.keys(scenarios);
const filesOf = (name: string): readonly string[] => scenarios[name]!;
const rendered = new Map(names.map((name) => [name, render(...filesOf(name))]));
const manifests = [...rendered.values()].flat();

describe('each scenario of the chart', () => {
  it.each(names)('%s: passes the strict lint', (name) => {
    const { status, stdout } = withValues(['lint', '--strict', chart], filesOf(name));
    expect(stdout).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(stdout).not.toMatch(/\[(WARNING|ERROR)\]/);
    expect(status).toBe(0);
  });

  it('makes manifests without a member that is unknown, missing or of a wrong type', async () => {
    expect((await problemsOf(manifests)).flat()).toEqual([]);
    const kinds = [...new Set(manifests.map(({ kind }) => kind))].sort();
    expect(kinds).toEqual([
      'BackendTLSPolicy',
      'Certificate',
      'ConfigMap',
      'Deployment',
      'GRPCRoute',
      'HTTPRoute',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Job',
      'NetworkPolicy',
      'Pod',
      'PodDisruptionBudget',
      'PrometheusRule',
      'Secret',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ]);
  });

  it.each(names)(
    '%s: gives Assay a configuration that it accepts, and no warning but of a proxy that nobody named',
    async (name) => {
      const configMap = only(rendered.get(name)!, 'ConfigMap', name === 'everything-else' ? 'tokens' : 'assay');
      const { problems, warnings, configuration } = await loadFromConfigMap(configMap);
      expect(problems).toEqual([]);
      expect(warnings.map(({ path }) => path).filter((path) => path !== 'server.trustedProxies')).toEqual([]);
      expect([configuration.server.http.host, configuration.server.management.host]).toEqual(['0.0.0.0', '0.0.0.0']);
    },
  );
});

/** Replaces what is at `path`, or removes it where there is nothing to put there. */
function changed(manifest: Manifest, path: readonly (string | number)[], value?: unknown): Manifest {
  const copy = structuredClone(manifest);
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  const last = path.at(-1)!;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

const first = (kind: string): Manifest => manifests.find((each) => each.kind === kind)!;
const container = ['spec', 'template', 'spec', 'containers', 0];

const mistakes = [
  [
    'an unknown member, deep down',
    'Deployment',
    [...container, 'securityContext', 'runAsNonroot'],
    true,
    'runAsNonroot',
  ],
  ['a wrong type', 'Deployment', ['spec', 'replicas'], '3', 'number'],
  ['a missing selector', 'Deployment', ['spec', 'selector'], undefined, 'selector'],
  ['a port that is a text', 'Service', ['spec', 'ports', 0, 'port'], '80', 'number'],
  ['a number where a label belongs', 'ConfigMap', ['metadata', 'labels', 'team'], 7, 'string'],
  ['a misspelt member', 'PodDisruptionBudget', ['spec', 'maxUnavailabel'], 1, 'maxUnavailabel'],
  ['an unknown member of a CRD', 'ServiceMonitor', ['spec', 'endpoints', 0, 'prot'], 'x', 'prot'],
  ['a wrong duration', 'ServiceMonitor', ['spec', 'endpoints', 0, 'interval'], 'often', 'pattern'],
  ['a rule without an expression', 'PrometheusRule', ['spec', 'groups', 0, 'rules', 0, 'expr'], undefined, 'expr'],
  ['an unknown member of a route', 'HTTPRoute', ['spec', 'rules', 0, 'backend'], [], 'backend'],
  ['a match of an unknown type', 'HTTPRoute', ['spec', 'rules', 0, 'matches', 0, 'path', 'type'], 'Glob', 'Glob'],
  ['a certificate without an issuer', 'Certificate', ['spec', 'issuerRef'], undefined, 'issuerRef'],
  ['a kind that there is not', 'Ingress', ['kind'], 'Ingres', 'Ingres'],
] as const;

describe('the check of manifests', () => {
  const found = problemsOf(mistakes.map(([, kind, path, value]) => changed(first(kind), path, value)));

  it.each(mistakes.map(([name, , , , word], i) => ({ name, word, i })))('finds $name', async ({ word, i }) => {
    expect((await found)[i]!.join('\n')).toContain(word);
  });
});
