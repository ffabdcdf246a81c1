import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/**
 * Where package.json lies, and beside it what is no code: found from here, so that it makes no difference into which file of
 * `dist` this module was put.
 */
export const packageRoot = dirname(findPackageJSON('.', import.meta.url) ?? '');
