// YAML that readers give to other programs: held to what those programs say, or to their schema, and to our endpoints.
import { spawnSync } from 'node:child_process';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { withValues } from '../../helm/support/helm.js';
import { problemsOf as problemsOfManifests } from '../../helm/support/manifest-problems.js';
import type { Manifest } from '../../helm/support/helm.js';
import { readQuery } from '../../telemetry/support/promql.js';
import { Directory } from '../../config/support/directory.js';
import type { BlockKind } from './block-kind.js';
import { problemsOfAddresses } from './our-endpoints.js';
import { parsedYaml } from './parsed.js';

type Mapping = Readonly<Record<string, unknown>>;

const isYaml = (language: string): boolean => language === 'yaml' || language === 'yml';
const begins = (text: string, word: string): boolean => text.startsWith(`# part of ${word}\n`);

const chartValues: BlockKind = {
  name: 'values of the chart',
  isOfKind: ({ document, language }) => document === 'helm/README.md' && language === 'yaml',
  problemsOf: ({ text }) => {
    const { status, stderr } = withValues(
      ['template', 'assay', 'helm'],
      ['ci/minimal-values.yaml', parse(text) as object],
    );
    return status === 0 ? [] : [stderr];
  },
};

const rules: BlockKind = {
  name: 'rules of Prometheus',
  isOfKind: ({ language, text }) => isYaml(language) && begins(text, 'a rule group of Prometheus'),
  problemsOf: async ({ text }) => {
    const group = parse(text) as readonly { readonly expr: string }[];
    const directory = await Directory.create();
    const file = await directory.write('rules.yaml', stringify({ groups: [{ name: 'documented', rules: group }] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    await directory.remove();
    return [...(status === 0 ? [] : [stdout + stderr]), ...group.flatMap(({ expr }) => readQuery(expr).problems)];
  },
};

const inhibitions: BlockKind = {
  name: 'rules of Alertmanager',
  isOfKind: ({ language, text }) => isYaml(language) && text.startsWith('inhibit_rules:'),
  // What they silence is in test/telemetry/inhibitions.spec.ts, rule by rule.
  problemsOf: ({ text }) => {
    const { inhibit_rules: all } = parse(text) as { readonly inhibit_rules: readonly Mapping[] };
    const known = ['source_matchers', 'target_matchers', 'equal'];
    return all.flatMap((rule) => Object.keys(rule).filter((key) => !known.includes(key)));
  },
};

const manifests: BlockKind = {
  name: 'manifests of Kubernetes',
  isOfKind: ({ language, text }) => isYaml(language) && (/^apiVersion:/mu.test(text) || begins(text, 'a pod')),
  problemsOf: async ({ text }) => {
    const all = parseAllDocuments(text).map((document) => document.toJS() as Mapping);
    const whole = all.map((part) => ('apiVersion' in part ? part : podWith(part)) as unknown as Manifest);
    return (await problemsOfManifests(whole)).flat();
  },
};

function podWith(part: Mapping): object {
  const spec = { containers: [{ name: 'orders', image: 'orders' }], ...part };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orders' }, spec };
}

/** Programs that are not here to be asked: their text is YAML that has these members, and it names endpoints that there are. */
const shapes: Readonly<Record<string, (value: Mapping, text: string) => boolean>> = {
  Envoy: (value, text) => 'static_resources' in value || text.includes('envoy.filters.http.ext_authz'),
  Traefik: (value) => 'http' in value && 'middlewares' in (value['http'] as object),
  'Ory Heimdall': (value) => 'mechanisms' in value,
  'Ory Oathkeeper': (value) => 'authenticators' in value,
  'Spring Boot': (value) => 'spring' in value,
  'GitHub Actions': (value, text) => begins(text, 'a job of a workflow') && 'steps' in value,
  'GitLab CI': (_value, text) => begins(text, '.gitlab-ci.yml') && text.includes('id_tokens'),
};

const others: readonly BlockKind[] = Object.entries(shapes).map(([program, fits]) => ({
  name: `YAML of ${program}`,
  isOfKind: ({ language, text }) => {
    const { value } = parsedYaml(text);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isYaml(language) && typeof first === 'object' && first !== null && fits(first as Mapping, text);
  },
  problemsOf: ({ text }) => [...parsedYaml(text).problems, ...problemsOfAddresses(text)],
}));

/** By the program that reads them. */
export const otherPrograms: readonly BlockKind[] = [chartValues, rules, inhibitions, manifests, ...others];
