import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { packageRoot } from '../../shared/package-root.js';

/** One file of the console. */
export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The console as it was built: its page, and what that loads, by names that change with what is in them. */
export interface ConsoleFiles {
  readonly page: ConsoleFile;
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads all of it into memory: it is small. @returns `undefined` where it was not built */
export function readConsoleFiles(folder = join(packageRoot, 'dist', 'console')): ConsoleFiles | undefined {
  const assets = new Map<string, ConsoleFile>();
  try {
    const page = { type: 'text/html; charset=utf-8', body: readFileSync(join(folder, 'index.html')) };
    for (const name of readdirSync(join(folder, 'assets'))) {
      const type = types[extname(name)];
      if (type !== undefined) assets.set(name, { type, body: readFileSync(join(folder, 'assets', name)) });
    }
    return { page, assets };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
