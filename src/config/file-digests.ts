import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';

/** Absolute paths of files with what their content was, as {@link digestOfContent} or {@link UNREADABLE}. */
export type FileDigests = ReadonlyMap<string, string>;

/** Stands for the content of a file that cannot be read, or must not be. */
export const UNREADABLE = 'unreadable';

/** Largest file that a configuration may consist of or name. Far above any key set or list of issuers. */
const LARGEST_FILE_BYTES = 16 * 1024 ** 2;

/** What keeps a file from being read, as a phrase: reading a pipe or a device would never end. */
export function unfitness(stats: Stats): string | undefined {
  if (!stats.isFile()) return 'it is not a regular file';
  return stats.size > LARGEST_FILE_BYTES ? 'it is larger than 16 MiB' : undefined;
}

/** Equal for equal contents. Made from secrets, too: not to be published. */
export function digestOfContent(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** Equal when all files and all contents are. */
export function digestOfAll(files: FileDigests): string {
  return digestOfContent(Buffer.from(JSON.stringify([...files].sort(([a], [b]) => (a < b ? -1 : 1)))));
}

/** As programs print it. */
export function hexadecimal(digest = ''): string {
  return Buffer.from(digest, 'base64url').toString('hex');
}
