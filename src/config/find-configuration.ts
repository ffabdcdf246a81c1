import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationInvalid } from './configuration-invalid.js';
import type { Environment } from './load-configuration.js';

/** Where a packaged installation has its configuration. */
const SYSTEM_FILE = '/etc/assay/assay.yaml';

/**
 * The configuration file: `ASSAY_CONFIG`, else `./assay.yaml`, else `/etc/assay/assay.yaml`.
 * @returns `undefined` where there is none and demo mode is allowed
 * @throws {ConfigurationInvalid} in production, where there is none
 */
export function findConfiguration(environment: Environment, workingDirectory: string): string | undefined {
  const named = environment['ASSAY_CONFIG'];
  if (named) return named;
  const places = [join(workingDirectory, 'assay.yaml'), SYSTEM_FILE];
  const file = places.find(exists);
  if (file !== undefined || environment['NODE_ENV'] !== 'production') return file;
  const found = `nothing at ${places.join(' and ')}, and ASSAY_CONFIG is not set`;
  throw new ConfigurationInvalid('assay.yaml', [
    { path: '', found, expected: 'a configuration: NODE_ENV is production' },
  ]);
}

/** A symbolic link that leads nowhere exists as well: it must not end in demo mode, nor must one that we may not see. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
