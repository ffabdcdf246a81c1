import { describe, expect, it } from 'vitest';
import { only, render, scenarios, type Manifest } from './support/helm.js';
import { podTemplate } from './support/pods.js';

const minimal = 'ci/minimal-values.yaml';
const hook = (manifest: Manifest): string | undefined =>
  (manifest.metadata['annotations'] as Record<string, string> | undefined)?.['helm.sh/hook'];
const isCheck = (manifest: Manifest): boolean => hook(manifest)?.startsWith('pre-') ?? false;

/** What is not of the files that the configuration includes: a team whose file is wrong must not stop an upgrade. */
const ofPlatform = <Part extends { readonly name: string }>(parts: readonly Part[] = []): readonly Part[] =>
  parts.filter(({ name }) => !name.startsWith('include-'));

describe('the check before a roll-out', () => {
  it.each(Object.entries(scenarios))('%s: reads what the pods will read, with their image', (_name, files) => {
    const manifests = render(...files);
    const job = only(manifests, 'Job');
    const deployment = manifests.find(
      ({ kind, metadata }) => kind === 'Deployment' && !metadata.name.includes('valkey'),
    )!;
    const name = deployment.metadata.name;
    expect(job.metadata.name).toBe(`${name}-check`);
    const [checked, running] = [podTemplate(job).spec, podTemplate(deployment).spec];
    const [one, other] = [checked.containers[0]!, running.containers[0]!];
    expect(one.args).toEqual(['check', '/etc/assay/assay.yaml']);
    expect(one).toMatchObject({
      image: (other as unknown as { image: string }).image,
      volumeMounts: ofPlatform(other.volumeMounts),
    });
    expect(one.env).toEqual(other.env);

    // Its files are the same; what the chart makes itself comes before the rest of the release, under another name.
    const own = JSON.stringify(checked.volumes).replaceAll(`"${name}-check"`, '"OWN"');
    const theirs = JSON.stringify(ofPlatform(running.volumes))
      .replaceAll(`"${name}-secrets"`, '"OWN"')
      .replace(`"configMap":{"name":"${name}"}`, '"configMap":{"name":"OWN"}');
    expect(own).toBe(theirs);
    const configurations = manifests.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && [name, `${name}-check`].includes(metadata.name),
    );
    expect(configurations).toHaveLength(2);
    expect(configurations[0]!['data']).toEqual(configurations[1]!['data']);
    expect(configurations.map(isCheck).sort()).toEqual([false, true]);
  });

  it('has the secrets of the chart, which are not in the cluster yet', () => {
    const manifests = render('ci/trial-values.yaml');
    const [check, lasting] = ['assay-check', 'assay-secrets'].map((name) => only(manifests, 'Secret', name));
    expect(check!['data']).toEqual(lasting!['data']);
    expect([isCheck(check!), isCheck(lasting!)]).toEqual([true, false]);
  });

  it('needs nothing that the release brings: hooks come first', () => {
    for (const files of Object.values(scenarios)) {
      const manifests = render(...files);
      const { serviceAccountName } = podTemplate(only(manifests, 'Job')).spec as { serviceAccountName?: string };
      const made = manifests.filter((each) => each.kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
      expect(made).not.toContain(serviceAccountName);
    }
  });

  it('is made before installations and upgrades; with cert-manager only when there is a certificate', () => {
    expect(hook(only(render(minimal), 'Job'))).toBe('pre-install,pre-upgrade');
    expect(hook(only(render('ci/gateway-values.yaml'), 'Job'))).toBe('pre-upgrade');
  });

  it('asks everybody online where that is wanted', () => {
    const job = only(render(minimal, { check: { online: true } }), 'Job');
    const [container] = podTemplate(job).spec.containers;
    expect(container!.args).toEqual(['check', '--online', '/etc/assay/assay.yaml']);
  });

  it('can be switched off', () => {
    expect(render(minimal, { check: { enabled: false } }).filter(isCheck)).toEqual([]);
  });
});
