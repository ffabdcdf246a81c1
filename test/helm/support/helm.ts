import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..');

/** The folder of the chart. */
export const chart = join(root, 'helm');

/** Name and namespace of the release in all tests. */
export const release = { name: 'assay', namespace: 'tokens' };

/** What is made in a cluster: whatever the templates say. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string } & Record<string, unknown>;
  readonly [member: string]: unknown;
}

/** What Helm said. */
export interface HelmAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real Helm. */
export function helm(...args: readonly string[]): HelmAnswer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools', 'helm.mjs'), ...args], {
    encoding: 'utf8',
    cwd: root,
  });
  return { status: status ?? -1, stdout, stderr };
}

/** Files with values: paths below the chart, or values to be written into one. */
export type Values = readonly (string | object)[];

/** Calls Helm with values. */
export function withValues(command: readonly string[], values: Values): HelmAnswer {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-values-'));
  try {
    const files = values.map((each, i) => {
      if (typeof each === 'string') return join(chart, each);
      const file = join(scratch, `${i}.yaml`);
      writeFileSync(file, stringify(each));
      return file;
    });
    return helm(...command, ...files.flatMap((file) => ['--values', file]));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * What the chart makes of values.
 * @throws {Error} with what Helm said against it
 */
export function render(...values: Values): readonly Manifest[] {
  const { status, stdout, stderr } = template(...values);
  if (status !== 0) throw new Error(stderr);
  return manifestsOf(stdout);
}

/** The manifests that Helm has printed. */
export function manifestsOf(stdout: string): readonly Manifest[] {
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** Renders, whatever comes of it. */
export function template(...values: Values): HelmAnswer {
  return withValues(['template', release.name, chart, '--namespace', release.namespace], values);
}

/** The one manifest of its kind, by name where there are several. */
export function only(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ''}`);
  return found[0]!;
}

/** The scenarios: each is a list of files with values. */
export const scenarios: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    readdirSync(join(chart, 'ci')).map((file) => [file.replace('-values.yaml', ''), [`ci/${file}`]]),
  ),
  ...Object.fromEntries(
    readdirSync(join(chart, 'examples')).flatMap((topology) =>
      ['region-a', 'region-b'].map((region) => {
        const folder = `examples/${topology}`;
        return [`${topology}, ${region}`, [`${folder}/common.yaml`, `${folder}/${region}.yaml`]];
      }),
    ),
  ),
};
