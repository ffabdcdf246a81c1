/** The part of a file that is needed to take the beginnings of lines out of it again. */
export interface CuttableFile {
  write(bytes: Buffer): number;
  read(from: number): Buffer;
  cut(size: number): void;
}

/** Whether a text is one JSON value: a line that was cut off somewhere is none. */
export function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes beginnings of lines out of the end of a file: a disk that is full takes the first bytes of a line and refuses the rest,
 * and whoever reads JSON lines would stop there. Whole lines stay, also one that was written right behind a beginning.
 * @param fromOffset where the file ended before them
 * @param torn the beginnings, as Latin-1, so that each character is a byte; empty ones are nothing
 * @returns whole lines that the full disk did not take back
 */
export function cutTornLines(file: CuttableFile, fromOffset: number, torn: readonly string[]): readonly string[] {
  const beginnings = torn.filter((each) => each !== '');
  if (beginnings.length === 0) return [];
  try {
    const tail = file.read(fromOffset).toString('latin1');
    const lines = tail.split('\n').map((line) => withoutBeginning(line, beginnings));
    // What lacks nothing but its end is written again as well.
    if (beginnings.includes(lines.at(-1) ?? '')) lines[lines.length - 1] = '';
    const kept = lines.join('\n');
    const same = commonLength(tail, kept);
    const behind = Buffer.from(kept.slice(same), 'latin1');
    file.cut(fromOffset + same);
    return behind.length === 0 ? [] : putBack(file, fromOffset + same, behind);
  } catch {
    // A file that may only grow, or a pipe. The next write begins on a line of its own.
    return [];
  }
}

function withoutBeginning(line: string, beginnings: readonly string[]): string {
  if (isWhole(line)) return line;
  const found = beginnings.find((each) => line.startsWith(each));
  return found === undefined ? line : line.slice(found.length);
}

function putBack(file: CuttableFile, offset: number, bytes: Buffer): readonly string[] {
  try {
    if (file.write(bytes) === bytes.length) return [];
  } catch {
    // Counts as not written, like a part of it.
  }
  file.cut(offset);
  return bytes.toString('utf8').split(/(?<=\n)/);
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < other.length && one[length] === other[length]) length++;
  return length;
}
