import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';
import { chart, only, render, type Manifest, type Values } from './support/helm.js';
import { loadFromConfigMap } from './support/loaded-configuration.js';
import { podSpecs, podTemplate, type PodSpec } from './support/pods.js';

const platform = 'ci/includes-values.yaml';
const owner = { idPrefix: 'pay-', issuers: ['https://login.pay.example'] };
const pay = { includes: { pay: { configMap: 'pay-assay', owner } } };

const readme = readFileSync(join(chart, 'README.md'), 'utf8');

const configMapOf = (...values: Values): Manifest => only(render(...values), 'ConfigMap', 'assay');
const written = (...values: Values): string =>
  (configMapOf(...values)['data'] as Record<string, string>)['assay.yaml']!;

/** What a pod reads of teams: each volume, and where it is. */
function includesOf({ volumes = [], containers }: PodSpec): Readonly<Record<string, unknown>> {
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const ours = volumes.filter(({ name }) => name.startsWith('include-'));
  return Object.fromEntries(
    ours.map(({ name, ...source }) => [mounts.find((mount) => mount.name === name)!.mountPath, source]),
  );
}

describe('includes of the chart', () => {
  const manifests = render(platform);

  it('are mounted beside the configuration, and are no reason to wait where they do not exist yet', () => {
    expect(includesOf(podTemplate(only(manifests, 'Deployment')).spec)).toEqual({
      '/etc/assay-includes/platform': { configMap: { name: 'assay-platform', optional: true } },
      '/etc/assay-includes/shop': { configMap: { name: 'shop-assay', optional: true } },
      '/etc/assay-includes/web': {
        secret: { secretName: 'web-assay', defaultMode: expect.any(Number), optional: true },
      },
    });
  });

  it('are read by helm test, which compares them with what is in force, and not by the check before a roll-out', () => {
    const [test] = podSpecs([only(manifests, 'Pod')]);
    expect(Object.keys(includesOf(test!))).toEqual(
      ['platform', 'shop', 'web'].map((name) => `/etc/assay-includes/${name}`),
    );
    expect(test!.containers[0]!.env).toContainEqual({ name: 'INCLUDED', value: '/etc/assay-includes/' });
    expect(includesOf(podTemplate(only(manifests, 'Job')).spec)).toEqual({});
  });

  it('give each file the rights that its values say, and no others', async () => {
    const { configuration } = await loadFromConfigMap(configMapOf(platform));
    const [everything, shop, web] = configuration.owners!;
    expect(configuration.include).toHaveLength(3);
    expect(everything).toMatchObject({ trusted: true });
    expect(shop).toMatchObject({ idPrefix: 'shop-', issuers: ['https://login.shop.example:8443'], trusted: false });
    expect(web!.callers).toMatchObject({ audiences: 'any', claims: ['sub'], issuers: [] });
    expect(configuration.owners!.map(({ files }) => files)).toEqual(configuration.include);
  });

  it('of several files with values are all there: Helm merges mappings; null takes one away', () => {
    expect(written(platform, pay)).toMatch(/platform[^]*pay[^]*shop[^]*web/);
    expect(written(platform, pay, { includes: { shop: null } })).not.toContain('assay-includes/shop');
    expect(written('ci/minimal-values.yaml', pay, { includes: { pay: null } })).not.toContain('include');
  });

  it('stand behind what the configuration includes and grants itself', async () => {
    const own = { include: '/etc/teams/*.yaml', owners: [{ files: '/etc/teams/*.yaml', trusted: true }] };
    const { configuration } = await loadFromConfigMap(configMapOf('ci/minimal-values.yaml', pay, { config: own }));
    expect(configuration.include).toEqual(['/etc/teams/*.yaml', expect.stringMatching('/etc/assay-includes/pay/')]);
    expect(configuration.owners!.map(({ trusted }) => trusted)).toEqual([true, false]);
  });

  it('as the README writes them: the file of the team is within what the values let it say', async () => {
    const [, values, file] = /^## Files of teams[^]*?```yaml\n([^`]*)```[^]*?```yml\n([^`]*)```/m.exec(readme)!;
    const directory = await Directory.create();
    try {
      const here = (text: string) => text.replaceAll('/etc/assay-includes/', directory.at('includes/'));
      await directory.write('includes/shop/shop.yaml', here(file!));
      await directory.write('includes/shop/api', 'secret-Wq7Zt3Lm9XcVb5NhRk2Jd8Fs4Gp6Tz1Yx');
      const main = here(written('ci/minimal-values.yaml', { config: { callers: {} } }, parse(values!) as object));
      const { configuration, included } = await load(await directory.write('assay.yaml', main));
      expect(included).toMatchObject([{ state: 'current', problems: [] }]);
      expect(configuration.callers.map(({ id }) => id)).toEqual(['shop-api']);
    } finally {
      await directory.remove();
    }
  });

  it('may be fetched from: the policy lets the ports of the issuers through that their owners may register', () => {
    const { egress } = only(manifests, 'NetworkPolicy')['spec'] as { egress: { ports: { port: number }[] }[] };
    expect(egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([53, 53, 443, 8443]);
  });
});
