import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assay } from './assay.ts';

const preload = join(import.meta.dirname, 'report-memory.mjs');

/** What the memory of a process is made of, in bytes. */
export interface MemoryFigures {
  readonly heapUsed: number;
  /** What V8 has taken from the system for its heap. */
  readonly heapReserved: number;
  /** Buffers, and whatever else objects hold outside of the heap. */
  readonly external: number;
  readonly resident: number;
  /** The same by the parts of the heap (`v8.getHeapSpaceStatistics`). */
  readonly spaces: Readonly<Record<string, { readonly used: number; readonly reserved: number }>>;
}

/** Memory of one process as it is, and what a collection leaves of it. */
export interface MemoryReport {
  readonly now: MemoryFigures;
  readonly collected: MemoryFigures;
}

/** Asks a process about its memory that was started for it. */
export class MemoryReporter implements AsyncDisposable {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<MemoryReporter> {
    return new MemoryReporter(await mkdtemp(join(tmpdir(), 'assay-memory-')));
  }

  /** How the process has to be started. */
  get start() {
    return { nodeArguments: [`--import=${preload}`], env: { MEMORY_REPORT: this.file } };
  }

  /** It collects its garbage for that, so what is asked next is about a process that has just done so. */
  async ask({ child }: Assay): Promise<MemoryReport> {
    await rm(this.file, { force: true });
    child.signal('SIGUSR2');
    for (;;) {
      const text = await readFile(this.file, 'utf8').catch(() => undefined);
      if (text !== undefined) return JSON.parse(text) as MemoryReport;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'report');
  }
}
