import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { packageRoot } from '../../shared/package-root.js';

/** One file of the console. */
export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  /** Changes with the body (RFC 9110 §8.8.3). */
  readonly etag: string;
}

/** The console as it was built: its page, and what that loads, by names that change with what is in them. */
export interface ConsoleFiles {
  readonly page: ConsoleFile;
  readonly assets: ReadonlyMap<string, ConsoleFile>;
  readonly documents: DocumentPages;
}

const html = 'text/html; charset=utf-8';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Reads all but the documents into memory: it is small. @returns `undefined` where it was not built */
export function readConsoleFiles(folder = join(packageRoot, 'dist', 'console')): ConsoleFiles | undefined {
  const assets = new Map<string, ConsoleFile>();
  try {
    const page = readConsoleFile(html, join(folder, 'index.html'));
    for (const name of readdirSync(join(folder, 'assets'))) {
      const type = types[extname(name)];
      if (type !== undefined) assets.set(name, readConsoleFile(type, join(folder, 'assets', name)));
    }
    return { page, assets, documents: new DocumentPages(join(folder, 'docs')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The project's documents as pages, by their paths. Each is read when somebody asks for it: together they are a megabyte. */
export class DocumentPages {
  private readonly paths: ReadonlySet<string>;
  private readonly read = new Map<string, ConsoleFile>();

  constructor(private readonly folder: string) {
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    this.paths = new Set(all.map((path) => path.replaceAll(sep, '/')).filter((path) => path.endsWith('.html')));
  }

  /** @returns `undefined` where there is no such page: only what was there at the start is read */
  find(path: string): ConsoleFile | undefined {
    if (!this.paths.has(path)) return undefined;
    const page = this.read.get(path) ?? readConsoleFile(html, join(this.folder, path));
    this.read.set(path, page);
    return page;
  }
}

function readConsoleFile(type: string, file: string): ConsoleFile {
  const body = readFileSync(file);
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
