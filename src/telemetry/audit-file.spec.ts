import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditFile, AuditUnwritten, type AuditHandle } from './audit-file.js';

/** A disk on which so many bytes are left, as a file system behaves on it: it takes what fits of a write, then refuses. */
class SmallDisk {
  content = Buffer.alloc(0);
  canShrink = true;
  /** Called while a write that nobody waits for is under way, before it has taken anything. */
  duringWrite: () => void = () => undefined;
  /** Called when it has taken something, before the process is told. */
  afterWrite: () => void = () => undefined;

  constructor(public capacity: number) {}

  readonly open = (): AuditHandle => ({
    identity: 'disk',
    isRegular: true,
    size: () => this.content.length,
    write: (bytes) => this.take(bytes),
    writeSoon: async (bytes) => {
      await Promise.resolve();
      this.duringWrite();
      const taken = this.take(bytes);
      this.afterWrite();
      return taken;
    },
    read: (from) => this.content.subarray(from),
    cut: (size) => {
      if (!this.canShrink) throw new Error('EPERM');
      this.content = this.content.subarray(0, size);
    },
    close: () => undefined,
  });

  get lines(): readonly unknown[] {
    return this.content
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  }

  private take(bytes: Buffer): number {
    const taken = Math.min(bytes.length, this.capacity - this.content.length);
    if (taken === 0) throw new Error('ENOSPC');
    this.content = Buffer.concat([this.content, bytes.subarray(0, taken)]);
    return taken;
  }
}

const line = (n: number | string): string => `${JSON.stringify({ n, text: 'é'.repeat(10) })}\n`;
const bytesOf = (n: number | string): number => Buffer.byteLength(line(n));
const numbers = (disk: SmallDisk): readonly unknown[] => disk.lines.map((each) => (each as { n: unknown }).n);

describe('AuditFile on a disk that fills up', () => {
  const fileOn = (disk: SmallDisk): AuditFile => {
    const file = new AuditFile({ print: () => undefined, gap: () => line('gap'), open: disk.open });
    file.path = '/somewhere';
    return file;
  };

  /** What was not written. */
  const refused = (action: () => void): readonly string[] => {
    try {
      action();
    } catch (error) {
      if (error instanceof AuditUnwritten) return error.lines;
      throw error;
    }
    return [];
  };

  const all = [line(1), line(2), line(3)];
  const capacities = Array.from({ length: 3 * bytesOf(1) + 1 }, (_, bytes) => bytes);

  it.each(['write', 'writeSoon'] as const)(
    '%s: with whatever room, takes whole lines, names the others, and leaves nothing of them behind',
    async (way) => {
      for (const capacity of capacities) {
        const disk = new SmallDisk(capacity);
        const file = fileOn(disk);
        let missing: readonly string[] = [];
        try {
          await file[way](all);
        } catch (error) {
          missing = (error as AuditUnwritten).lines;
        }
        const written = Math.floor(capacity / bytesOf(1));
        expect(disk.content.toString()).toBe(all.slice(0, written).join(''));
        expect(missing).toEqual(all.slice(written));
        disk.capacity = 1_000;
        await file[way](missing);
        expect(disk.content.toString()).toBe(all.join(''));
      }
    },
  );

  it('keeps a record that was written right behind the beginning of another line', async () => {
    const disk = new SmallDisk(bytesOf(1) + 5);
    const file = fileOn(disk);
    // The batch has got its part; before the process is told so there is room again, and a record is written.
    disk.afterWrite = () => {
      disk.capacity = 1_000;
      file.write([line('record')]);
    };
    await expect(file.writeSoon(all)).rejects.toMatchObject({ lines: [line(2), line(3)] });
    expect(numbers(disk)).toEqual([1, 'record']);
  });

  it('leaves the cutting to the write that is under way, which may just have written behind', async () => {
    const disk = new SmallDisk(bytesOf('record') - 3);
    const file = fileOn(disk);
    let missing: readonly string[] = [];
    disk.duringWrite = () => {
      missing = refused(() => {
        file.write([line('record')]);
      });
      disk.capacity = 1_000;
    };
    await file.writeSoon(all);
    expect(missing).toEqual([line('record')]);
    expect(numbers(disk)).toEqual([1, 2, 3]);
  });

  it('begins on a line of its own where a file may only grow', () => {
    const disk = new SmallDisk(bytesOf(1) + 4);
    disk.canShrink = false;
    const file = fileOn(disk);
    expect(refused(() => { file.write(all); })).toEqual([line(2), line(3)]); // prettier-ignore
    disk.capacity = 1_000;
    file.write([line(2)]);
    const texts = disk.content.toString().split('\n');
    expect(texts.slice(-4)).toEqual([line(2).slice(0, 4), line('gap').trimEnd(), line(2).trimEnd(), '']);
  });
});

describe('AuditFile', () => {
  let folder: string;
  let path: string;
  let file: AuditFile;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-audit-file-'));
    path = join(folder, 'audit.jsonl');
    file = new AuditFile({ print: () => undefined, gap: () => line('gap') });
    file.path = path;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const text = (): string => readFileSync(path, 'utf8');

  it('cuts off what a process left that ended in the middle of a line, and says that something is missing', async () => {
    writeFileSync(path, `${line(1)}${line(2).slice(0, 9)}`);
    await file.writeSoon([line(3)]);
    expect(text()).toBe(`${line(1)}${line('gap')}${line(3)}`);
  });

  it('keeps a whole line that only lacks its end', () => {
    writeFileSync(path, `${line(1)}${line(2).trimEnd()}`);
    file.write([line(3)]);
    expect(text()).toBe(`${line(1)}${line(2)}${line(3)}`);
  });

  it('writes more than fits into one write, in order, beside records that cannot wait', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => line(n));
    const writing = file.writeSoon(many);
    file.write([line('record')]);
    await writing;
    const written = text().trimEnd().split('\n');
    expect(written.filter((each) => each !== line('record').trimEnd()).join('\n')).toBe(many.join('').trimEnd());
    expect(written).toHaveLength(5_001);
  });

  it('takes a pipe or a device, of which nothing can be cut', () => {
    file.path = '/dev/full';
    expect(() => { file.write([line(1)]); }).toThrow(AuditUnwritten); // prettier-ignore
    file.path = '/dev/null';
    file.write([line(1)]);
    file.path = path;
    appendFileSync(path, line(0));
    file.write([line(1)]);
    expect(text()).toBe(line(0) + line(1));
  });
});
