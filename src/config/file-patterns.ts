import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { digestOfContent, UNREADABLE } from './file-digests.js';

/** Begins the keys of patterns among the paths of {@link FileDigests}: absolute paths never begin like this. */
const PATTERN = 'pattern:';

/** Which files of one directory are meant: `*` stands for any characters, not for a dot at the beginning. */
export class FilePattern {
  private constructor(
    /** Absolute. */
    readonly directory: string,
    private readonly name: string,
  ) {}

  /** @param directory that a relative pattern starts from */
  static of(pattern: string, directory: string): FilePattern {
    const path = resolve(directory, pattern);
    return new FilePattern(dirname(path), basename(path));
  }

  /** The pattern that a key of {@link FileDigests} stands for. */
  static ofKey(key: string): FilePattern | undefined {
    return key.startsWith(PATTERN) ? FilePattern.of(key.slice(PATTERN.length), '/') : undefined;
  }

  get path(): string {
    return join(this.directory, this.name);
  }

  /** Stands for the list of its files among {@link FileDigests}. */
  get key(): string {
    return `${PATTERN}${this.path}`;
  }

  /** Whether it may stand for more than one file. */
  get isOpen(): boolean {
    return this.name.includes('*');
  }

  /** Whether it stands for the file of this absolute path. */
  includes(file: string): boolean {
    return dirname(file) === this.directory && this.matches(basename(file));
  }

  private matches(name: string): boolean {
    if (name.startsWith('.') && !this.name.startsWith('.')) return false;
    const parts = this.name.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
  }

  /** The files that there are now. */
  list(): FileList {
    try {
      return this.listOf(readdirSync(this.directory));
    } catch (error) {
      return listFailed(error);
    }
  }

  /** As {@link list}, without keeping others waiting. */
  async listLater(): Promise<FileList> {
    return readdir(this.directory).then(
      (names) => this.listOf(names),
      (error: unknown) => listFailed(error),
    );
  }

  private listOf(names: readonly string[]): FileList {
    const found = names.filter((name) => this.matches(name)).sort();
    return {
      state: 'listed',
      files: found.map((name) => join(this.directory, name)),
      digest: digestOfContent(Buffer.from(JSON.stringify(found))),
    };
  }
}

/** What was found in a directory. */
export interface FileList {
  /** `absent`: there is no such directory; `failed`: which files there are is not known. */
  readonly state: 'listed' | 'absent' | 'failed';
  /** Absolute paths, by name. */
  readonly files: readonly string[];
  /** Equal for equal lists. */
  readonly digest: string;
}

function listFailed(error: unknown): FileList {
  const { code } = error as NodeJS.ErrnoException;
  const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
  return { state: isAbsent ? 'absent' : 'failed', files: [], digest: isAbsent ? 'absent' : UNREADABLE };
}

/** By the names of the files; where two are alike, by their directories. */
export function byFileName(one: string, other: string): number {
  const [a, b] = [basename(one), basename(other)];
  if (a !== b) return a < b ? -1 : 1;
  return one < other ? -1 : one === other ? 0 : 1;
}
