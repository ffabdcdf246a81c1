import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FileText } from '../shared/configuration/file-text.js';

/** Largest file that a configuration may consist of or name. Far above any key set or list of issuers. */
const LARGEST_FILE_BYTES = 16 * 1024 ** 2;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this process may not read it',
  EPERM: 'this process may not read it',
  EISDIR: 'it is not a regular file',
  ELOOP: 'its symbolic links go round in circles',
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The files of one configuration, each read once, so that all who name it see the same content. */
export class NamedFiles {
  private readonly read = new Map<string, FileText | string>();

  /** @param directory that relative names start from */
  constructor(private readonly directory: string) {}

  /** The file with this name, or why it cannot be read, as a phrase. */
  file(name: string): FileText | string {
    const path = resolve(this.directory, name);
    const content = this.read.get(path) ?? readText(path);
    this.read.set(path, content);
    return content;
  }

  /** Absolute paths of all that were asked for, those that could not be read included: they may yet appear. */
  get paths(): readonly string[] {
    return [...this.read.keys()];
  }

  /** Changes exactly when one of the files does. Made from secrets, too: not to be published. */
  get digest(): string {
    const hash = createHash('sha256');
    for (const [path, content] of this.read) {
      const text = typeof content === 'string' ? `!${content}` : `=${content.text}`;
      hash.update(`${path.length}:${path}${text.length}:${text}`);
    }
    return hash.digest('base64url');
  }
}

function readText(path: string): FileText | string {
  try {
    // Looked at first: reading a pipe or a device would never end.
    const stats = statSync(path);
    if (!stats.isFile()) return 'it is not a regular file';
    if (stats.size > LARGEST_FILE_BYTES) return 'it is larger than 16 MiB';
    return decode(path, readFileSync(path));
  } catch (error) {
    return reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? 'it cannot be read';
  }
}

function decode(path: string, bytes: Uint8Array): FileText | string {
  try {
    return new FileText(path, utf8.decode(bytes));
  } catch {
    return 'it is not UTF-8';
  }
}
