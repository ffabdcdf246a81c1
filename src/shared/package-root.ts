import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';

const found = findPackageJSON('.', import.meta.url);
if (found === undefined) throw new Error('package.json must lie beside the program, or above it');

/**
 * Where package.json lies, and beside it what is no code: found from here, so that it makes no difference into which file of
 * `dist` this module was put.
 */
export const packageRoot = dirname(found);

/** The version in package.json. */
export const version: string = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;
