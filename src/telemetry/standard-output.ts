/** Most that waits for whoever reads standard output, in bytes: a reader that has stopped must not take the memory of the service. */
export const MOST_UNREAD_BYTES = 1_048_576;

/** What {@link printBounded} needs of standard output. */
export type Output = Pick<NodeJS.WriteStream, 'write' | 'writableLength'>;

/**
 * Prints lines whole, or not at all.
 * @returns false: so much waits already that these are not taken
 */
export function printBounded(lines: string, output: Output = process.stdout): boolean {
  if (output.writableLength > MOST_UNREAD_BYTES) return false;
  output.write(lines);
  return true;
}
