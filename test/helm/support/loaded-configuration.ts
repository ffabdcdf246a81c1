import { join } from 'node:path';
import { sections, type Configuration } from '../../../src/app/sections.js';
import { prepareSections } from '../../../src/config/prepare-sections.js';
import type { ConfigurationProblem } from '../../../src/shared/configuration/place.js';
import { noPause } from '../../../src/shared/pause.js';
import { RecordedProblems } from '../../builders/recorded-problems.js';
import { Directory } from '../../config/support/directory.js';
import { load } from '../../config/support/load.js';
import { Authority } from '../../transport/http/support/certificates.js';
import type { Manifest } from './helm.js';

/** What the real loader makes of a configuration. */
export interface Loaded {
  readonly configuration: Configuration;
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly ConfigurationProblem[];
}

const mounts = [
  '/run/secrets/assay-tls',
  '/run/secrets/assay',
  '/var/run/secrets/kubernetes.io/serviceaccount',
  '/etc/authorities',
  '/etc/assay-includes',
];

/**
 * Loads what is in the ConfigMap as the program does, with the files that it names where a test can put them.
 * @throws {ConfigurationInvalid}
 */
export async function loadFromConfigMap(configMap: Manifest): Promise<Loaded> {
  const directory = await Directory.create();
  try {
    let text = (configMap['data'] as Record<string, string>)['assay.yaml']!;
    for (const mount of mounts) text = text.replaceAll(`${mount}/`, directory.at(`mounted${mount}/`));
    await writeNamedFiles(directory, text);
    await directory.write('assay.yaml', text);
    const { configuration, warnings } = await load(directory.file, {});
    const recorded = new RecordedProblems();
    const context = { place: recorded.place(), nowMs: Date.now(), pause: noPause };
    await prepareSections(sections, configuration, context);
    return { configuration, problems: recorded.problems, warnings: [...warnings, ...recorded.warnings] };
  } finally {
    await directory.remove();
  }
}

/** Certificates where one is expected; anything else is a secret of its own. */
async function writeNamedFiles(directory: Directory, text: string): Promise<void> {
  const prefix = directory.at('mounted/');
  const named = text
    .split(prefix)
    .slice(1)
    .map((rest) => join('mounted', /^[^"}\s]+/.exec(rest)![0]));
  const authority = await Authority.named('test');
  const { certificate, key } = await authority.issue('assay', [{ type: 'dns', value: 'assay' }], 'server');
  // In a directory that is included, a file that registers nothing.
  for (const [i, name] of named.entries()) await directory.write(name.replace('*', 'team'), contentOf(name, i));

  function contentOf(name: string, i: number): string {
    if (name.endsWith('*.yaml')) return '{}';
    if (name.endsWith('tls.crt')) return certificate;
    if (name.endsWith('.key')) return key;
    return name.endsWith('.crt') ? authority.certificate : `${i}-Wq7Zt3Lm9XcVb5NhRk2Jd8Fs4Gp6Tz1Yx`;
  }
}
