/** Reads the files that a configuration names, each once, and none that an included file may not name. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { FileText } from '../shared/configuration/field.js';
import { digestOfContent, unfitness, UNREADABLE, type FileDigests } from './file-digests.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this process may not read it',
  EPERM: 'this process may not read it',
  ELOOP: 'its symbolic links go round in circles',
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Read {
  /** The file, or why it cannot be used, as a phrase. */
  readonly content: FileText | string;
  readonly digest: string;
}

/** Which files an included file may name. */
export interface FileLimits {
  /** The included file: it may name what is in its directory. */
  readonly own: string;
  /** Others, absolute. */
  readonly directories: readonly string[];
}

const outside = 'this file may name only files of its own directory, and of directories of its entry of owners';

/** Symbolic links are followed first: what counts is where a file really is. */
function isWithin(path: string, { own, directories }: FileLimits): boolean {
  if (path === own) return true;
  const real = realPathOf(path);
  return [dirname(own), ...directories].some((directory) => real.startsWith(`${realPathOf(directory)}${sep}`));
}

/** Of a file that is not there: where it would be, so that it is told to be missing only to those who may name it. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(realPathOf(parent), path.slice(parent.length).replace(/^[/\\]+/, ''));
  }
}

/** The files of one configuration, each read once, so that all who name it see the same content. */
export class NamedFiles {
  private readonly read = new Map<string, Read>();

  /**
   * @param directory that relative names start from
   * @param limits absent: any file may be named
   */
  constructor(
    private readonly directory: string,
    private readonly limits?: FileLimits,
  ) {}

  /** The file with this name, or why it cannot be used, as a phrase. */
  file(name: string): FileText | string {
    const path = resolve(this.directory, name);
    if (this.limits && !isWithin(path, this.limits)) return outside;
    const read = this.read.get(path) ?? readFile(path);
    this.read.set(path, read);
    return read.content;
  }

  /** All that were asked for, those that could not be read included: they may yet appear. */
  get digests(): FileDigests {
    return new Map([...this.read].map(([path, { digest }]) => [path, digest]));
  }
}

function readFile(path: string): Read {
  try {
    const unfit = unfitness(statSync(path));
    if (unfit !== undefined) return { content: unfit, digest: UNREADABLE };
    const bytes = readFileSync(path);
    return { content: decode(path, bytes), digest: digestOfContent(bytes) };
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    return { content: reason ?? 'it cannot be read', digest: UNREADABLE };
  }
}

function decode(path: string, bytes: Uint8Array): FileText | string {
  try {
    return new FileText(path, utf8.decode(bytes));
  } catch {
    return 'it is not UTF-8';
  }
}
