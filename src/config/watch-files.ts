/** Reports when a file of the configuration has changed, whichever way it was written. */
import { watch, type FSWatcher } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, Timer } from '../shared/clock.js';
import { OneAtATime } from './one-at-a-time.js';
import { digestOfAll, digestOfContent, unfitness, UNREADABLE, type FileDigests } from './file-digests.js';
import { FilePattern } from './file-patterns.js';

/** Programs write a file in several steps: files are compared this long after the last one. */
const SETTLE_MS = 200;

/** How long a change may go unnoticed where the kernel reports none: network file systems, a directory that was replaced. */
const POLL_MS = 10_000;

/**
 * Reports when the content of files changes. It watches their directories, because what is replaced by a rename (editors) or
 * by a symbolic link (Kubernetes' ConfigMaps) is never written to; and it compares contents, because most events mean nothing.
 */
export class FileWatcher {
  private files: readonly string[] = [];
  private readonly watchers = new Map<string, FSWatcher>();
  private seen: string | undefined;
  private settle: Timer | undefined;
  private poll: Timer | undefined;
  /** One comparison at a time: what a slow one read must not count after what a later one did. */
  private readonly comparisons = new OneAtATime(() => this.compare());
  private isClosed = false;

  /** @param read the digests of files */
  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
    private readonly read: (files: readonly string[]) => Promise<FileDigests> = readDigests,
  ) {}

  /**
   * Watches exactly these files from now on, and the lists of files that patterns stand for. A file that does not exist may
   * appear.
   * @param files with the contents that are known: what has changed since they were read is noticed as well
   */
  async watch(files: FileDigests): Promise<void> {
    this.files = [...files.keys()];
    this.seen = digestOfAll(files);
    await this.watchDirectories();
    if (digestOfAll(await this.read(this.files)) !== this.seen) this.compareSoon();
    this.pollLater();
  }

  close(): void {
    this.isClosed = true;
    this.settle?.cancel();
    this.poll?.cancel();
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private async watchDirectories(): Promise<void> {
    const directories = new Set((await Promise.all(this.files.map(directoriesOf))).flat());
    if (this.isClosed) return;
    for (const [directory, watcher] of this.watchers) {
      if (directories.has(directory)) continue;
      watcher.close();
      this.watchers.delete(directory);
    }
    for (const directory of directories) if (!this.watchers.has(directory)) this.watchDirectory(directory);
  }

  private watchDirectory(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => {
        this.compareSoon();
      });
      // The directory is gone. Until there is one of its name again, the poll will do.
      watcher.on('error', () => {
        watcher.close();
        this.watchers.delete(directory);
        this.compareSoon();
      });
      this.watchers.set(directory, watcher);
    } catch {
      // There is no such directory yet.
    }
  }

  private compareSoon(): void {
    if (this.isClosed) return;
    this.settle?.cancel();
    this.settle = this.clock.after(SETTLE_MS, () => void this.comparisons.run());
  }

  private pollLater(): void {
    if (this.isClosed) return;
    this.poll?.cancel();
    this.poll = this.clock.after(POLL_MS, () => {
      void this.comparisons.run();
      this.pollLater();
    });
  }

  private async compare(): Promise<void> {
    const files = this.files;
    await this.watchDirectories();
    const digest = digestOfAll(await this.read(files));
    if (this.isClosed || files !== this.files || digest === this.seen) return;
    this.seen = digest;
    this.onChange();
  }
}

/**
 * The directory in which a file is named, and the one in which it really is. Of a pattern, the one that is listed; while there
 * is none, the one in which it may appear, which is not watched for longer: much may happen there that is of no interest.
 */
async function directoriesOf(file: string): Promise<readonly string[]> {
  const pattern = FilePattern.ofKey(file);
  const path = pattern?.directory ?? file;
  const real = await realpath(path).catch(() => undefined);
  if (!pattern) return [dirname(path), dirname(real ?? path)];
  return real === undefined ? [dirname(path)] : [path, real];
}

async function readDigests(files: readonly string[]): Promise<FileDigests> {
  return new Map(await Promise.all(files.map(async (file) => [file, await readDigest(file)] as const)));
}

async function readDigest(file: string): Promise<string> {
  const pattern = FilePattern.ofKey(file);
  if (pattern) return (await pattern.listLater()).digest;
  try {
    return unfitness(await stat(file)) === undefined ? digestOfContent(await readFile(file)) : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}
