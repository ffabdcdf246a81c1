import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chart, manifestsOf, only, release, type Manifest } from './support/helm.js';
import { KubeApi } from './support/kube-api.js';

const { namespace } = release;
const deployment = (replicas: number): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'assay', namespace },
  spec: { replicas },
});
const certificate: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'assay-tls', namespace } };
const withAutoscaler = ['--set', 'autoscaling.enabled=true'];

describe('what the chart makes where it meets a cluster', () => {
  let cluster: KubeApi | undefined;

  afterEach(async () => {
    await cluster?.close();
  });

  /** Helm as in an upgrade, that asks the cluster. Not in one thread with the cluster: it is in this process. */
  async function upgrade(scenario: string, objects: readonly Manifest[], ...more: readonly string[]) {
    cluster = await KubeApi.with(...objects);
    const values = ['--values', join(chart, `ci/${scenario}-values.yaml`), ...more];
    const server = [
      '--is-upgrade',
      '--dry-run=server',
      '--disable-openapi-validation',
      '--kube-apiserver',
      cluster.url,
      '--namespace',
      namespace,
    ];
    const helm = join(chart, '..', 'tools', 'helm.mjs');
    return new Promise<readonly Manifest[]>((resolve, reject) => {
      const args = [helm, 'template', release.name, chart, ...server, ...values];
      execFile(process.execPath, args, { maxBuffer: 16 * 1024 ** 2 }, (error, stdout) => {
        if (error) reject(new Error(error.message));
        else resolve(manifestsOf(stdout));
      });
    });
  }

  const replicasOf = (manifests: readonly Manifest[]): unknown =>
    (only(manifests, 'Deployment', 'assay')['spec'] as { replicas?: number }).replicas;

  it('keeps the live number of replicas when an autoscaler is switched on, and later', async () => {
    expect(replicasOf(await upgrade('minimal', [deployment(5)], ...withAutoscaler))).toBe(5);
  });

  it('leaves the number to the autoscaler where there is no Deployment yet', async () => {
    expect(replicasOf(await upgrade('minimal', [], ...withAutoscaler))).toBeUndefined();
  });

  it('takes the number of the values where there is no autoscaler', async () => {
    expect(replicasOf(await upgrade('minimal', [deployment(5)], '--set', 'replicas=2'))).toBe(2);
  });

  it.each([
    ['has its certificate', [deployment(3), certificate], 1],
    ['waits for its certificate', [deployment(3)], 0],
  ])('a release that %s: %#', async (_name, objects, jobs) => {
    const manifests = await upgrade('gateway', objects);
    expect(manifests.filter(({ kind }) => kind === 'Job')).toHaveLength(jobs);
  });
});
