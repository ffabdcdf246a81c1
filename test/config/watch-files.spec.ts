import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileDigests } from '../../src/config/file-digests.js';
import { NamedFiles } from '../../src/config/named-files.js';
import { FileWatcher } from '../../src/config/watch-files.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { Directory } from './support/directory.js';

describe('watching files', () => {
  let directory: Directory;
  let clock: FakeClock;
  let watcher: FileWatcher;
  let changes: number;

  beforeEach(async () => {
    directory = await Directory.create();
    clock = new FakeClock();
    changes = 0;
    watcher = new FileWatcher(clock, () => (changes += 1));
  });

  afterEach(async () => {
    watcher.close();
    await directory.remove();
  });

  /** Begins to watch files as they are now. */
  async function watch(...names: readonly string[]): Promise<void> {
    const files = new NamedFiles(directory.path);
    for (const name of names) files.file(name);
    await watcher.watch(files.digests);
  }

  /** Waits until so many changes were noticed. Time moves only when the kernel has told something, so no poll can help. */
  async function noticed(count: number): Promise<void> {
    const startMs = clock.monoMs();
    await vi.waitFor(
      async () => {
        if (clock.timers > 1) await clock.advance(200);
        expect(changes).toBe(count);
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(clock.monoMs() - startMs).toBeLessThan(10_000);
  }

  it('notices that a file was written', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    await directory.write('assay.yaml', 'two');
    await noticed(1);
  });

  it('notices the rename of an editor, time and again', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    for (const [i, text] of ['two', 'three', 'four'].entries()) {
      await directory.replace('assay.yaml', text);
      await noticed(i + 1);
    }
  });

  it("notices the swap of symbolic links of Kubernetes' volumes, time and again", async () => {
    await directory.swap({ 'assay.yaml': 'one', secret: 'first' });
    await watch('assay.yaml', 'secret');
    for (const [i, secret] of ['second', 'third', 'fourth'].entries()) {
      await directory.swap({ 'assay.yaml': 'one', secret });
      await noticed(i + 1);
    }
  });

  it('notices a change behind a symbolic link into another directory', async () => {
    const real = await Directory.create();
    await real.write('assay.yaml', 'one');
    await symlink(real.file, directory.file);
    await watch('assay.yaml');
    await real.write('assay.yaml', 'two');
    await noticed(1);
    await real.remove();
  });

  it('notices that a file is removed, and that it is there again', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    await rm(directory.file);
    await noticed(1);
    await directory.write('assay.yaml', 'one');
    await noticed(2);
  });

  it('says nothing of neighbours, nor of a file that was written with what it said before', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    await directory.write('neighbour', 'x');
    await directory.write('assay.yaml', 'one');
    await vi.waitFor(() => {
      expect(clock.timers).toBe(2);
    });
    await clock.advance(200);
    await directory.replace('assay.yaml', 'two');
    await noticed(1);
  });

  it('does not take what a slow pass read for a change of what a later one did', async () => {
    const reads: PromiseWithResolvers<FileDigests>[] = [];
    const path = directory.at('assay.yaml');
    const said = (text: string): FileDigests => new Map([[path, text]]);
    watcher = new FileWatcher(
      clock,
      () => (changes += 1),
      () => {
        const read = Promise.withResolvers<FileDigests>();
        reads.push(read);
        return read.promise;
      },
    );
    const watching = watcher.watch(said('one'));
    await vi.waitFor(() => {
      expect(reads).toHaveLength(1);
    });
    reads[0]?.resolve(said('one'));
    await watching;
    await clock.advance(10_000);
    await vi.waitFor(() => {
      expect(reads).toHaveLength(2);
    });
    await clock.advance(10_000);
    // Ample for a second pass to come as far as the first.
    for (let i = 0; i < 50; i++) await realpath(directory.path);
    expect(reads).toHaveLength(2);
    reads[1]?.resolve(said('one'));
    await vi.waitFor(() => {
      expect(reads).toHaveLength(3);
    });
    reads[2]?.resolve(said('two'));
    await vi.waitFor(() => {
      expect(changes).toBe(1);
    });
  });

  it('waits until whoever writes has finished', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    await directory.write('assay.yaml', 'half');
    await vi.waitFor(() => {
      expect(clock.timers).toBe(2);
    });
    await clock.advance(199);
    expect(changes).toBe(0);
  });

  it('notices what changed between the reading and the watching', async () => {
    await directory.write('assay.yaml', 'one');
    const files = new NamedFiles(directory.path);
    files.file('assay.yaml');
    await directory.write('assay.yaml', 'two');
    await watcher.watch(files.digests);
    await noticed(1);
  });

  it('reads every ten seconds where the kernel reports nothing', async () => {
    await watch('later/assay.yaml');
    await mkdir(directory.at('later'));
    await directory.write('later/assay.yaml', 'at last');
    await clock.advance(9_999);
    expect(changes).toBe(0);
    await clock.advance(1);
    await vi.waitFor(() => {
      expect(changes).toBe(1);
    });
  });

  it('survives the loss of the directory itself', async () => {
    await directory.write('sub/assay.yaml', 'one');
    await watch('sub/assay.yaml');
    await rm(directory.at('sub'), { recursive: true });
    await noticed(1);
    await directory.write('sub/assay.yaml', 'two');
    await vi.waitFor(async () => {
      await clock.advance(10_000);
      expect(changes).toBe(2);
    });
  });

  it('forgets the files it watched before', async () => {
    await directory.write('old', 'one');
    await directory.write('other/new', 'one');
    await watch('old');
    await watch('other/new');
    await directory.write('old', 'two');
    await directory.write('other/new', 'two');
    await noticed(1);
  });

  it('is silent once closed', async () => {
    await directory.write('assay.yaml', 'one');
    await watch('assay.yaml');
    watcher.close();
    await directory.write('assay.yaml', 'two');
    await clock.advance(60_000);
    await watch('assay.yaml');
    expect(changes).toBe(0);
    expect(clock.timers).toBe(0);
  });
});
