/** Appends whole lines to the file of the audit trail, so that no reader ever stops at half a line. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { cutTornLines, isWhole } from './torn-lines.js';

/** Only its owner reads it. */
const mode = 0o600;

/** Bytes of one write: a line that is longer is written alone. */
const SLICE_BYTES = 65_536;

/** How much of the end of a file is read to find the beginning of its last line, in bytes: lines are bounded far below it. */
const TAIL_BYTES = 131_072;

/** An opened file of the audit trail: what {@link AuditFile} needs of a file system. */
export interface AuditHandle {
  /** Equal for the same file, whatever its name is by now. */
  readonly identity: string;
  /** A pipe or a terminal has no end that could be looked at. */
  readonly isRegular: boolean;
  size(): number;
  /** Appends. @returns how many bytes were taken: a disk that is almost full takes a part */
  write(bytes: Buffer): number;
  /** The same, without keeping requests waiting. */
  writeSoon(bytes: Buffer): Promise<number>;
  /** All bytes from an offset on. */
  read(from: number): Buffer;
  /** Cuts off what is behind an offset: possible on a full disk, too. */
  cut(size: number): void;
  close(): void;
}

/** Why not everything was written. The lines that were are in the file once, whole; nothing is there of the others. */
export class AuditUnwritten extends Error {
  override readonly name = 'AuditUnwritten';

  /** @param lines what is not in the file, in order */
  constructor(
    readonly lines: readonly string[],
    cause: unknown,
  ) {
    super('the audit trail takes no more', { cause });
  }
}

/** A write that has not come back yet, and what others left behind in the same file meanwhile. */
interface Flight {
  readonly identity: string;
  readonly fromOffset: number;
  /** Beginnings of lines that were taken in part. */
  readonly torn: string[];
}

/** What an {@link AuditFile} works with. */
export interface AuditFileParts {
  /** Takes lines that belong on standard output. @returns false: they are not taken now */
  readonly print: (lines: string) => unknown;
  /** Makes the line that says that a line which an earlier process left torn was cut off. */
  readonly gap: () => string;
  /** Default: the file system. */
  readonly open?: (path: string) => AuditHandle;
}

/**
 * Where the lines of the audit trail end up: each whole, or not at all, so that a program that reads JSON lines never stops at
 * one. A file is opened for each write, so that it can be rotated by renaming it, without a signal to this process. No two
 * processes write into one file.
 */
export class AuditFile {
  /** Absent: standard output. */
  path: string | undefined;
  private flight: Flight | undefined;

  constructor(private readonly parts: AuditFileParts) {}

  /** @throws {AuditUnwritten} */
  write(lines: readonly string[]): void {
    if (this.path === undefined) {
      this.print(lines);
      return;
    }
    const [file, all] = this.open(this.path, lines);
    try {
      for (const [slice, later] of slicesOf(all)) this.writeSlice(file, slice, later);
    } finally {
      file.close();
    }
  }

  /** The same, without keeping requests waiting. To be called again only when it has come back. */
  async writeSoon(lines: readonly string[]): Promise<void> {
    if (this.path === undefined) {
      this.print(lines);
      return;
    }
    const [file, all] = this.open(this.path, lines);
    try {
      for (const [slice, later] of slicesOf(all)) await this.sendSlice(file, slice, later);
    } finally {
      file.close();
    }
  }

  /** @throws {AuditUnwritten} where nobody reads what was printed before */
  private print(lines: readonly string[]): void {
    if (this.parts.print(lines.join('')) === false) throw new AuditUnwritten(lines, unread);
  }

  private writeSlice(file: AuditHandle, slice: readonly string[], later: readonly string[]): void {
    const bytes = Buffer.from(slice.join(''));
    const fromOffset = file.size();
    const { taken, cause } = attempt(() => file.write(bytes));
    if (taken === bytes.length) return;
    const { unwritten, torn } = remainder(slice, bytes, taken);
    // What is cut off while another write is under way might be what that one just wrote: it cuts for both when it comes back.
    if (this.flight?.identity === file.identity) this.flight.torn.push(torn);
    else cutTornLines(file, fromOffset, [torn]);
    throw new AuditUnwritten([...unwritten, ...later], cause);
  }

  private async sendSlice(file: AuditHandle, slice: readonly string[], later: readonly string[]): Promise<void> {
    const bytes = Buffer.from(slice.join(''));
    const flight: Flight = { identity: file.identity, fromOffset: file.size(), torn: [] };
    this.flight = flight;
    const { taken, cause } = await file.writeSoon(bytes).then(
      (count) => ({ taken: count, cause: shortWrite }),
      (error: unknown) => ({ taken: 0, cause: error }),
    );
    this.flight = undefined;
    const { unwritten, torn } = remainder(slice, bytes, taken);
    const displaced = cutTornLines(file, flight.fromOffset, [torn, ...flight.torn]);
    const missing = [...unwritten, ...displaced];
    if (missing.length > 0) throw new AuditUnwritten([...missing, ...later], cause);
  }

  /**
   * @returns the file, and what is to be written into it
   * @throws {AuditUnwritten} with all lines
   */
  private open(path: string, lines: readonly string[]): readonly [AuditHandle, readonly string[]] {
    try {
      const file = (this.parts.open ?? openFile)(path);
      try {
        const isInUse = this.flight?.identity === file.identity;
        return [file, isInUse || !endsTorn(file) ? lines : [this.parts.gap(), ...lines]];
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      throw new AuditUnwritten(lines, error);
    }
  }
}

/**
 * Sees to it that the next line begins on a line of its own.
 * @returns whether a process had ended in the middle of a line, the beginning of which is cut off now
 */
function endsTorn(file: AuditHandle): boolean {
  const size = file.isRegular ? file.size() : 0;
  if (size === 0 || file.read(size - 1).toString('latin1') === '\n') return false;
  const tail = file.read(Math.max(0, size - TAIL_BYTES)).toString('latin1');
  const last = tail.slice(tail.lastIndexOf('\n') + 1);
  const isTorn = !isWhole(last);
  if (!isTorn || !canCut(file, size - last.length)) file.write(Buffer.from('\n'));
  return isTorn;
}

/** Not where the file may only grow. */
function canCut(file: AuditHandle, size: number): boolean {
  try {
    file.cut(size);
    return true;
  } catch {
    return false;
  }
}

const unread = new Error('nobody reads standard output');

const shortWrite = new Error('only a part of it was taken: the disk, or a quota, may be full');

function attempt(writing: () => number): { readonly taken: number; readonly cause: unknown } {
  try {
    return { taken: writing(), cause: shortWrite };
  } catch (error) {
    return { taken: 0, cause: error };
  }
}

/** Lines as they are written in one go, each time with those that follow. */
function* slicesOf(lines: readonly string[]): Generator<readonly [readonly string[], readonly string[]]> {
  let start = 0;
  while (start < lines.length) {
    let end = start;
    let bytes = 0;
    do bytes += Buffer.byteLength(lines[end++] ?? '');
    while (end < lines.length && bytes + Buffer.byteLength(lines[end] ?? '') <= SLICE_BYTES);
    yield [lines.slice(start, end), lines.slice(end)];
    start = end;
  }
}

/** What a write left over: the lines that are not in the file, and, as Latin-1, the beginning of the first of them that is. */
function remainder(
  lines: readonly string[],
  bytes: Buffer,
  taken: number,
): { readonly unwritten: readonly string[]; readonly torn: string } {
  let end = 0;
  for (const [i, line] of lines.entries()) {
    const next = end + Buffer.byteLength(line);
    if (next > taken) return { unwritten: lines.slice(i), torn: bytes.toString('latin1', end, taken) };
    end = next;
  }
  return { unwritten: [], torn: '' };
}

const writeLater = promisify(write);

/** @throws what the file system throws */
function openFile(path: string): AuditHandle {
  const descriptor = openSync(path, 'a+', mode);
  const status = fstatSync(descriptor);
  const isRegular = status.isFile();
  return {
    identity: `${status.dev}:${status.ino}`,
    isRegular,
    size: () => (isRegular ? fstatSync(descriptor).size : 0),
    write: (bytes) => writeSync(descriptor, bytes),
    writeSoon: async (bytes) => (await writeLater(descriptor, bytes)).bytesWritten,
    read: (from) => readFrom(descriptor, from),
    cut: (size) => {
      ftruncateSync(descriptor, size);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function readFrom(descriptor: number, from: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - from));
  const count = readSync(descriptor, bytes, 0, bytes.length, from);
  return bytes.subarray(0, count);
}
